"""The private PostgreSQL: made once, started, found again after whatever ended it."""

import shutil
import signal
import time
from pathlib import Path

from places import DATABASE, POSTGRES_SOCKET, Places, Trouble, make_places
from service_process import START_TIMEOUT_S, end, is_alive, last_line, run, tail, write

CREATE_DATABASE = (
    f"SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS"
    f" (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"
)
SETTINGS = """\
# Written by scripts/services at every start; change it there.
listen_addresses = ''                # the socket in a folder of ours is the only door
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 300
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
log_timezone = 'UTC'
timezone = 'UTC'
"""


def _programs(at: Places) -> Path:
    """Return the folder of PostgreSQL's programs: of the version that made the data, else the newest with PostGIS.

    Raises:
        Trouble: none is installed, or not the one that the data needs.
    """
    installed = {
        found.parent.name: found
        for found in Path("/usr/lib/postgresql").glob("*/bin")
        if (found / "initdb").exists()
        and Path(f"/usr/share/postgresql/{found.parent.name}/extension/postgis.control").exists()
    }
    made_by = at.data / "PG_VERSION"
    if made_by.exists():
        version = made_by.read_text().strip()
        if version not in installed:
            raise Trouble(
                f"The data in {at.data} was made by PostgreSQL {version}, which is not installed any more: "
                f"apt-get install postgresql-{version} postgresql-{version}-postgis-3, or scripts/services reset."
            )
        return installed[version]
    if not installed:
        raise Trouble("PostgreSQL with PostGIS is not installed: apt-get install postgresql postgresql-postgis.")
    return installed[max(installed, key=int)]


def process(at: Places) -> int | None:
    """Return the process number of our server, or None when it does not run."""
    try:
        pid = int((at.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if is_alive(pid, "postgres", str(at.data)) else None


def answers(at: Places) -> bool:
    """Tell whether our server runs and takes connections."""
    return process(at) is not None and _answers(at, _programs(at))


def _answers(at: Places, programs: Path) -> bool:
    code, _ = run(at, [programs / "pg_isready", "-q", "-h", at.sockets, "-d", "postgres", "-t", "3"])
    return code == 0


def up(at: Places) -> None:
    """Start it unless it runs, made first when it was never made; Raises Trouble when that fails."""
    programs = _programs(at)
    pid = process(at)
    if pid is not None and _answers(at, programs):
        return
    if pid is not None:  # it runs, but its door is gone: /tmp was swept, or it is going down
        end(pid, how=signal.SIGINT, wait_s=15) or end(pid, how=signal.SIGQUIT, wait_s=5)
    if not (at.data / "PG_VERSION").exists():
        _make_cluster(at, programs)
    # A pid file that a kill -9 or a crash left behind names a number that may be anybody's by now.
    for stale in (at.data / "postmaster.pid", at.sockets / POSTGRES_SOCKET, at.sockets / f"{POSTGRES_SOCKET}.lock"):
        stale.unlink(missing_ok=True)
    write(at, at.data / "yuli.conf", SETTINGS.format(sockets=at.sockets))
    _start(at, programs)
    _make_database(at, programs)


def _make_cluster(at: Places, programs: Path) -> None:
    """Make the data folder beside its place and move it there whole: a half-made one is never taken for real."""
    half = at.home / "postgresql.new"
    shutil.rmtree(half, ignore_errors=True)
    shutil.rmtree(at.data, ignore_errors=True)
    code, said = run(
        at,
        [programs / "initdb", "-D", half, "-U", DATABASE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        timeout_s=300,
    )
    if code != 0:
        raise Trouble(f"PostgreSQL could not make its data folder in {at.home}: {last_line(said)}.")
    with (half / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude 'yuli.conf'\n")
    half.rename(at.data)
    shutil.rmtree(at.stamps, ignore_errors=True)
    make_places(at)


def _start(at: Places, programs: Path) -> None:
    if at.postgres_log.exists() and at.postgres_log.stat().st_size > 10_000_000:
        at.postgres_log.replace(at.postgres_log.with_suffix(".log.old"))
    begin = at.postgres_log.stat().st_size if at.postgres_log.exists() else 0
    start: list[str | Path] = [
        programs / "pg_ctl",
        "start",
        "-D",
        at.data,
        "-l",
        at.postgres_log,
        "-s",
        "-w",
        "-t",
        str(START_TIMEOUT_S),
    ]
    log = ""
    for _attempt in range(20):  # after a kill -9 the server's children need a moment to notice and leave
        code, said = run(at, start, timeout_s=START_TIMEOUT_S + 10)
        if code == 0:
            return
        log = tail(at.postgres_log, begin)
        if "still in use" not in log and "lock file" not in log:
            break
        time.sleep(0.5)
    fatal = [line for line in log.splitlines() if "FATAL" in line] or [said or "no word in its log"]
    raise Trouble(f"PostgreSQL did not start ({last_line(fatal[-1])}): its log is {at.postgres_log}.")


def _make_database(at: Places, programs: Path) -> None:
    """Make the database once; PostGIS goes into the template, so that every test database has it at once."""
    done = at.stamps / "database"
    if done.exists():
        return
    for database, statement in (
        ("template1", "CREATE EXTENSION IF NOT EXISTS postgis"),
        ("postgres", CREATE_DATABASE),
    ):
        code, said = _statement(at, programs, database, statement)
        if code != 0:
            raise Trouble(f"The database could not be made ({last_line(said)}): its log is {at.postgres_log}.")
    done.write_text("made\n")


def checkpoint(at: Places) -> None:
    """Have everything that was committed on disk; Raises Trouble when the server does not answer."""
    code, said = _statement(at, _programs(at), "postgres", "CHECKPOINT")
    if code != 0:
        raise Trouble(f"PostgreSQL could not write its data to disk ({last_line(said)}): its log is {at.postgres_log}.")


def _statement(at: Places, programs: Path, database: str, statement: str) -> tuple[int, str]:
    script = at.home / "statement.sql"
    write(at, script, f"{statement}\n")
    psql: list[str | Path] = [
        programs / "psql",
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        at.sockets,
        "-U",
        DATABASE,
        "-d",
        database,
    ]
    return run(at, [*psql, "-f", script])


def down(at: Places) -> None:
    """Stop it, ending its connections; Raises Trouble when it does not stop."""
    pid = process(at)
    if pid is None:
        return
    if not end(pid, how=signal.SIGINT, wait_s=30) and not end(pid, how=signal.SIGQUIT, wait_s=10):
        raise Trouble(f"PostgreSQL (process {pid}) does not stop: look at {at.postgres_log}, then kill -9 {pid}.")

"""A PostgreSQL and a Redis of this working copy's own, started and stopped without touching the system's."""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import re
import secrets
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".yuli"
ENV_FILE = STATE / "env"
SHARED_HOME = Path("/var/lib/yuli")  # where root's data goes: the server may not run as root, nor read /root
SOCKET_PATH_LIMIT = 107  # bytes, of sockaddr_un
POSTGRES_SOCKET = ".s.PGSQL.5432"
START_TIMEOUT_S = 60
DATABASE = "yuli"
EXIT_DOWN = 3  # as the Linux Standard Base has it for a service that is not running

POSTGRES_SETTINGS = """\
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
synchronous_commit = off             # a power cut may cost the last half second, never the consistency
log_timezone = 'UTC'
timezone = 'UTC'
"""

REDIS_SETTINGS = """\
# Written by scripts/services at every start; change it there.
port 0
unixsocket {socket}
unixsocketperm 700
daemonize yes
pidfile {pid_file}
logfile {log_file}
dir {folder}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
"""


class Trouble(Exception):  # noqa: N818  it is what the person at the terminal has
    """What went wrong and how to put it right, in one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The system user that the services run as; `user` None means: the one who asks."""

    uid: int
    gid: int
    user: str | None


@dataclass(frozen=True)
class Places:
    """Where the services keep what is theirs."""

    home: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.home / "postgresql"

    @property
    def postgres_log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def redis_log(self) -> Path:
        return self.home / "redis.log"

    @property
    def redis_pid_file(self) -> Path:
        return self.home / "redis.pid"

    @property
    def stamps(self) -> Path:
        """What has been done to this database; goes with it when it goes."""
        return self.home / "stamps"

    @property
    def database_url(self) -> str:
        return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(self.sockets))}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db=0"


# --- places -------------------------------------------------------------------------------------------


def state_folder() -> Path:
    """Return .yuli, made when missing.

    Raises:
        Trouble: it belongs to somebody else, or cannot be made.
    """
    try:
        STATE.mkdir(exist_ok=True)
    except OSError as error:
        raise Trouble(f"Cannot make the folder {STATE} ({error.strerror}): make {ROOT} writable for you.") from error
    owner = STATE.stat().st_uid
    if owner != os.geteuid():
        name = _user_name(owner)
        raise Trouble(
            f"{STATE} was set up by {name}: go on as {name}, "
            f"or have {name} run scripts/services reset --yes and remove the folder."
        )
    return STATE


def places() -> Places:
    """Return where the services of this working copy live; nothing is made but .yuli."""
    state_folder()
    account = _account()
    home = _home(account)
    return Places(home=home, sockets=_sockets(home, account), account=account)


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), None)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise Trouble(
            "PostgreSQL may not run as root, and there is no user postgres to run it: "
            "apt-get install postgresql postgresql-postgis."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, "postgres")


def _home(account: Account) -> Path:
    """Return the data folder: recorded in .yuli/home, so that a moved working copy finds its data again."""
    record = STATE / "home"
    if record.exists():
        recorded = Path(record.read_text().strip())
        if _belongs_here(recorded):
            return recorded
    if account.user is None:
        home = Path(os.environ.get("YULI_SERVICES_HOME", STATE / "services"))
    else:
        base = Path(os.environ.get("YULI_SERVICES_HOME", SHARED_HOME))
        home = base / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    record.write_text(f"{home}\n")
    return home


def _belongs_here(home: Path) -> bool:
    """Tell whether `home` is this working copy's: a copied .yuli must not share the original's data."""
    try:
        of = (home / "working-copy").read_text().strip()
    except OSError:
        return False
    return of == str(ROOT) or not (Path(of) / ".yuli" / "home").exists()


def _sockets(home: Path, account: Account) -> Path:
    """Return a folder for the sockets: in `home`, unless its path is too long or too odd for a socket's address."""
    beside = home / "sockets"
    longest = len(os.fsencode(beside / POSTGRES_SOCKET))
    if longest <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w./-]+", str(beside), re.ASCII):
        return beside
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/tmp") / f"yuli-{account.uid}-{name}"


def _make_places(at: Places) -> None:
    """Make the folders, private to the services' user.

    Raises:
        Trouble: a folder cannot be made, or somebody else holds its name.
    """
    at.home.parent.mkdir(parents=True, exist_ok=True)
    for folder in (at.home, at.stamps, at.sockets):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {at.account.uid, os.geteuid()}:
                raise Trouble(f"{folder} is held by {_user_name(found.st_uid)}: remove it, then start again.")
            os.chown(folder, at.account.uid, at.account.gid)
            folder.chmod(0o700)
        except OSError as error:
            raise Trouble(
                f"Cannot prepare {folder} ({error.strerror}): free it, or name another place in YULI_SERVICES_HOME."
            ) from error
    (at.home / "working-copy").write_text(f"{ROOT}\n")


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


@contextlib.contextmanager
def only_one(name: str, *, wait_s: float, busy: str) -> Iterator[None]:
    """Hold the lock .yuli/`name`; the kernel lets go of it when the process ends, however it ends.

    Raises:
        Trouble: `busy`, when another process still holds it after `wait_s` seconds.
    """
    with (state_folder() / name).open("a+") as lock:
        deadline = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() >= deadline:
                    lock.seek(0)
                    raise Trouble(busy.format(holder=lock.read().strip() or "another process")) from None
                time.sleep(0.1)
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


# --- running commands as the services' user -----------------------------------------------------------


def _run(at: Places, command: Sequence[str | Path], *, timeout_s: float = START_TIMEOUT_S) -> tuple[int, str]:
    """Run `command` as the services' user; return its exit code and all that it said."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(at.home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    with (at.home / "last-command.log").open("w+b") as said:  # a daemon would keep a pipe open
        try:
            if at.account.user is None:
                done = subprocess.run(
                    [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                    cwd=at.home, env=environment, start_new_session=True, timeout=timeout_s, check=False,
                )  # fmt: skip
            else:
                done = subprocess.run(
                    [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                    cwd=at.home, env=environment, start_new_session=True, timeout=timeout_s, check=False,
                    user=at.account.uid, group=at.account.gid, extra_groups=[],
                )  # fmt: skip
            code = done.returncode
        except subprocess.TimeoutExpired:
            code = 124
        said.seek(0)
        return code, said.read().decode(errors="replace").strip()


def _write(at: Places, path: Path, text: str) -> None:
    path.write_text(text)
    os.chown(path, at.account.uid, at.account.gid)


def _is_alive(pid: int, *words: str) -> bool:
    """Tell whether process `pid` runs and its command line has all `words`: a number alone may be anybody's by now."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return all(word in line for word in words)


def _end(pid: int, *, how: signal.Signals, wait_s: float) -> bool:
    """Send `how` to `pid`; return whether it was gone within `wait_s`."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline:
        state = ""
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state in {"", "Z"}:
            return True
        time.sleep(0.05)
    return False


# --- PostgreSQL ---------------------------------------------------------------------------------------


def _postgres_programs(at: Places) -> Path:
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


def _postgres_pid(at: Places) -> int | None:
    """Return the process number of our server, or None when it does not run."""
    try:
        pid = int((at.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _is_alive(pid, "postgres", str(at.data)) else None


def _postgres_answers(at: Places, programs: Path) -> bool:
    code, _ = _run(at, [programs / "pg_isready", "-q", "-h", at.sockets, "-d", "postgres", "-t", "3"])
    return code == 0


def _up_postgres(at: Places) -> None:
    programs = _postgres_programs(at)
    pid = _postgres_pid(at)
    if pid is not None and _postgres_answers(at, programs):
        return
    if pid is not None:  # it runs, but its door is gone: /tmp was swept, or it is going down
        _end(pid, how=signal.SIGINT, wait_s=15) or _end(pid, how=signal.SIGQUIT, wait_s=5)
    if not (at.data / "PG_VERSION").exists():
        _make_cluster(at, programs)
    # A pid file that a kill -9 or a crash left behind names a number that may be anybody's by now.
    for stale in (at.data / "postmaster.pid", at.sockets / POSTGRES_SOCKET, at.sockets / f"{POSTGRES_SOCKET}.lock"):
        stale.unlink(missing_ok=True)
    _write(at, at.data / "yuli.conf", POSTGRES_SETTINGS.format(sockets=at.sockets))
    _start_postgres(at, programs)
    _make_database(at, programs)


def _make_cluster(at: Places, programs: Path) -> None:
    """Make the data folder beside its place and move it there whole: a half-made one is never taken for real."""
    half = at.home / "postgresql.new"
    shutil.rmtree(half, ignore_errors=True)
    shutil.rmtree(at.data, ignore_errors=True)
    code, said = _run(
        at,
        [programs / "initdb", "-D", half, "-U", DATABASE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        timeout_s=300,
    )
    if code != 0:
        raise Trouble(f"PostgreSQL could not make its data folder in {at.home}: {_last_line(said)}.")
    with (half / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude 'yuli.conf'\n")
    half.rename(at.data)
    shutil.rmtree(at.stamps, ignore_errors=True)
    _make_places(at)


def _start_postgres(at: Places, programs: Path) -> None:
    if at.postgres_log.exists() and at.postgres_log.stat().st_size > 10_000_000:
        at.postgres_log.replace(at.postgres_log.with_suffix(".log.old"))
    begin = at.postgres_log.stat().st_size if at.postgres_log.exists() else 0
    start = [programs / "pg_ctl", "start", "-D", at.data, "-l", at.postgres_log, "-s", "-w", "-t", str(START_TIMEOUT_S)]
    log = ""
    for _attempt in range(20):  # after a kill -9 the server's children need a moment to notice and leave
        code, said = _run(at, start, timeout_s=START_TIMEOUT_S + 10)
        if code == 0:
            return
        log = _tail(at.postgres_log, begin)
        if "still in use" not in log and "lock file" not in log:
            break
        time.sleep(0.5)
    fatal = [line for line in log.splitlines() if "FATAL" in line] or [said or "no word in its log"]
    raise Trouble(f"PostgreSQL did not start ({_last_line(fatal[-1])}): its log is {at.postgres_log}.")


def _make_database(at: Places, programs: Path) -> None:
    """Make the database once; PostGIS goes into the template, so that every test database has it at once."""
    done = at.stamps / "database"
    if done.exists():
        return
    for database, statement in (
        ("template1", "CREATE EXTENSION IF NOT EXISTS postgis"),
        ("postgres", f"SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS"
                     f" (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"),
    ):  # fmt: skip
        script = at.home / "statement.sql"
        _write(at, script, f"{statement}\n")
        code, said = _run(
            at,
            [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", at.sockets, "-U", DATABASE, "-d", database,
             "-f", script],
        )  # fmt: skip
        script.unlink()
        if code != 0:
            raise Trouble(f"The database could not be made ({_last_line(said)}): its log is {at.postgres_log}.")
    done.write_text("made\n")


def _down_postgres(at: Places) -> None:
    pid = _postgres_pid(at)
    if pid is None:
        return
    if not _end(pid, how=signal.SIGINT, wait_s=30) and not _end(pid, how=signal.SIGQUIT, wait_s=10):
        raise Trouble(f"PostgreSQL (process {pid}) does not stop: look at {at.postgres_log}, then kill -9 {pid}.")


# --- Redis --------------------------------------------------------------------------------------------


def _redis_pid(at: Places) -> int | None:
    try:
        pid = int(at.redis_pid_file.read_text())
    except (OSError, ValueError):
        return None
    return pid if _is_alive(pid, "redis-server") else None


def _redis_answers(at: Places) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(3)
            line.connect(str(at.redis_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _up_redis(at: Places) -> None:
    if _redis_answers(at):
        return
    program = shutil.which("redis-server", path="/usr/local/bin:/usr/bin:/bin")
    if program is None:
        raise Trouble("Redis is not installed: apt-get install redis-server.")
    pid = _redis_pid(at)
    if pid is not None:  # it runs without a door
        _end(pid, how=signal.SIGTERM, wait_s=5) or _end(pid, how=signal.SIGKILL, wait_s=5)
    at.redis_pid_file.unlink(missing_ok=True)
    settings = at.home / "redis.conf"
    values = {
        "socket": at.redis_socket, "pid_file": at.redis_pid_file, "log_file": at.redis_log, "folder": at.home,
    }  # fmt: skip
    _write(at, settings, REDIS_SETTINGS.format(**{name: json.dumps(str(path)) for name, path in values.items()}))
    code, said = _run(at, [program, settings])
    deadline = time.monotonic() + START_TIMEOUT_S
    while code == 0 and time.monotonic() < deadline:
        if _redis_answers(at):
            return
        time.sleep(0.05)
    raise Trouble(f"Redis did not start ({_last_line(said) or 'no answer'}): its log is {at.redis_log}.")


def _down_redis(at: Places) -> None:
    pid = _redis_pid(at)
    if pid is not None and not _end(pid, how=signal.SIGTERM, wait_s=10):
        _end(pid, how=signal.SIGKILL, wait_s=5)


# --- what callers ask for -----------------------------------------------------------------------------


def up() -> Places:
    """Start what does not run; return where it is. Safe to call at any time, also twice at once.

    Raises:
        Trouble: a service is not installed or does not start.
    """
    at = places()
    with _alone():
        _make_places(at)
        _up_postgres(at)
        _up_redis(at)
        _write_env(at)
    return at


def down() -> None:
    """Stop both services; the data stays."""
    at = places()
    with _alone():
        _down_redis(at)
        _down_postgres(at)


def reset() -> None:
    """Stop both services and delete their data, uploaded files included."""
    at = places()
    with _alone():
        _down_redis(at)
        _down_postgres(at)
        for folder in (at.home, at.sockets, STATE / "media"):
            shutil.rmtree(folder, ignore_errors=True)
        (STATE / "home").unlink(missing_ok=True)
        ENV_FILE.unlink(missing_ok=True)


def status() -> list[tuple[str, bool, str]]:
    """Return (service, whether it answers, where it is) of each."""
    at = places()
    found = []
    pid = _postgres_pid(at)
    answers = pid is not None and _postgres_answers(at, _postgres_programs(at))
    found.append(("PostgreSQL", answers, f"process {pid}, socket in {at.sockets}" if pid else f"data in {at.data}"))
    pid = _redis_pid(at)
    answers = _redis_answers(at)
    found.append(("Redis", answers, f"process {pid}, socket {at.redis_socket}" if answers else "keeps no data"))
    return found


def _alone() -> contextlib.AbstractContextManager[None]:
    return only_one(
        "services.lock", wait_s=180, busy="The services are being started or stopped by {holder}: try again soon."
    )


def _write_env(at: Places) -> None:
    """Write .yuli/env, for the scripts and for `. .yuli/env` in a shell; readable by its owner alone."""
    values = {
        "YULI_DATABASE_URL": at.database_url,
        "YULI_REDIS_URL": at.redis_url,
        "YULI_SECRET_KEY": _secret_key(),
        "YULI_MEDIA_ROOT": str(STATE / "media"),
        "YULI_ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "YULI_HTTPS": "0",
        "YULI_DEMO": "1",
    }
    (STATE / "media").mkdir(exist_ok=True)
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in values.items()]
    text = "# Written by scripts/services; read it into a shell with: . .yuli/env\n" + "".join(lines)
    if not ENV_FILE.exists() or ENV_FILE.read_text() != text:
        _write_private(ENV_FILE, text)


def _secret_key() -> str:
    file = STATE / "secret-key"
    if not file.exists():
        _write_private(file, f"{secrets.token_urlsafe(50)}\n")
    return file.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)


def read_env() -> dict[str, str]:
    """Return the variables that .yuli/env sets."""
    words = shlex.split(ENV_FILE.read_text(), comments=True)
    return dict(word.split("=", 1) for word in words if word != "export")


def _tail(path: Path, begin: int) -> str:
    with path.open("rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""


# --- command line -------------------------------------------------------------------------------------


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise Trouble("This deletes the database and the uploaded files: say scripts/services reset --yes.")
    return input("Delete the database and the uploaded files of this working copy? Type yes: ").strip() == "yes"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/services", description=__doc__)
    parser.add_argument("action", choices=["up", "down", "status", "reset"], help="reset deletes the data")
    parser.add_argument("--yes", action="store_true", help="reset without asking")
    asked = parser.parse_args()
    try:
        if asked.action == "up":
            up()
        elif asked.action == "down":
            down()
        elif asked.action == "reset":
            if not asked.yes and not _confirmed():
                return 1
            reset()
            print("The data is gone; scripts/services up starts anew.")
            return 0
        found = status()
    except Trouble as trouble:
        print(f"scripts/services: {trouble}", file=sys.stderr)
        return 1
    for name, answers, where in found:
        print(f"{name:<11} {'runs' if answers else 'is down':<8} {where}")
    return EXIT_DOWN if asked.action == "status" and not all(answers for _, answers, _ in found) else 0


if __name__ == "__main__":
    sys.exit(main())

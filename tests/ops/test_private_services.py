"""The private services start from anything that a crash, a kill or a careless hand leaves behind."""

import os
import shutil
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

from tests.ops.working_copy import WorkingCopy


def _ask(copy: WorkingCopy, statement: str) -> object:
    with psycopg.connect(copy.env["YULI_DATABASE_URL"], options="-c synchronous_commit=on") as connection:
        row = connection.execute(statement).fetchone()
        return row[0] if row else None


def _do(copy: WorkingCopy, statements: str) -> None:
    with psycopg.connect(copy.env["YULI_DATABASE_URL"], options="-c synchronous_commit=on") as connection:
        connection.execute(statements)


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.02)


def test_up_gives_a_database_that_may_have_postgis_and_a_redis_that_answers(copy):
    assert _ask(copy, "SELECT name FROM pg_available_extensions WHERE name = 'postgis'") == "postgis"
    assert redis.Redis.from_url(copy.env["YULI_REDIS_URL"]).ping()


def test_no_service_listens_on_a_port(copy):
    assert _ask(copy, "SHOW listen_addresses") == ""
    assert redis.Redis.from_url(copy.env["YULI_REDIS_URL"]).config_get("port") == {"port": "0"}


def test_the_environment_file_is_for_its_owner_alone_and_keeps_its_secret(copy):
    secret = copy.env["YULI_SECRET_KEY"]

    copy.up()

    assert stat.S_IMODE((copy.folder / ".yuli" / "env").stat().st_mode) == 0o600
    assert copy.env["YULI_SECRET_KEY"] == secret
    assert len(secret) >= 50


def test_only_the_owner_of_the_services_may_enter_the_folder_of_their_sockets(copy):
    sockets = Path(copy.env["YULI_REDIS_URL"].removeprefix("unix://").split("?")[0]).parent

    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700


def test_two_starts_at_once_end_with_one_server(make_copy: Callable[[str], WorkingCopy]):
    copy = make_copy("twice")

    both = [copy.start("services", "up") for _ in range(2)]
    ended = [process.communicate(timeout=120) and process.returncode for process in both]

    assert ended == [0, 0]
    assert copy.run("services", "status").returncode == 0


def test_a_second_up_leaves_the_running_server_alone(copy):
    before = copy.postgres_pid, copy.redis_pid

    copy.up()

    assert (copy.postgres_pid, copy.redis_pid) == before


def test_up_after_kill_9_finds_what_was_committed(copy):
    _do(copy, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS n")
    _kill(copy.postgres_pid)
    _kill(copy.redis_pid)
    assert copy.run("services", "status").returncode == 3

    copy.up()

    assert _ask(copy, "SELECT n FROM kept") == 7
    assert redis.Redis.from_url(copy.env["YULI_REDIS_URL"]).ping()


def test_a_pid_file_that_names_somebody_elses_process_does_not_stop_the_start(copy):
    copy.run("services", "down")
    stale = copy.home / "postgresql" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n{int(time.time())}\n5432\n\n\n  1234 5678\n")
    (copy.home / "redis.pid").write_text(f"{os.getpid()}\n")

    copy.up()

    assert _ask(copy, "SELECT 1") == 1
    assert copy.postgres_pid != os.getpid()


def test_a_swept_socket_folder_is_made_again(copy):
    shutil.rmtree(copy.home / "sockets")

    copy.up()

    assert _ask(copy, "SELECT 1") == 1
    assert redis.Redis.from_url(copy.env["YULI_REDIS_URL"]).ping()


def test_down_stops_both_and_status_says_so(copy):
    copy.run("services", "down")

    status = copy.run("services", "status")

    assert status.returncode == 3
    assert status.stdout.count("is down") == 2
    copy.up()
    assert copy.run("services", "status").stdout.count("runs") == 2


def test_a_long_path_with_blanks_and_chinese_is_no_obstacle(make_copy: Callable[[str], WorkingCopy]):
    copy = make_copy("a path with blanks/余力, 'quoted' 100%/" + "long" * 25)

    copy.up()

    assert _ask(copy, "SELECT 1") == 1
    assert redis.Redis.from_url(copy.env["YULI_REDIS_URL"]).ping()


def test_a_copied_working_copy_gets_data_of_its_own(copy, make_copy: Callable[[str], WorkingCopy]):
    _do(copy, "DROP TABLE IF EXISTS mine; CREATE TABLE mine AS SELECT 1 AS n")
    other = make_copy("other")
    (other.folder / ".yuli").mkdir()
    for name in ("home", "env"):
        shutil.copy(copy.folder / ".yuli" / name, other.folder / ".yuli" / name)

    other.up()

    assert other.home != copy.home
    assert _ask(other, "SELECT to_regclass('mine')::text") is None
    assert _ask(copy, "SELECT n FROM mine") == 1


def test_reset_asks_first_and_then_leaves_nothing(make_copy: Callable[[str], WorkingCopy]):
    copy = make_copy("reset")
    copy.up()
    home = copy.home

    refused = copy.run("services", "reset")

    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert _ask(copy, "SELECT 1") == 1

    assert copy.run("services", "reset", "--yes").returncode == 0
    assert not home.exists()
    assert not (copy.folder / ".yuli" / "env").exists()


def test_data_of_a_postgresql_that_is_gone_is_one_sentence(make_copy: Callable[[str], WorkingCopy]):
    copy = make_copy("old")
    copy.up()
    copy.run("services", "down")
    (copy.home / "postgresql" / "PG_VERSION").write_text("9\n")

    refused = copy.run("services", "up")

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "made by PostgreSQL 9, which is not installed any more: apt-get install postgresql-9" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1

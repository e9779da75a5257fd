"""A PostgreSQL and a Redis of this working copy's own, started and stopped without touching the system's."""

import argparse
import contextlib
import os
import secrets
import shlex
import shutil
import sys
from pathlib import Path

import postgresql
import redis_server
from places import STATE, Held, Places, Trouble, make_places, only_one, places

ENV_FILE = STATE / "env"
EXIT_DOWN = 3  # as the Linux Standard Base has it for a service that is not running


def up() -> Places:
    """Start what does not run; return where it is. Safe to call at any time, also twice at once.

    Raises:
        Trouble: a service is not installed or does not start.
    """
    at = places()
    with _alone():
        make_places(at)
        postgresql.up(at)
        redis_server.up(at)
        _write_env(at)
    return at


def down() -> None:
    """Stop both services; the data stays."""
    at = places()
    with _alone():
        redis_server.down(at)
        postgresql.down(at)


def reset() -> None:
    """Stop both services and delete their data, uploaded files included."""
    at = places()
    with _alone():
        redis_server.down(at)
        postgresql.down(at)
        for folder in (at.home, at.sockets, STATE / "media"):
            shutil.rmtree(folder, ignore_errors=True)
        (STATE / "home").unlink(missing_ok=True)
        ENV_FILE.unlink(missing_ok=True)


def status() -> list[tuple[str, bool, str]]:
    """Return (service, whether it answers, where it is) of each."""
    at = places()
    server, redis = postgresql.process(at), redis_server.process(at)
    return [
        (
            "PostgreSQL",
            postgresql.answers(at),
            f"process {server}, socket in {at.sockets}" if server else f"data in {at.data}",
        ),
        ("Redis", redis_server.answers(at), f"process {redis}, socket {at.redis_socket}" if redis else "keeps no data"),
    ]


def _alone() -> contextlib.AbstractContextManager[Held]:
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
        return trouble.tell("scripts/services")
    for name, answers, where in found:
        print(f"{name:<11} {'runs' if answers else 'is down':<8} {where}")
    return EXIT_DOWN if asked.action == "status" and not all(answers for _, answers, _ in found) else 0


if __name__ == "__main__":
    sys.exit(main())

"""A database of a benchmark's own, made before it and dropped after it, and the web server over it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

HEALTHY_WITHIN_S = 60


@contextmanager
def database(name: str) -> Iterator[str]:
    """Connect to a new, migrated database for the time of the block; yield its URL."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"yuli_bench_{name}"
    made = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield urlunsplit(urlsplit(os.environ["YULI_DATABASE_URL"])._replace(path=f"/{made}"))
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


@contextmanager
def server(database_url: str) -> Iterator[int]:
    """Serve the site as scripts/run does, behind what passes for a proxy; yield the port.

    Each visitor's address is then a header, so that the limit on one visitor's requests holds for one.
    """
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    words = [
        sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port),
        "--lifespan", "off", "--log-level", "warning",
    ]  # fmt: skip
    env = {**os.environ, "YULI_DATABASE_URL": database_url, "YULI_BEHIND_PROXY": "1", "YULI_HTTPS": "0"}
    process = subprocess.Popen(words, env={**env, "YULI_LOG_LEVEL": "ERROR"})
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The web server did not start.")

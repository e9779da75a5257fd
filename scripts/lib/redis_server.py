"""The private Redis: a cache and a post office, with nothing on disk."""

import json
import shutil
import signal
import socket
import time

from places import Places, Trouble
from service_process import START_TIMEOUT_S, end, is_alive, last_line, run, write

SETTINGS = """\
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


def process(at: Places) -> int | None:
    """Return the process number of our server, or None when it does not run."""
    try:
        pid = int(at.redis_pid_file.read_text())
    except (OSError, ValueError):
        return None
    return pid if is_alive(pid, "redis-server") else None


def answers(at: Places) -> bool:
    """Tell whether it answers a ping."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(3)
            line.connect(str(at.redis_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def up(at: Places) -> None:
    """Start it unless it answers; Raises Trouble when it does not come."""
    if answers(at):
        return
    program = shutil.which("redis-server", path="/usr/local/bin:/usr/bin:/bin")
    if program is None:
        raise Trouble("Redis is not installed: apt-get install redis-server.")
    pid = process(at)
    if pid is not None:  # it runs without a door
        end(pid, how=signal.SIGTERM, wait_s=5) or end(pid, how=signal.SIGKILL, wait_s=5)
    at.redis_pid_file.unlink(missing_ok=True)
    settings = at.home / "redis.conf"
    values = {
        "socket": at.redis_socket, "pid_file": at.redis_pid_file, "log_file": at.redis_log, "folder": at.home,
    }  # fmt: skip
    write(at, settings, SETTINGS.format(**{name: json.dumps(str(path)) for name, path in values.items()}))
    code, said = run(at, [program, settings])
    deadline = time.monotonic() + START_TIMEOUT_S
    while code == 0 and time.monotonic() < deadline:
        if answers(at):
            return
        time.sleep(0.05)
    raise Trouble(f"Redis did not start ({last_line(said) or 'no answer'}): its log is {at.redis_log}.")


def down(at: Places) -> None:
    """Stop it; nothing is lost that the database does not have."""
    pid = process(at)
    if pid is not None and not end(pid, how=signal.SIGTERM, wait_s=10):
        end(pid, how=signal.SIGKILL, wait_s=5)

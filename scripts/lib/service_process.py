"""Starting, recognising and ending the processes of a service."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from places import Places

START_TIMEOUT_S = 60


def run(at: Places, command: Sequence[str | Path], *, timeout_s: float = START_TIMEOUT_S) -> tuple[int, str]:
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


def write(at: Places, path: Path, text: str) -> None:
    """Write a file for the services' user to read."""
    path.write_text(text)
    os.chown(path, at.account.uid, at.account.gid)


def is_alive(pid: int, *words: str) -> bool:
    """Tell whether process `pid` runs and its command line has all `words`: a number alone may be anybody's by now."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return all(word in line for word in words)


def end(pid: int, *, how: signal.Signals, wait_s: float) -> bool:
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


def tail(path: Path, begin: int) -> str:
    """Return what a log says from byte `begin` on."""
    with path.open("rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")


def last_line(text: str) -> str:
    """Return the last line that says something, without its full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""

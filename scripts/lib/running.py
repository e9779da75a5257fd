"""Sets everything up, then runs web, worker and live market until told to stop."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import postgresql
import setting_up
from places import ROOT, Places, Trouble, only_one
from setting_up import IN_BULK, PYTHON
from steps import Steps

HOST = os.environ.get("YULI_HOST", "127.0.0.1")
FIRST_PORT = 8000
PORTS_TRIED = 50
HEALTHY_WITHIN_S = 60.0
STOPPED_WITHIN_S = 12.0


def demo(steps: Steps, at: Places) -> None:
    """Load the demo data once into a database, and run one match round over it."""

    def load(log: Path) -> None:
        # The round's kernels are compiled meanwhile.
        with setting_up.beside("-m", "matching.core.warm"):
            setting_up.manage("load_demo", log=log, failed="The demo data could not be loaded", env=IN_BULK)
        postgresql.checkpoint(at)

    def match(log: Path) -> None:
        told = setting_up.manage("run_matching_round", log=log, failed="The match round failed")
        (at.stamps / "round.txt").write_text(told)

    def catch_up(log: Path) -> None:
        worker = ["procrastinate", "worker", "--one-shot"]
        setting_up.manage(*worker, log=log, failed="The jobs that the demo queued could not be done", env=IN_BULK)
        postgresql.checkpoint(at)

    def accounts(log: Path) -> None:
        told = setting_up.manage("demo_accounts", log=log, failed="The demo accounts could not be listed")
        (at.stamps / "accounts.txt").write_text(told)

    # Once per database: people may have worked on with it since.
    steps.do("Demo data", load, reads=["once"], stamps=at.stamps)
    steps.do("Match round", match, reads=["once"], makes=[at.stamps / "round.txt"], stamps=at.stamps)
    # What the demo queued, its mails above all, need not scroll past the person who starts it.
    steps.do("Queued jobs", catch_up, reads=["once"], stamps=at.stamps)
    commands = ROOT / "config"
    steps.do("Demo accounts", accounts, reads=[commands], makes=[at.stamps / "accounts.txt"], stamps=at.stamps)


def free_port() -> int:
    """Return YULI_PORT or 8000 when free, else the next one that is, and say so.

    Raises:
        Trouble: none of the next fifty is free, or YULI_PORT is no port.
    """
    wish = os.environ.get("YULI_PORT", str(FIRST_PORT))
    if not wish.isdigit() or not 0 < int(wish) < 65536 - PORTS_TRIED:
        raise Trouble(f"YULI_PORT is {wish!r}: set it to a number between 1024 and {65535 - PORTS_TRIED}.")
    for port in range(int(wish), int(wish) + PORTS_TRIED):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except PermissionError as error:
                raise Trouble(f"Port {port} is not yours to open: set YULI_PORT to a number above 1023.") from error
            except OSError:
                continue
            if port != int(wish):
                print(f"  Port {wish} is taken by another program; this one goes to {port}.")
            return port
    raise Trouble(f"The ports {wish} to {int(wish) + PORTS_TRIED - 1} are all taken: set YULI_PORT to a free one.")


class Program:
    """A process of ours whose words go to the terminal under its name."""

    def __init__(self, name: str, words: list[str], env: dict[str, str]) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *words],  # it ends with us, however we end
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT,
            env={**os.environ, **env, "PYTHONUNBUFFERED": "1"}, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self._teller = threading.Thread(target=self._tell, args=(self.process.stdout,), daemon=True)
        self._teller.start()

    def _tell(self, said: IO[bytes]) -> None:
        for line in said:
            with contextlib.suppress(OSError):  # nobody listens any more
                print(f"{self.name:<6} | {line.decode(errors='replace').rstrip()}", flush=True)

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self, deadline: float) -> None:
        """Ask it to finish what it does; after `deadline` end it and all it started."""
        if not self.has_ended:
            self.process.terminate()
            try:
                self.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                print(f"{self.name:<6} | did not stop in time and is ended.")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self._teller.join(2)


@contextlib.contextmanager
def programs(port: int) -> Iterator[list[Program]]:
    """Run web, worker and live market for the time of the block."""
    level = os.environ.get("YULI_LOG_LEVEL", "WARNING")
    env = {**setting_up.environment(), "YULI_SITE_URL": f"http://{HOST}:{port}", "YULI_LOG_LEVEL": level}
    web = [
        str(PYTHON), "-m", "uvicorn", "config.asgi:application", "--host", HOST, "--port", str(port),
        "--lifespan", "off", "--log-level", "warning", "--timeout-graceful-shutdown", "5",
    ]  # fmt: skip
    worker = [str(PYTHON), "manage.py", "procrastinate", "worker"]
    running: list[Program] = []
    try:
        running.append(Program("web", web, env))
        running.append(Program("worker", worker, env))
        running.append(Program("live", [str(PYTHON), "manage.py", "run_live_market"], env))
        yield running
    finally:
        deadline = time.monotonic() + STOPPED_WITHIN_S
        for program in running:
            if not program.has_ended:
                program.process.terminate()
        for program in running:
            program.stop(deadline)


def wait_until_healthy(port: int, running: Sequence[Program], stop: threading.Event) -> None:
    """Return when /healthz says that database and Redis answer.

    Raises:
        Trouble: a program ended, or it took too long.
    """
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    last = "no answer"
    while time.monotonic() < deadline and not stop.is_set():
        for program in running:
            if program.has_ended:
                raise Trouble(f"The {program.name} process ended while starting; its last words are above.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            last = f"{error.code} {error.read(300).decode(errors='replace')}"
        except OSError as error:
            last = str(error)
        stop.wait(0.1)
    if not stop.is_set():
        raise Trouble(f"http://{HOST}:{port}/healthz was not well within {HEALTHY_WITHIN_S:.0f} s ({last}).")


def serve(port: int, at: Places, *, once: bool, began: float) -> int:
    """Run until SIGINT or SIGTERM, or only until healthy when `once`; return the exit code."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    with programs(port) as running:
        wait_until_healthy(port, running, stop)
        if not stop.is_set():
            for title, told in (("The match round over the demo", "round.txt"), ("To log in with", "accounts.txt")):
                if (at.stamps / told).exists():
                    print(f"\n{title}\n{(at.stamps / told).read_text().rstrip()}")
            print(f"\nYuli runs at http://{HOST}:{port} (up in {time.monotonic() - began:.1f} s).", flush=True)
        if once:
            return 0
        print("Ctrl-C stops it; the database goes on until scripts/services down.", flush=True)
        while not stop.wait(0.5):
            for program in running:
                if program.has_ended:
                    raise Trouble(f"The {program.name} process ended (exit code {program.process.returncode}).")
    print("Stopped.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/run", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop again as soon as everything is up and healthy")
    parser.add_argument("--no-demo", action="store_true", help="leave the database empty")
    asked = parser.parse_args()
    began = time.monotonic()
    busy = "Yuli already runs from this folder ({holder}): use that one, or stop it with Ctrl-C where it runs."
    try:
        with only_one("run.lock", wait_s=0, busy=busy) as lock:
            print("Setting up (what is done already is skipped)", flush=True)
            with setting_up.alone():
                steps = Steps()
                at = setting_up.everything_built(steps)
                setting_up.static_files(steps)
                setting_up.tables(steps, at)
                if not asked.no_demo:
                    demo(steps, at)
            port = free_port()
            lock.say(f"http://{HOST}:{port}, process {os.getpid()}")
            return serve(port, at, once=asked.once, began=began)
    except Trouble as trouble:
        return trouble.tell("scripts/run")
    except KeyboardInterrupt:
        print("\nStopped; the next start goes on from here.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())

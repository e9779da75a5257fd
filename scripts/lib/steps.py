"""Steps of setting up: each says its name, how long it took, and is skipped while nothing it reads has changed."""

import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from places import ROOT, STATE, Trouble

LABEL_WIDTH = 24
SIGN_OF_LIFE_S = 3.0


class Steps:
    """Runs steps one after the other on the terminal."""

    def __init__(self) -> None:
        self.logs = STATE / "log"
        self.stamps = STATE / "stamps"
        for folder in (self.logs, self.stamps):
            folder.mkdir(parents=True, exist_ok=True)

    def do(  # one call says all there is to a step
        self,
        label: str,
        action: Callable[[Path], None],
        *,
        reads: Iterable[Path | str],
        makes: Iterable[Path] = (),
        stamps: Path | None = None,
    ) -> bool:
        """Run `action(log)` unless it was run on the same `reads` before and all it `makes` is there.

        Args:
            label: what the person at the terminal sees; also names the stamp and the log.
            reads: files, folders (whole) and plain words that decide the outcome.
            stamps: the folder of the stamp, when it must go with a database.

        Returns:
            whether it was run now.

        Raises:
            Trouble: `action` did.
        """
        name = label.lower().replace(" ", "-")
        stamp = (stamps or self.stamps) / name
        digest = digest_of(reads)
        if _text(stamp) == digest and all(path.exists() for path in makes):
            return False
        stamp.unlink(missing_ok=True)
        self.show(label, lambda: action(self.logs / f"{name}.log"))
        stamp.write_text(digest)
        return True

    def show(self, label: str, action: Callable[[], None]) -> None:
        """Run `action` with its name, dots while it lasts, and its seconds."""
        print(f"  {label:<{LABEL_WIDTH}} ", end="", flush=True)
        began = time.monotonic()
        over = threading.Event()
        dots = threading.Thread(target=_dots, args=(over,), daemon=True)
        dots.start()
        try:
            action()
        except BaseException:
            over.set()
            dots.join()
            print(" failed", flush=True)
            raise
        over.set()
        dots.join()
        print(f" {time.monotonic() - began:.1f} s", flush=True)


def _dots(over: threading.Event) -> None:
    while not over.wait(SIGN_OF_LIFE_S):
        print(".", end="", flush=True)


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None


def digest_of(reads: Iterable[Path | str]) -> str:
    """Return a SHA-256 over the names and contents of files and folders, and over plain words."""
    whole = hashlib.sha256()
    for item in reads:
        if isinstance(item, str):
            whole.update(f"word {item}\n".encode())
            continue
        files = [item] if item.is_file() else sorted(path for path in item.rglob("*") if _counts(path))
        for file in files:
            whole.update(f"file {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}\n".encode())
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc" and "node_modules" not in path.parts


def command(
    words: Sequence[str | Path], *, log: Path, failed: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> str:
    """Run a command quietly; return what it said on its standard output.

    Raises:
        Trouble: it ended with an error; the sentence is `failed` and where its log is, after the log's last lines.
    """
    with log.open("ab") as said:
        said.write(f"\n$ {' '.join(str(word) for word in words)}\n".encode())
        said.flush()
        try:
            done = subprocess.run(
                [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said,
                env={**os.environ, **(env or {})}, cwd=cwd, check=False,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise Trouble(f"{failed}: {words[0]} is not there.") from error
        said.write(done.stdout)
    if done.returncode != 0:
        last = log.read_text(errors="replace").splitlines()[-25:]
        raise Trouble(f"{failed}; the whole log is {log}.", last_words="\n".join(f"    {line}" for line in last))
    return done.stdout.decode(errors="replace")

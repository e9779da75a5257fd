"""A working copy that holds nothing but the scripts, to start and break services in."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a shell that ran `. .yuli/env` or a developer's own settings would add.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("YULI_", "PG"))}


class WorkingCopy:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "apt.txt", folder)

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.folder / "scripts" / words[0]), *words[1:]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=CLEAN,
        )  # fmt: skip

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*words)
        said, complained = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, said, complained)

    def up(self) -> None:
        done = self.run("services", "up")
        assert done.returncode == 0, done.stderr

    @property
    def env(self) -> dict[str, str]:
        words = shlex.split((self.folder / ".yuli" / "env").read_text(), comments=True)
        return dict(word.split("=", 1) for word in words if word != "export")

    @property
    def home(self) -> Path:
        return Path((self.folder / ".yuli" / "home").read_text().strip())

    @property
    def postgres_pid(self) -> int:
        return int((self.home / "postgresql" / "postmaster.pid").read_text().split()[0])

    @property
    def redis_pid(self) -> int:
        return int((self.home / "redis.pid").read_text())

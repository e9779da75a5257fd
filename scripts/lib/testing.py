"""Sets everything up, then runs the tests on a database of their own."""

import os
import subprocess
import sys

import setting_up
import trial_browser
from places import ROOT, Trouble, only_one
from setting_up import PYTHON
from steps import Steps

PROCESSES = "2"


def main() -> int:
    words = sys.argv[1:]
    busy = "The tests already run in this folder ({holder}): wait for them, they share one test database."
    try:
        with only_one("test.lock", wait_s=0, busy=busy):
            print("Setting up (what is done already is skipped)", flush=True)
            with setting_up.alone():
                steps = Steps()
                setting_up.everything_built(steps)
                chromium = trial_browser.chromium(steps)
            spread = [] if _says_how_many(words) else ["-n", PROCESSES]
            env = {
                **os.environ,
                **setting_up.environment(),
                **setting_up.node_environment(),
                "YULI_CHROMIUM": chromium,
                "PGOPTIONS": "-c synchronous_commit=off",  # a test database need not outlive a crash
            }
            return subprocess.call([str(PYTHON), "-m", "pytest", *spread, *words], cwd=ROOT, env=env)
    except Trouble as trouble:
        return trouble.tell("scripts/test")
    except KeyboardInterrupt:
        return 130


def _says_how_many(words: list[str]) -> bool:
    """Tell whether the caller chose the number of processes, or a debugger, which wants just one."""
    return any(word in {"--pdb", "-s", "--numprocesses"} or word.startswith("-n") for word in words)


if __name__ == "__main__":
    sys.exit(main())

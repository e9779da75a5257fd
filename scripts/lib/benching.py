"""Runs the programs in benchmarks/ one after the other, each alone on the machine."""

import os
import subprocess
import sys
import time

import setting_up
from places import ROOT, Trouble
from setting_up import PYTHON
from steps import Steps

FOLDER = ROOT / "benchmarks"


def main() -> int:
    words = sys.argv[1:]
    passed_on = words[words.index("--") + 1 :] if "--" in words else []
    names = words[: words.index("--")] if "--" in words else words
    there = sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_"))
    if names == ["--list"]:
        print("\n".join(there))
        return 0
    unknown = [name for name in names if name not in there]
    if unknown:
        print(f"scripts/bench: there is no benchmark {unknown[0]}; there are: {', '.join(there)}.", file=sys.stderr)
        return 2
    try:
        with setting_up.alone():
            steps = Steps()
            setting_up.everything_built(steps)
            setting_up.python_packages(steps, group="bench")
    except Trouble as trouble:
        return trouble.tell("scripts/bench")
    failed = []
    for name in names or there:
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        program = [str(PYTHON), "-m", f"benchmarks.{name}", *passed_on]
        if subprocess.call(program, cwd=ROOT, env={**os.environ, **setting_up.environment()}) != 0:
            failed.append(name)
        print(f"== {name}: {time.monotonic() - began:.1f} s", flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Everything that can be known about the source without running a test: two checks at a time, all to the end."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import setting_up
from places import ROOT, Trouble
from setting_up import FRONTEND, PYTHON
from steps import Steps

AT_ONCE = 2
SHOWN_LINES = 60
PY = str(PYTHON)
LIB = ROOT / "scripts" / "lib"
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
COMPOSE_SECRETS = {"YULI_SECRET_KEY": "check", "YULI_DATABASE_PASSWORD": "check", "YULI_ALLOWED_HOSTS": "check"}


@dataclass(frozen=True)
class Check:
    """One command; exit code 0 is a pass."""

    name: str
    words: Sequence[str]
    cwd: Path = ROOT
    env: dict[str, str] = field(default_factory=dict)


def checks() -> list[Check]:
    """Return the checks that this machine has the programs for, the longest first."""
    scripts = [str(file) for file in sorted((ROOT / "scripts").iterdir()) if file.is_file()]
    found = [
        Check("types", [PY, "-m", "mypy", "."]),
        Check("bundle", ["node", "build.mjs"], FRONTEND),
        Check("TypeScript", ["node", "node_modules/typescript/bin/tsc", "--noEmit"], FRONTEND),
        Check("layout", [PY, "-m", "ruff", "format", "--check", "."]),
        Check("lint", [PY, "-m", "ruff", "check", "."]),
        Check("imports", [PY, "-c", LINT_IMPORTS]),
        Check("migrations", [PY, "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("production settings", [PY, "manage.py", "check", "--deploy", "--fail-level=WARNING"], env=PRODUCTION),
        Check("OpenAPI files", [PY, str(LIB / "openapi.py"), "--check"]),
        Check("messages", [sys.executable, str(LIB / "messages.py"), "--check"]),
        Check("state diagrams", [PY, str(LIB / "state_diagrams.py"), "--check"]),
    ]
    if shutil.which("shellcheck"):
        found.append(
            Check("shell scripts", ["shellcheck", "-x", *(s for s in scripts if _is_shell(Path(s))), ".ci/run"])
        )
    if _has_compose():
        found.append(Check("compose file", ["docker", "compose", "config", "--quiet"], env=COMPOSE_SECRETS))
    return found


PRODUCTION = {
    "YULI_DEBUG": "0",
    "YULI_HTTPS": "1",
    "YULI_ALLOWED_HOSTS": "yuli.example",
    "YULI_SITE_URL": "https://yuli.example",
    "YULI_DEMO": "0",
}


def _is_shell(script: Path) -> bool:
    return script.read_bytes().startswith((b"#!/bin/sh", b"#!/bin/bash", b"#!/usr/bin/env bash"))


def _has_compose() -> bool:
    return bool(shutil.which("docker")) and subprocess.call(
        ["docker", "compose", "version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) == 0  # fmt: skip


def passes(check: Check) -> bool:
    """Run one check; print its name, seconds and, when it fails, what it said."""
    began = time.monotonic()
    env = {**os.environ, **setting_up.environment(), **setting_up.node_environment(), **check.env}
    done = subprocess.run(
        list(check.words), cwd=check.cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - began
    lines = [f"  {check.name:<22} {'ok' if done.returncode == 0 else 'FAILED':<7} {seconds:5.1f} s"]
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").rstrip().splitlines()
        if len(said) > SHOWN_LINES:
            said = [f"... {len(said) - SHOWN_LINES} lines before", *said[-SHOWN_LINES:]]
        lines += [f"      {line}" for line in said]
    print("\n".join(lines), flush=True)
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/check", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of checks (default: all)")
    only = parser.parse_args().only
    try:
        print("Setting up (what is done already is skipped)", flush=True)
        with setting_up.alone():
            setting_up.everything_built(Steps())
    except Trouble as trouble:
        return trouble.tell("scripts/check")
    chosen = [check for check in checks() if not only or check.name in only]
    if not chosen:
        print(f"scripts/check: no check is called {' or '.join(only)}.", file=sys.stderr)
        return 2
    print("Checking", flush=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        failed = [check.name for check, passed in zip(chosen, pool.map(passes, chosen), strict=True) if not passed]
    print(f"Failed: {', '.join(failed)}" if failed else f"All {len(chosen)} checks pass.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

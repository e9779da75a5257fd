"""Gathers the strings of the source into the Chinese catalogue, or tells which of them lack their Chinese."""

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from places import ROOT, Trouble
from setting_up import PYTHON

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCES = {".py", ".html", ".txt"}
NOT_SHOWN = {"tests", "scripts", "benchmarks"}  # their strings are for developers
LAYOUT = ["--no-location", "--sort-output", "--width=110"]


def _run(*words: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{words[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _gathered(work: Path) -> Path:
    """Return a template of all strings that the source marks, made in `work` to leave the tree alone."""
    for name in _run("git", "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
        source = ROOT / name
        if source.suffix in SOURCES and Path(name).parts[0] not in NOT_SHOWN and source.is_file():
            target = work / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    (work / "locale").mkdir(exist_ok=True)
    make = ["makemessages", "--locale=zh_Hans", "--no-location", "--keep-pot", "--extension=py,html,txt"]
    _run(PYTHON, "-m", "django", *make, cwd=work)
    return work / "locale" / "django.pot"


def _msgids(entries: str) -> list[str]:
    """Return the msgids of a catalogue, the header's empty one left out."""
    found, current = [], None
    for line in entries.splitlines():
        if line.startswith("msgid "):
            current = ast.literal_eval(line[6:])
        elif line.startswith('"') and current is not None:
            current += ast.literal_eval(line)
        elif current is not None:
            found.append(current)
            current = None
    return [msgid for msgid in found if msgid]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when Chinese is missing")
    parser.add_argument("--prune", action="store_true", help="drop what no source line uses any more")
    asked = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            template = _gathered(work)
            used, joined = work / "used.po", work / "joined.po"
            used.write_text(_run("msgmerge", "-q", "--no-fuzzy-matching", *LAYOUT, CATALOGUE, template))
            _run("msgcat", "--use-first", *LAYOUT, "-o", joined, CATALOGUE, template)
            needed = _msgids(_run("msgattrib", "--no-obsolete", used))
            missing = _msgids(_run("msgattrib", "--untranslated", "--no-obsolete", used))
            unused = sorted(set(_msgids(_run("msgattrib", "--no-obsolete", joined))) - set(needed))
            if not asked.check:
                CATALOGUE.write_text(_run("msgattrib", "--no-obsolete", *LAYOUT, used if asked.prune else joined))
    except Trouble as trouble:
        return trouble.tell("scripts/messages")
    for msgid in missing:
        print(f"no Chinese yet: {msgid!r}")
    print(f"{len(needed)} strings, {len(missing)} without Chinese, {len(unused)} in the catalogue that no line uses")
    return 1 if asked.check and missing else 0


if __name__ == "__main__":
    sys.exit(main())

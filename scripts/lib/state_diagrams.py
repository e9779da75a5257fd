"""Draws docs/states/ from the tables of the state machines, or tells whether it is current."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from common.state_machine import StateMachine  # noqa: E402

FOLDER = ROOT / "docs" / "states"
PAGE = """\
# {title}

Drawn by `scripts/state-diagrams` from `{source}`; in brackets who may ask for the move.

```mermaid
{diagram}```
"""


def pages() -> dict[Path, str]:
    """Return the page of every machine in every `core/*_states.py`."""
    found: dict[Path, str] = {}
    for source in sorted(ROOT.glob("*/core/*_states.py")):
        name = source.relative_to(ROOT)
        for machine in vars(import_module(".".join(name.with_suffix("").parts))).values():
            if isinstance(machine, StateMachine):
                title = machine.name.replace("_", " ").capitalize()
                page = PAGE.format(title=title, source=name, diagram=machine.mermaid())
                found[FOLDER / f"{machine.name.replace(' ', '_')}.md"] = page
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/state-diagrams", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a page is out of date")
    check = parser.parse_args().check
    current = pages()
    stale = [file for file, page in current.items() if not file.exists() or file.read_text() != page]
    left_over = [file for file in FOLDER.glob("*.md") if file not in current]
    for file in stale + left_over:
        print(f"{file.relative_to(ROOT)} {'is out of date: run scripts/state-diagrams' if check else 'drawn anew'}")
    print(f"{len(current)} state machines")
    if check:
        return 1 if stale or left_over else 0
    FOLDER.mkdir(exist_ok=True)
    for file in stale:
        file.write_text(current[file])
    for file in left_over:
        file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())

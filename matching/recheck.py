"""Check an exported round: `python -m matching.recheck FILE [--input-sha256 HASH]`.

Needs neither the database nor a solver. Ends with 0 where every claim of the file holds, with 1 where one does not,
with 2 where the file cannot be read.
"""

import argparse
import gzip
import sys
from pathlib import Path

from matching.core.exported import PUBLISHED, Exported, findings

GZIP = b"\x1f\x8b"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m matching.recheck", description=__doc__)
    parser.add_argument("file", type=Path, help="what manage.py export_round wrote")
    parser.add_argument("--input-sha256", default="", help="as published on the round's page")
    options = parser.parse_args(arguments)
    try:
        stored = options.file.read_bytes()
        exported = Exported.from_bytes(gzip.decompress(stored) if stored.startswith(GZIP) else stored)
    except (OSError, ValueError, EOFError) as error:
        print(f"{options.file} cannot be read as an exported round: {error}", file=sys.stderr)
        return 2
    wrong = findings(exported, input_sha256=options.input_sha256)
    for sentence in wrong:
        print(f"WRONG  {sentence}")
    print(f"Round        {exported.code}")
    print(f"Components   {len(exported.components)}")
    for name in PUBLISHED[:6]:
        print(f"{name:<13}{sum(row.get(name, 0) for row in exported.components):,}")
    print("Every claim holds." if not wrong else f"{len(wrong)} claims do not hold.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

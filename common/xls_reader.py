"""Old XLS workbooks, read in a process of their own with bounded memory: their reader holds every sheet at once.

`python -m common.xls_reader FILE` prints the sheets as JSON, one [name, rows] each; with a sheet's name after it, that
sheet row by row, each a JSON list of texts. A file of 30 KB can tell of millions of cells; then this process ends, and
the one that asked goes on.
"""

import json
import resource
import sys

import python_calamine

from common.tables import MOST_COLUMNS, text

MOST_MEMORY_BYTES = 768 * 1024 * 1024
MOST_CPU_S = 60


def main(path: str, sheet: str = "") -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    book = python_calamine.CalamineWorkbook.from_path(path)
    if not sheet:
        for name in book.sheet_names:
            sys.stdout.write(json.dumps([name, book.get_sheet_by_name(name).height]) + "\n")
        return
    page = book.get_sheet_by_name(sheet)
    margin = [""] * (page.start[1] if page.start else 0)  # rows begin at the first filled column, not at A
    for row in page.iter_rows():
        sys.stdout.write(json.dumps([*margin, *map(text, row)][: MOST_COLUMNS + 1]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

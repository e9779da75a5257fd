"""Tables in files that offices use: CSV in any usual encoding, XLSX and old XLS, read row by row, written safely."""

import codecs
import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from charset_normalizer import from_bytes
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS
from openpyxl.xml.functions import iterparse

from common.errors import Refused, gettext_noop

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_TEXT_BYTES = 64 * 1024 * 1024  # of the texts that the cells of a workbook share
MOST_ROW_BYTES = 4 * 1024 * 1024  # of a workbook's row, as XML
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 8_000
TOO_LARGE = gettext_noop("The file is larger than 20 MB; split it into several.")
TOO_MUCH = gettext_noop("The workbook unpacks to more than can be taken.")
_SNIFFED_BYTES = 256 * 1024
_DELIMITERS = ",;\t|"
_ROOT = Path(__file__).resolve().parents[1]
_SIGNS = re.compile(r"[\W_]+")
_ENDS = {b"<worksheet": b"</row", b"<sst": b"</si"}
_BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, OSError)
_FORMULA_HEADS = ("=", "+", "-", "@", "\t", "\r")


class TableFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"


class TableRefused(Refused):
    """The file is no table that can be read."""


@dataclass(frozen=True)
class Table:
    """How a file is to be read; `rows` reads it."""

    path: Path
    format: TableFormat
    encoding: str = ""
    delimiter: str = ","
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def inspect(path: Path, *, sheet: str = "") -> Table:
    """Return how the file at `path` is to be read, judged by its content and not by its name.

    Args:
        sheet: which sheet of a workbook; the first one with rows when empty.

    Raises:
        TableRefused: empty, larger than 20 MB, protected, broken, or no table.
    """
    size = path.stat().st_size
    if size == 0:
        raise _refused(gettext_noop("The file is empty."))
    if size > MOST_BYTES:
        raise _refused(TOO_LARGE)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return _inspect_xlsx(path, sheet)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _inspect_xls(path, sheet)
    encoding = _encoding(path)
    return Table(path, TableFormat.CSV, encoding=encoding, delimiter=_delimiter(path, encoding))


def rows(table: Table) -> Iterator[list[str]]:
    """Yield every row as texts, one at a time, empty rows as empty lists; formulas as the value last computed.

    Raises:
        TableRefused: more rows or columns than can be taken, or a broken file.
    """
    read = {TableFormat.CSV: _csv_rows, TableFormat.XLSX: _xlsx_rows, TableFormat.XLS: _xls_rows}[table.format]
    try:
        for number, row in enumerate(read(table)):
            if number >= MOST_ROWS:
                raise _refused(gettext_noop("The table has more than 200,000 rows; split it into several."))
            cells = [text(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise _refused(gettext_noop("The table has more than 200 columns."))
            yield cells
    except (csv.Error, *_BROKEN) as error:
        raise _refused(gettext_noop("The file is broken and cannot be read to its end.")) from error


def text(cell: Any) -> str:
    """Return a cell as people would type it: whole numbers without ".0", days as 2026-03-02."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    bare = str(cell).replace("\x00", "").strip(" \t\r\n\ufeff\u3000")[:LONGEST_CELL]
    return bare[1:] if bare.startswith("'") and bare[1:].startswith(_FORMULA_HEADS) else bare  # as `harmless` wrote it


def header_row(first_rows: Sequence[Sequence[str]], known: Iterable[str]) -> int:
    """Return the index of the row that holds the headers: the one that knows most of the `known` names.

    Where no name is known, the first row in which most cells are filled and none is a number.
    """
    names = {normal(name) for name in known}
    scores = [sum(normal(cell) in names for cell in row if cell) for row in first_rows]
    if scores and max(scores) >= 2:
        return scores.index(max(scores))
    width = max((sum(bool(cell) for cell in row) for row in first_rows), default=0)
    for index, row in enumerate(first_rows):
        filled = [cell for cell in row if cell]
        if filled and len(filled) * 2 > width and not any(_is_number(cell) for cell in filled):
            return index
    return 0


def headers(first_rows: Sequence[Sequence[str]], index: int) -> list[str]:
    """Return the texts of the header row; a blank below a merged heading takes the heading's text."""
    row = list(first_rows[index])
    width = max(len(other) for other in first_rows[index:]) if first_rows else 0
    row += [""] * (width - len(row))
    above = list(first_rows[index - 1]) if index else []
    heading = ""
    for column, own in enumerate(row):
        if column < len(above) and above[column]:
            heading = above[column]
        if not own and len([cell for cell in above if cell]) > 1:
            row[column] = heading
    return row


def normal(name: str) -> str:
    """Return a header as it is compared: small letters, no blanks, no signs, nothing in brackets."""
    return _SIGNS.sub("", name.replace("（", "(").split("(", 1)[0].casefold())


def first(table: Table, count: int) -> list[list[str]]:
    """Return the first rows."""
    return list(islice(rows(table), count))


def write_csv(out: IO[str], header: Sequence[str], content: Iterable[Sequence[Any]]) -> None:
    """Write a CSV that spreadsheets open as it is meant: no cell of it is taken for a formula."""
    writer = csv.writer(out)
    writer.writerow(header)
    for row in content:
        writer.writerow([harmless(cell) for cell in row])


def write_xlsx(out: IO[bytes], sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> None:
    """Write a workbook, row by row; texts are stored as texts, never as formulas."""
    book = openpyxl.Workbook(write_only=True)
    for title, header, content in sheets:
        page = book.create_sheet(title[:31])
        page.append(list(header))
        for row in content:
            page.append([harmless(cell) for cell in row])
    book.save(out)


def harmless(cell: Any) -> Any:
    """Return a cell as spreadsheets show it and never compute it."""
    if isinstance(cell, str):
        bare = "".join(c for c in cell if c >= " " or c in "\t\n\r")
        return f"'{bare}" if bare.startswith(_FORMULA_HEADS) else bare
    return cell


def _refused(message: str) -> TableRefused:
    return TableRefused(message, field="file")


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return True


# --- text ----------------------------------------------------------------------------------------------


def _encoding(path: Path) -> str:
    """Return the encoding: a mark at the head, else UTF-8 or GB 18030 if the whole file is, else the likeliest."""
    with path.open("rb") as file:
        head = file.read(_SNIFFED_BYTES)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    if b"\x00" in head:
        raise _refused(gettext_noop("This is no table: only CSV, XLSX and XLS files can be imported."))
    for name in ("utf-8", "gb18030"):
        if _decodes(path, name):
            return name
    guess = from_bytes(head).best()
    if guess is None:
        raise _refused(gettext_noop("The encoding of the file cannot be told; save it as UTF-8."))
    return guess.encoding


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """Return the sign that cuts the first lines into the most equally many cells."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(16_384)
    best, best_score = ",", 0.0
    for sign in _DELIMITERS:
        try:
            widths = [len(row) for row in islice(csv.reader(io.StringIO(sample), delimiter=sign), 20) if row]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        score = (usual - 1) * widths.count(usual) / max(len(widths), 1)
        if score > best_score:
            best, best_score = sign, score
    return best


def _csv_rows(table: Table) -> Iterator[Sequence[Any]]:
    with table.path.open(encoding=table.encoding, newline="") as file:
        yield from csv.reader(file, delimiter=table.delimiter)


# --- workbooks -----------------------------------------------------------------------------------------


def _inspect_xlsx(path: Path, sheet: str) -> Table:
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise _refused(gettext_noop("This is no table: only CSV, XLSX and XLS files can be imported."))
            _check_unpacked(archive)
        with _workbook(path) as book:
            names = tuple(page.title for page in book.worksheets)
            chosen = sheet if sheet in names else next((p.title for p in book.worksheets if _has_rows(p)), "")
    except (InvalidFileException, *_BROKEN) as error:
        raise _refused(gettext_noop("The workbook cannot be opened; it may be broken or protected.")) from error
    if not chosen:
        raise _refused(gettext_noop("The file is empty."))
    return Table(path, TableFormat.XLSX, sheet=chosen, sheets=names)


def _check_unpacked(archive: zipfile.ZipFile) -> None:
    """Refuse what would fill the memory: readers hold the shared texts and one whole row at a time."""
    parts = archive.infolist()
    texts = sum(part.file_size for part in parts if part.filename == "xl/sharedStrings.xml")
    if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES or texts > MOST_TEXT_BYTES:
        raise _refused(TOO_MUCH)
    for part in parts:
        if part.file_size > MOST_ROW_BYTES and not part.filename.startswith("xl/media/"):
            with archive.open(part) as file:
                _check_cut(file)


def _check_cut(part: IO[bytes]) -> None:
    """Refuse a part of a workbook whose rows or texts are so long that none ends within 4 MB."""
    end = b""
    while block := part.read(MOST_ROW_BYTES):
        end = end or next((end for start, end in _ENDS.items() if start in block[:1000]), b"</xf")
        if len(block) == MOST_ROW_BYTES and end not in block:
            raise _refused(TOO_MUCH)


def _has_rows(page: Any) -> bool:
    return any(any(cell is not None for cell in row) for row in islice(page.iter_rows(values_only=True), 20))


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:  # as a file, because openpyxl judges a path by its ending
        reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
        reader.read()
        try:
            yield reader.wb
        finally:
            reader.wb.close()


class _Texts:
    """The texts that the cells of a workbook share, read no farther than a cell has asked for."""

    def __init__(self, archive: zipfile.ZipFile, part: str) -> None:
        self._known: list[str] = []
        self._left = self._read(archive, part)

    def __getitem__(self, number: int) -> str:
        self._known += islice(self._left, max(0, number + 1 - len(self._known)))
        return self._known[number]

    def _read(self, archive: zipfile.ZipFile, part: str) -> Iterator[str]:
        with archive.open(part) as file:
            for _event, element in iterparse(file):
                if element.tag.endswith("}si"):
                    yield Text.from_tree(element).content.replace("x005F_", "")  # as openpyxl reads them
                    element.clear()


class _Page(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """Leave the size unknown: where a sheet does not tell it, openpyxl would read all rows to find out."""


class _Reader(ExcelReader):
    def read_strings(self) -> None:
        if (texts := self.package.find(SHARED_STRINGS)) is not None:
            self.shared_strings = _Texts(self.archive, texts.PartName[1:])

    def read_worksheets(self) -> None:
        for sheet, part in self.parser.find_sheets():
            if part.target not in self.valid_files:
                continue
            if "chartsheet" in part.Type:
                self.read_chartsheet(sheet, part)
            else:
                self.wb._sheets.append(_Page(self.wb, sheet.name, part.target, self.shared_strings))


def _xlsx_rows(table: Table) -> Iterator[Sequence[Any]]:
    with _workbook(table.path) as book:
        yield from book[table.sheet].iter_rows(values_only=True)


def _inspect_xls(path: Path, sheet: str) -> Table:
    found = [(str(name), int(height)) for name, height in _read_apart(path)]
    names = tuple(name for name, _ in found)
    filled = [name for name, height in found if height]
    if not filled:
        raise _refused(gettext_noop("The file is empty."))
    return Table(path, TableFormat.XLS, sheet=sheet if sheet in names else filled[0], sheets=names)


def _xls_rows(table: Table) -> Iterator[Sequence[Any]]:
    return _read_apart(table.path, table.sheet)


def _read_apart(path: Path, *sheet: str) -> Iterator[list[Any]]:
    """Yield what `common.xls_reader` prints; raises TableRefused where it ends with an error."""
    command = [sys.executable, "-m", "common.xls_reader", str(path), *sheet]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL, cwd=_ROOT) as process:  # noqa: S603  no shell
        yield from map(json.loads, process.stdout or ())
    if process.returncode:
        raise _refused(gettext_noop("The workbook cannot be opened; it may be broken or protected."))

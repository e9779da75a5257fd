"""The files that work is handed over in, told by content: office documents, archives, drawings, tables, text."""

import re
import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from common.errors import gettext_noop


@dataclass(frozen=True)
class WorkFormat:
    extension: str
    media_type: str


DOCX = WorkFormat(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = WorkFormat(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ZIP = WorkFormat(".zip", "application/zip")
DWG = WorkFormat(".dwg", "image/vnd.dwg")
DXF = WorkFormat(".dxf", "image/vnd.dxf")
STEP = WorkFormat(".step", "model/step")
STL = WorkFormat(".stl", "model/stl")
CSV = WorkFormat(".csv", "text/csv")
TEXT = WorkFormat(".txt", "text/plain")
FORMATS = (DOCX, XLSX, ZIP, DWG, DXF, STEP, STL, CSV, TEXT)
EXTENSIONS = (*(each.extension for each in FORMATS), ".stp")

MOST_ENTRIES = 2000
MOST_UNPACKED_BYTES = 500 * 1024 * 1024
_ENCRYPTED = 0x1
# The main part of an office document, and what makes one act.
_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MACROS = ("vbaproject.bin", "vbadata.xml")
# What a double click would start. Source code is work like any other and stays.
_PROGRAMS = frozenset(
    (
        ".exe", ".dll", ".com", ".scr", ".pif", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".jse", ".wsf", ".hta",
        ".lnk", ".jar", ".apk", ".docm", ".xlsm",
    )
)  # fmt: skip
_END_OF_ZIP = b"PK\x05\x06"
_END_OF_ZIP_BYTES = 22
_DWG_VERSION = re.compile(rb"AC10\d\d")
_DXF_START = re.compile(r"\ufeff?(\s*999\r?\n[^\n]*\n)*\s*0\r?\n\s*SECTION\r?\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PAGE = re.compile(r"<(!doctype|html|script|svg|\?php)", re.IGNORECASE)
_STL_HEAD, _STL_FACET = 84, 50


class Unfit(Exception):
    """The content is none of these, or acts; `sentence` is for the person who sent it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def recognised(content: bytes) -> WorkFormat:
    """Return which format `content` is in.

    Raises:
        Unfit: it is in none, or it is broken, protected by a password, too large unpacked, or has programs in it.
    """
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if _DWG_VERSION.match(content):
        return DWG
    if content.startswith(b"AutoCAD Binary DXF\r\n\x1a\x00"):
        return DXF
    if _is_binary_stl(content):
        return STL
    text = _text(content)
    if text is None or text.startswith("#!") or _PAGE.search(text[:1024]):
        raise Unfit(
            gettext_noop("Only PDF, pictures, Word, Excel, ZIP, DWG, DXF, STEP, STL, CSV and text can be handed over.")
        )
    return _written(text)


def _packed(content: bytes) -> WorkFormat:
    end = content.rfind(_END_OF_ZIP)
    if end < 0 or len(content) != end + _END_OF_ZIP_BYTES + int.from_bytes(content[end + 20 : end + 22], "little"):
        raise Unfit(gettext_noop("The archive is broken, or something else at the same time."))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unfit(gettext_noop("The archive is broken, or something else at the same time.")) from error
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Unfit(gettext_noop("The archive is protected by a password."))
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise Unfit(gettext_noop("The archive holds more than 2000 files or 500 MB."))
    paths = [PurePosixPath(entry.filename.replace("\\", "/")) for entry in entries]
    if any(path.is_absolute() or ".." in path.parts for path in paths):
        raise Unfit(gettext_noop("The archive would write outside of its folder."))
    if any(path.suffix.lower() in _PROGRAMS or path.name.lower() in _MACROS for path in paths):
        raise Unfit(gettext_noop("The archive or document has programs or macros in it; hand it over without them."))
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names:
        return next((form for part, form in _OFFICE.items() if part in names), ZIP)
    return ZIP


def _is_binary_stl(content: bytes) -> bool:
    if len(content) < _STL_HEAD + _STL_FACET:
        return False
    (facets,) = struct.unpack_from("<I", content, _STL_HEAD - 4)
    return len(content) == _STL_HEAD + _STL_FACET * int(facets)


def _text(content: bytes) -> str | None:
    """Return the content as text in one of the two encodings in use here; None when it is none."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _written(text: str) -> WorkFormat:
    if text.startswith("ISO-10303-21;"):
        return STEP
    if _DXF_START.match(text):
        return DXF
    if text.lstrip().startswith("solid") and "facet normal" in text and "endsolid" in text:
        return STL
    lines = [line for line in text.splitlines() if line.strip()][:20]
    for separator in ",;\t":
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and 0 not in counts:
            return CSV
    return TEXT

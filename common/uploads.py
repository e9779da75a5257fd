"""What an uploaded file truly is: judged by its content, re-made where it is shown, or refused."""

import hashlib
import io
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from common import work_files
from common.errors import Refused, gettext_noop


class FileKind(StrEnum):
    PICTURE = "picture"
    PDF = "pdf"
    WORK = "work"  # what work is handed over in: office documents, archives, drawings, tables, text


# What a browser may show; the rest is only ever downloaded.
SHOWN = (FileKind.PICTURE, FileKind.PDF)
# How the names of all that may be handed over end, for the file picker.
EXTENSIONS = (".pdf", ".jpg", ".jpeg", ".png", ".webp", *work_files.EXTENSIONS)
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_PAGES = 30
LONGEST_NAME = 200
# What a file of another kind starts with; found at the head or after the end, the file is two things at once.
_ALIEN_HEADS = (b"%PDF-", b"<html", b"<!doctype", b"<script", b"<?php", b"<svg", b"#!/")
_ALIEN_TAILS = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"<script", b"<?php", b"<html", b"Rar!\x1a", b"7z\xbc\xaf")
_READ = ("JPEG", "PNG", "WEBP")  # the reader of JPEG finds MPO, several of them in one file, by itself
_SAVED_AS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "JPEG", "MPO": "JPEG"}
_MEDIA = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
# Anything in a PDF that acts rather than shows.
_ACTIVE = ("/OpenAction", "/AA", "/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/XFA", "/RichMedia")


class UploadRefused(Refused):
    """The file is not what may be handed in."""


@dataclass(frozen=True)
class CleanFile:
    """A picture or PDF made anew, with nothing in it but what it shows; a work file as it came."""

    kind: FileKind
    content: bytes
    media_type: str
    extension: str
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def called(self, name: str) -> str:
        """Return the sender's name for it, ending as its content is; at most 200 characters."""
        stem = PurePath(name.replace("\\", "/")).stem[: LONGEST_NAME - len(self.extension)]
        return f"{stem or 'file'}{self.extension}"


def clean(content: bytes, *, accept: Collection[FileKind] = SHOWN, limit_bytes: int = MOST_BYTES) -> CleanFile:
    """Return the file as it may be kept.

    Raises:
        UploadRefused: too large, of another kind, broken, two things at once, or something that acts.
    """
    if not content:
        raise _refused(gettext_noop("The file is empty."))
    if len(content) > limit_bytes:
        raise _refused(gettext_noop("The file is larger than %(limit)s MB."), limit=limit_bytes // (1024 * 1024))
    if content.startswith(b"%PDF-") and FileKind.PDF in accept:
        return _clean_pdf(content)
    if FileKind.PICTURE in accept and _looks_like_picture(content):
        return _clean_picture(content)
    if FileKind.WORK in accept:
        return _clean_work(content)
    kinds = gettext_noop("Only JPEG, PNG and WebP pictures and PDF files can be handed in.")
    if FileKind.PDF not in accept:
        kinds = gettext_noop("Only JPEG, PNG and WebP pictures can be handed in.")
    raise _refused(kinds)


def _clean_work(content: bytes) -> CleanFile:
    try:
        found = work_files.recognised(content)
    except work_files.Unfit as error:
        raise _refused(error.sentence) from error
    return CleanFile(FileKind.WORK, content, found.media_type, found.extension)


def _refused(message: str, **params: object) -> UploadRefused:
    return UploadRefused(message, field="file", params=params)


def _looks_like_picture(content: bytes) -> bool:
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    )


def _clean_picture(content: bytes) -> CleanFile:
    if any(head in content[:1024].lower() for head in _ALIEN_HEADS):
        raise _refused(gettext_noop("The file is a picture and something else at once."))
    tail = content[_picture_end(content) :]
    if any(sign in tail for sign in _ALIEN_TAILS):
        raise _refused(gettext_noop("The file is a picture and something else at once."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_READ) as probe:
                if probe.width * probe.height > MOST_PIXELS:
                    raise _refused(gettext_noop("The picture has more than 40 million pixels."))
                source = str(probe.format)
                probe.verify()
            with Image.open(io.BytesIO(content), formats=_READ) as opened:
                opened.load()
                upright = ImageOps.exif_transpose(opened)
                return _encoded(upright, _SAVED_AS[source])
    except Refused:
        raise
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise _refused(gettext_noop("The picture cannot be read; it may be broken.")) from error


def _encoded(picture: Image.Image, form: str) -> CleanFile:
    out = io.BytesIO()
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
    plain.save(out, form, **({"quality": 90} if form == "JPEG" else {"optimize": False}))
    media_type, extension = _MEDIA[form]
    return CleanFile(FileKind.PICTURE, out.getvalue(), media_type, extension, plain.width, plain.height)


def _picture_end(content: bytes) -> int:
    """Return where the picture's own bytes end, as its format tells."""
    if content.startswith(b"\x89PNG"):
        end = content.find(b"IEND")
        return end + 8 if end >= 0 else len(content)
    if content.startswith(b"RIFF"):
        return 8 + int.from_bytes(content[4:8], "little")
    end = content.find(b"\xff\xd9", _jpeg_scan_start(content))
    return end + 2 if end >= 0 else len(content)


def _jpeg_scan_start(content: bytes) -> int:
    """Walk the segments up to the scan, so that a thumbnail's end is not taken for the picture's."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return at


def _clean_pdf(content: bytes) -> CleanFile:
    end = content.rfind(b"%%EOF")
    if end < 0 or any(sign in content[end:] for sign in _ALIEN_TAILS):
        raise _refused(gettext_noop("The PDF is broken, or something else at the same time."))
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise _refused(gettext_noop("The PDF is protected by a password."))
        if not 1 <= len(reader.pages) <= MOST_PAGES:
            raise _refused(gettext_noop("A PDF may have 1 to %(most)s pages."), most=MOST_PAGES)
        if _acts(reader):
            raise _refused(gettext_noop("The PDF has scripts, actions or files inside; print it anew as a plain PDF."))
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        writer.metadata = None
        out = io.BytesIO()
        writer.write(out)
    except Refused:
        raise
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError) as error:
        raise _refused(gettext_noop("The PDF cannot be read; it may be broken.")) from error
    return CleanFile(FileKind.PDF, out.getvalue(), "application/pdf", ".pdf")


def _acts(reader: PdfReader) -> bool:
    """Tell whether opening, reading or clicking would do anything but show pages."""
    root = _dictionary(reader.trailer["/Root"])
    places = [root, _dictionary(root.get("/Names")), _dictionary(root.get("/AcroForm"))]
    places += [_dictionary(page) for page in reader.pages]
    annotations = [_dictionary(note) for page in reader.pages for note in (page.get("/Annots") or [])]
    actions = [_dictionary(note["/A"]) for note in annotations if "/A" in note]
    if any(key in place for place in [*places, *annotations] for key in _ACTIVE):
        return True
    return any(action.get("/S") in {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"} for action in actions)


def _dictionary(part: Any) -> dict[str, Any]:
    found = part.get_object() if part is not None else {}
    return found if isinstance(found, dict) else {}


def text_of_pdf(content: bytes) -> str:
    """Return the text that a PDF carries as text; empty for a scan or a broken one."""
    try:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        return ""

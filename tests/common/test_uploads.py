"""What may be stored is decided by content."""

import hashlib
import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from common import uploads


def _picture(kind="JPEG", size=(40, 20), **fields) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **fields)
    return out.getvalue()


def _pdf(*, active: bool = False, password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if active:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_LIMIT = {"limit_bytes": 10 * 1024 * 1024}


def test_a_picture_loses_its_position():
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (24.0, 28.0, 0.0)}

    kept = uploads.clean(_picture(exif=exif), **_LIMIT)

    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 40, 20)
    assert not Image.open(io.BytesIO(kept.content)).getexif()


def test_several_pictures_in_one_become_the_first():
    second = Image.new("RGB", (40, 20), "red")

    kept = uploads.clean(_picture("MPO", save_all=True, append_images=[second]), **_LIMIT)

    assert kept.media_type == "image/jpeg"
    assert Image.open(io.BytesIO(kept.content)).format == "JPEG"


def test_a_plain_pdf_is_made_anew_and_named_by_its_hash():
    kept = uploads.clean(_pdf(), **_LIMIT)

    assert kept.media_type == "application/pdf"
    assert len(PdfReader(io.BytesIO(kept.content)).pages) == 1
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()


@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (b"", "empty"),
        (b"<svg onload=alert(1)>", "Only JPEG"),
        (b"GIF89a" + bytes(40), "Only JPEG"),
        (b"%PDF-1.7 broken", "broken"),
        (_picture()[:200], "broken"),
        (b"\xff\xd8\xff" + bytes(40), "broken"),
        (_picture() + b"<script>alert(1)</script>", "something else"),
        (_picture() + b"PK\x03\x04", "something else"),
        (_pdf(active=True), "scripts"),
        (_pdf(password="secret"), "password"),
        (_picture("PNG", (9000, 9000)), "pixels"),
    ],
)
def test_what_is_no_picture_or_calm_pdf_is_refused(upload, word):
    with pytest.raises(uploads.UploadRefused, match=word):
        uploads.clean(upload, **_LIMIT)


def test_a_file_over_the_limit_is_refused():
    with pytest.raises(uploads.UploadRefused, match="larger than 1 MB"):
        uploads.clean(b"x" * (1024 * 1024 + 1), limit_bytes=1024 * 1024)


def test_a_pdf_is_refused_where_only_pictures_are_wanted():
    with pytest.raises(uploads.UploadRefused, match="Only JPEG, PNG and WebP pictures can"):
        uploads.clean(_pdf(), accept=(uploads.FileKind.PICTURE,), **_LIMIT)

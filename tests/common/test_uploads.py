"""What may be stored is decided by content."""

import io

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from common import uploads


def _picture(kind="JPEG", size=(40, 20), **fields) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **fields)
    out.seek(0)
    return out


def _pdf(*, active: bool = False, password: str = "") -> io.BytesIO:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if active:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    out.seek(0)
    return out


def test_a_picture_loses_position_and_payload():
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (24.0, 28.0, 0.0)}
    upload = io.BytesIO(_picture(exif=exif).getvalue() + b"<script>alert(1)</script>")

    kept = uploads.clean(upload)

    assert kept.media_type == "image/jpeg"
    assert b"script" not in kept.content
    assert not Image.open(io.BytesIO(kept.content)).getexif()


def test_a_large_picture_is_scaled_and_named_by_its_hash():
    kept = uploads.clean(_picture("PNG", (5000, 100)))

    assert (kept.width, kept.media_type, kept.extension) == (4096, "image/png", "png")
    assert len(kept.sha256) == 64


def test_a_plain_pdf_is_kept_as_it_came():
    upload = _pdf()

    assert uploads.clean(upload).content == upload.getvalue()


@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (io.BytesIO(b""), "empty"),
        (io.BytesIO(b"<svg onload=alert(1)>"), "Only pictures"),
        (io.BytesIO(b"GIF89a" + b"\0" * 40), "Only pictures"),
        (io.BytesIO(b"%PDF-1.7 broken"), "damaged"),
        (io.BytesIO(_picture().getvalue()[:200]), "Only pictures"),
        (_pdf(active=True), "active"),
        (_pdf(password="secret"), "encrypted"),
    ],
)
def test_what_is_no_picture_or_calm_pdf_is_refused(upload, word):
    with pytest.raises(uploads.UploadRefused, match=word):
        uploads.clean(upload)


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole():
    with pytest.raises(uploads.UploadRefused, match="larger than 1 MB"):
        uploads.clean(io.BytesIO(b"x" * (1024 * 1024 + 1)), limit_bytes=1024 * 1024)


def test_a_pixel_bomb_is_refused():
    with pytest.raises(uploads.UploadRefused, match="pixels"):
        uploads.clean(_picture("PNG", (9000, 9000)))

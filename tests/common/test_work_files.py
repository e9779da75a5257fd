"""Work files are told by what is in them, whatever they are called."""

import io
import struct
import zipfile

import pytest

from common import uploads, work_files
from common.uploads import FileKind

ALL = tuple(FileKind)


def packed(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, date_time=(2026, 3, 2, 9, 0, 0)), content)
    return out.getvalue()


def stl(facets: int = 2) -> bytes:
    return bytes(80) + struct.pack("<I", facets) + bytes(50 * facets)


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (packed("[Content_Types].xml", "word/document.xml"), ".docx"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        (packed("drawings/part.dwg", "读我.txt"), ".zip"),
        (b"AC1027" + bytes(200), ".dwg"),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", ".dxf"),
        (b"999\nmade by hand\n0\nSECTION\n", ".dxf"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(20), ".dxf"),
        (b"ISO-10303-21;\nHEADER;\nENDSEC;\n", ".step"),
        (stl(), ".stl"),
        (b"solid part\nfacet normal 0 0 1\nendfacet\nendsolid part\n", ".stl"),
        ("零件,数量\n壳体,3\n端盖,4\n".encode(), ".csv"),
        ("零件,数量\n壳体,3\n".encode("gb18030"), ".csv"),
        ("验收说明：首件三坐标检测合格。".encode(), ".txt"),
    ],
)
def test_each_ordinary_format_is_kept_byte_for_byte_under_its_own_extension(content, extension):
    kept = uploads.clean(content, accept=ALL)

    assert (kept.kind, kept.extension, kept.content) == (FileKind.WORK, extension, content)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"MZ" + bytes(400), "Only PDF"),
        (b"\x7fELF" + bytes(400), "Only PDF"),
        (b"<!doctype html><p>hello", "Only PDF"),
        (b"\n<svg onload='alert(1)'>", "Only PDF"),
        (b"#!/bin/sh\nrm -r /\n", "Only PDF"),
        (packed("tool/setup.EXE"), "programs"),
        (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (packed("../../etc/cron.d/x"), "outside of its folder"),
        (packed("a.txt") + b"<script>alert(1)</script>", "something else"),
        (packed("a.txt")[:-30], "something else"),
        (packed(*(f"{number}.txt" for number in range(work_files.MOST_ENTRIES + 1))), "more than 2000"),
    ],
)
def test_what_acts_hides_or_is_broken_is_refused(content, word):
    with pytest.raises(uploads.UploadRefused, match=word):
        uploads.clean(content, accept=ALL)


def test_an_archive_that_swells_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"{number}.bin", bytes(100 * 1024 * 1024))

    assert len(out.getvalue()) < 1024 * 1024
    with pytest.raises(uploads.UploadRefused, match="500 MB"):
        uploads.clean(out.getvalue(), accept=ALL)


def test_a_protected_archive_is_refused():
    content = bytearray(packed("a.txt"))
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1  # the flag of an encrypted entry, in the directory

    with pytest.raises(uploads.UploadRefused, match="password"):
        uploads.clean(bytes(content), accept=ALL)


def test_work_files_are_refused_where_only_what_is_shown_may_come():
    with pytest.raises(uploads.UploadRefused, match="Only JPEG, PNG and WebP pictures and PDF"):
        uploads.clean(packed("a.txt"))


@pytest.mark.parametrize(
    ("sent_as", "kept_as"),
    [
        ("图纸.exe", "图纸.zip"),
        ("C:\\drawings\\part.v2.zip", "part.v2.zip"),
        ("../../etc/passwd", "passwd.zip"),
        ("", "file.zip"),
        ("长" * 300 + ".zip", "长" * 196 + ".zip"),
    ],
)
def test_a_file_is_named_by_its_sender_and_ends_as_its_content_is(sent_as, kept_as):
    kept = uploads.clean(packed("a.txt"), accept=ALL)

    assert kept.called(sent_as) == kept_as

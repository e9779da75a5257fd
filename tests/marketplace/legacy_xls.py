"""A workbook as Excel 97 wrote it: BIFF8 records in a compound file, for want of a library that still writes them."""

import struct

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def workbook(rows: list[list[object]], *, sheet: str = "Sheet1") -> bytes:
    """Return a workbook with one sheet; numbers are stored as numbers, all else as texts, None as no cell."""
    return _compound(_stream(rows, sheet))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, size: str) -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def _stream(rows: list[list[object]], sheet: str) -> bytes:
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    page = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    codepage = _record(0x0042, struct.pack("<H", 1200))
    name = _text(sheet, "<B")
    head = len(_record(0x0809, begin)) + len(codepage) + 4 + 6 + len(name) + len(_record(0x000A))
    book = _record(0x0809, begin) + codepage + _record(0x0085, struct.pack("<IH", head, 0) + name) + _record(0x000A)
    width = max(map(len, rows), default=0)
    cells = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            at = struct.pack("<HHH", r, c, 0)
            if isinstance(value, int | float):
                cells += _record(0x0203, at + struct.pack("<d", value))
            elif value is not None:
                cells += _record(0x0204, at + _text(str(value), "<H"))
    return book + _record(0x0809, page) + cells + _record(0x000A)


def _compound(stream: bytes) -> bytes:
    """Wrap one stream: the header, one sector of the allocation table, one of the directory, then the stream."""
    stream = stream.ljust(4096, b"\x00")  # shorter ones would have to lie in a stream of small pieces
    count = -(-len(stream) // SECTOR)
    chain = [FAT, END, *range(3, count + 2), END]
    table = struct.pack(f"<{SECTOR // 4}I", *chain, *[FREE] * (SECTOR // 4 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    root = _entry("Root Entry", 5, child=1, start=END, size=0)
    directory = root + _entry("Workbook", 2, child=FREE, start=2, size=len(stream)) + _entry("", 0) * 2
    return header + table + directory + stream.ljust(count * SECTOR, b"\x00")


def _entry(name: str, kind: int, *, child: int = FREE, start: int = 0, size: int = 0) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    return (
        text.ljust(64, b"\x00") + struct.pack("<HBB", length, kind, 1) + struct.pack("<III", FREE, FREE, child)
        + bytes(36) + struct.pack("<IQ", start, size)
    )  # fmt: skip

"""Tables in files: encodings, signs between cells, headers, old workbooks, and files that mean harm."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from common import tables
from tests.marketplace.legacy_xls import workbook

ROWS = [["设备名称", "备注"], ["车床甲", "夜班，可外借；急件加价"]]


def kept(folder: Path, content: bytes, name: str = "x") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, **more: str) -> list[list[str]]:
    return list(tables.rows(tables.inspect(path, **more)))


def xlsx(parts: dict[str, bytes] | None = None, *sheets: tuple[str, list[list[object]]]) -> bytes:
    """A workbook with its sheets; `parts` replaces files within."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, content in sheets or (("表", ROWS),):
        page = book.create_sheet(title)
        for row in content:
            page.append(row)
    out, mended = io.BytesIO(), io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as before, zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, (parts or {}).get(name, before.read(name)))
    return mended.getvalue()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(tmp_path, encoding, told):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = kept(
        tmp_path,
        mark + "设备名称,备注\r\n车床𠮷甲,夜班\r\n".replace("𠮷", "" if "gbk" in encoding else "𠮷").encode(encoding),
    )

    assert tables.inspect(path).encoding == told
    assert [row[0].replace("𠮷", "") for row in read(path)] == ["设备名称", "车床甲"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_told_even_where_cells_hold_others(tmp_path, sign):
    text = "\n".join(sign.join(f'"{cell}"' for cell in row) for row in [*ROWS, ["铣床乙", "a, b; c | d"]])

    table = tables.inspect(kept(tmp_path, text.encode()))

    assert table.delimiter == sign
    assert list(tables.rows(table))[-1] == ["铣床乙", "a, b; c | d"]


def test_an_old_workbook_is_read_from_the_top_left_of_its_sheet(tmp_path):
    rows = [[], [None, "设备名称", "单价"], [], [None, "车床甲", 120.5], [None, "铣床乙", 90]]

    path = kept(tmp_path, workbook(rows, sheet="名录"))

    assert (tables.inspect(path).format, tables.inspect(path).sheets) == ("xls", ("名录",))
    assert read(path) == [[], ["", "设备名称", "单价"], [], ["", "车床甲", "120.5"], ["", "铣床乙", "90"]]
    assert tables.first(tables.inspect(path), 2) == [[], ["", "设备名称", "单价"]]


def test_the_first_sheet_with_rows_is_read_unless_another_is_named(tmp_path):
    path = kept(tmp_path, xlsx(None, ("封面", []), ("甲", [["a"]]), ("乙", [["b"]])))

    assert read(path) == [["a"]]
    assert read(path, sheet="乙") == [["b"]]


def test_cells_are_texts_as_people_type_them(tmp_path):
    row = [
        1.0,
        1.5,
        True,
        date(2026, 3, 2),
        datetime(2026, 3, 2, 14, 30, tzinfo=UTC).replace(tzinfo=None),
        None,
        " 甲\u3000",
        123456789012,
    ]

    assert read(kept(tmp_path, xlsx(None, ("表", [row])))) == [
        ["1", "1.5", "是", "2026-03-02", "2026-03-02 14:30", "", "甲", "123456789012"]
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+86 592", "-18℃", "@甲", "'引号", "甲"])
def test_what_is_written_harmless_is_read_again_as_it_was(tmp_path, cell):
    out = io.StringIO()

    tables.write_csv(out, ["名称"], [[cell]])

    assert not out.getvalue().splitlines()[1].lstrip('"').startswith(("=", "+", "-", "@"))
    assert read(kept(tmp_path, out.getvalue().encode()))[1] == [cell]


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        ([["2026 年登记表"], [], ["设备名称", "单价"], ["车床", "5"]], 2),
        ([["设备名称", "单价"], ["单价", "说明"]], 0),
        ([["甲", "乙", "丙"], ["1", "2", "3"]], 0),
        ([["共 2 行"], ["甲", "乙", "丙"], ["1", "2", "3"]], 1),
    ],
    ids=["below a title", "the first of equals", "no name known", "no name known, below a title"],
)
def test_the_header_row_is_the_one_that_knows_most_names(rows, index):
    assert tables.header_row(rows, ["设备名称", "单价"]) == index


def test_a_blank_below_a_merged_heading_takes_its_text():
    assert tables.headers([["设备", "地点", "", ""], ["名称", "", "经度", ""]], 1) == ["名称", "地点", "经度", "地点"]


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET = HEAD + b'<row r="1">%s</row></sheetData></worksheet>'
CELL = b'<c r="A1" t="inlineStr"><is><t>%s</t></is></c>'


@pytest.mark.parametrize(
    "sheet",
    [
        SHEET % (CELL % (b"A" * 9 * 1024 * 1024)),
        SHEET % (b'<c r="A1"/>' * (9 * 1024 * 1024 // 11)),
        SHEET % (CELL % (b"A" * 401 * 1024 * 1024)),
    ],
    ids=["one huge cell", "one endless row", "more than 400 MB"],
)
def test_a_small_file_that_unpacks_to_much_is_refused_before_it_is_read(tmp_path, sheet):
    path = kept(tmp_path, xlsx({"xl/worksheets/sheet1.xml": sheet}))
    assert path.stat().st_size < 1024 * 1024

    with pytest.raises(tables.TableRefused, match="unpacks to more"):
        tables.inspect(path)


def test_an_old_workbook_that_tells_of_millions_of_cells_ends_its_reader_and_not_us(tmp_path):
    path = kept(tmp_path, workbook([[None] * 255 + ["x"], *[[]] * 65_000, ["y"]]))

    with pytest.raises(tables.TableRefused, match="cannot be opened"):
        tables.inspect(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n\x00\x01", "no table"),
        (b"PK\x03\x04" + b"x" * 50, "cannot be opened"),
        (workbook(ROWS)[:900], "cannot be opened"),
        (workbook([]), "is empty"),
    ],
    ids=["nothing", "a PDF", "half a zip", "half an old workbook", "an old workbook without a row"],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path, content, sentence):
    with pytest.raises(tables.TableRefused, match=sentence):
        tables.inspect(kept(tmp_path, content))


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLENTY = 20_000  # rows: many times what is read ahead


def test_the_first_rows_of_a_sheet_without_a_size_are_read_and_no_more(tmp_path):
    row = '<row><c t="inlineStr"><is><t>车床</t></is></c></row>'
    sheet = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{row * PLENTY}<broken'

    table = tables.inspect(kept(tmp_path, xlsx({"xl/worksheets/sheet1.xml": sheet.encode()})))

    assert tables.first(table, 2) == [["车床"], ["车床"]]
    with pytest.raises(tables.TableRefused, match="cannot be read to its end"):
        list(tables.rows(table))


def sharing(texts: str, sheet: str) -> bytes:
    """A workbook whose cells share their texts, as Excel writes them."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    plain, out = io.BytesIO(xlsx({"xl/worksheets/sheet1.xml": sheet.encode()})), io.BytesIO()
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            told = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            after.writestr(name, before.read(name).replace(b"</Types>", told.encode()))
        after.writestr("xl/sharedStrings.xml", texts)
    return out.getvalue()


def test_shared_texts_are_read_as_far_as_the_rows_that_are_read_need_them(tmp_path):
    rows = "".join(f'<row><c t="s"><v>{number}</v></c></row>' for number in range(PLENTY + 1))
    texts = "".join(f"<si><t>车床{number}</t></si>" for number in range(PLENTY))
    sheet = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'

    table = tables.inspect(kept(tmp_path, sharing(f'<sst xmlns="{NAMESPACE}">{texts}<broken', sheet)))

    assert tables.first(table, 2) == [["车床0"], ["车床1"]]
    with pytest.raises(tables.TableRefused, match="cannot be read to its end"):
        list(tables.rows(table))


def test_a_cell_that_points_to_no_shared_text_is_refused(tmp_path):
    cells = "".join(f'<row><c t="s"><v>{number}</v></c></row>' for number in (1, 0, 99))
    sheet = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{cells}</sheetData></worksheet>'
    texts = f'<sst xmlns="{NAMESPACE}"><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r></si></sst>'
    path = kept(tmp_path, sharing(texts, sheet))

    with pytest.raises(tables.TableRefused, match="broken"):
        read(path)
    sound = kept(tmp_path, sharing(texts, sheet.replace("99", "1")))
    assert read(sound) == [["乙丙"], ["甲"], ["乙丙"]]


def test_too_many_rows_or_columns_are_refused_while_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)

    with pytest.raises(tables.TableRefused, match="rows; split"):
        read(kept(tmp_path, b"a,b\n" * 4))
    with pytest.raises(tables.TableRefused, match="200 columns"):
        read(kept(tmp_path, b",".join([b"a"] * 201)))

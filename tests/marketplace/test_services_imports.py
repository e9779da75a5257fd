"""Imports: awkward files, dry run, quarantine, all-or-chosen commit, undo."""

import csv
import io

import openpyxl
import pytest

from accounts.selectors.verification import PublishingNeedsVerification
from common import tables
from marketplace.core.import_states import ImportState, RowState
from marketplace.models import ImportRun, Listing, ListingVersion
from marketplace.selectors import imports as reads
from marketplace.services import imports
from tests import make

pytestmark = pytest.mark.django_db

HEADERS = ["设备名称", "设备类型", "单价（元）", "起订量", "纬度", "经度", "地址", "有效期至"]
GOOD = ["五轴机床甲", "五轴加工中心", "180.50", "2", "24.51", "118.14", "厦门市湖里区", "2027-01-31"]
OTHER = ["注塑机乙", "注塑机", "90", "1", "24.60", "118.06", "厦门市集美区", "2027年6月30日"]


def csv_bytes(*rows, encoding="utf-8", delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(*rows, title_row=None):
    book = openpyxl.Workbook()
    page = book.active
    if title_row:
        page.append([title_row])
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(content, *, owner=None, defaults=None, kind="listings", direction_code="equipment", **mapping):
    """Upload and check; `mapping` adds columns to what is guessed."""
    by = make.actor(owner or make.organisation())
    run = imports.upload(content, "表.csv", kind=kind, direction_code=direction_code, by=by, at=make.MONDAY_9AM)
    wanted = run.mapping | mapping
    imports.set_mapping(run.code, wanted, defaults=defaults, by=by, at=make.MONDAY_9AM)
    imports.start(run.code, "check", by=by, at=make.MONDAY_9AM)
    return imports.check(run.code, at=make.MONDAY_9AM), by


def committed(run, by, **more):
    imports.start(run.code, "commit", by=by, at=make.MONDAY_9AM, **more)
    return imports.commit(run.code, at=make.MONDAY_9AM, **more)


def codes(run, number):
    return [problem["code"] for problem in run.rows.get(number=number).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_understood_in_every_usual_encoding(encoding, delimiter):
    run, _ = checked(csv_bytes(HEADERS, GOOD, OTHER, encoding=encoding, delimiter=delimiter))

    assert (run.n_rows, run.n_ready) == (2, 2)
    assert run.rows.get(number=2).values["title"] == "五轴机床甲"
    assert run.rows.get(number=2).values["price_fen"] == 18_050


def test_the_header_row_is_found_below_a_merged_title():
    run, _ = checked(xlsx_bytes(HEADERS, GOOD, title_row="2026 年闲置设备登记表"))

    assert run.header_row == 2
    assert run.n_ready == 1


def test_a_formula_gives_its_computed_value_and_none_where_it_was_never_computed():
    run, _ = checked(xlsx_bytes(HEADERS, [*GOOD[:2], "=90*2", *GOOD[3:]]))

    assert run.n_ready == 1
    assert "price_fen" not in run.rows.get(number=2).values  # openpyxl wrote no cached value


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"x" * 50, "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "broken"),
        (b"\x7fELF\x00\x00\x00" * 9, "no table"),
        (b"a,b\n" * 5_242_881, "20 MB"),
    ],
    ids=["empty", "no zip", "no xls", "binary", "21 MB"],
)
def test_what_is_no_table_is_refused_with_a_reason_and_not_kept(content, sentence):
    by = make.actor(make.organisation())

    with pytest.raises(tables.TableRefused, match=sentence):
        imports.upload(content, "x", kind="listings", direction_code="equipment", by=by, at=make.MONDAY_9AM)

    assert not ImportRun.objects.exists()


def test_a_dry_run_writes_no_listing_and_names_every_fault_at_its_cell():
    bad = ["", "飞机", "很贵", "2.5", "24.51", "118.14", "", "明天"]
    run, _ = checked(csv_bytes(HEADERS, GOOD, bad))

    assert (run.state, run.n_ready, run.n_faulty) == (ImportState.CHECKED, 1, 1)
    found = {(problem["column"], problem["code"]) for problem in run.rows.get(number=3).problems}
    assert found == {
        (1, "missing"), (2, "unknown_choice"), (2, "missing"), (3, "not_a_number"), (4, "not_whole"), (8, "not_a_day"),
    }  # fmt: skip
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["机", "五轴加工中心", "180", "2", "118.14", "24.51", "", ""], "swapped"),
        (["机", "五轴加工中心", "180", "2", "35.86166", "104.195397", "", ""], "country_middle"),
        (["机", "五轴加工中心", "180", "2", "0", "0", "", ""], "nowhere"),
        (HEADERS, "header_again"),
        (["机", "五轴加工中心", "好用的", "180", "2", "24.51", "118.14", "2027-01-31"], "shifted"),
    ],
    ids=["swapped", "country middle", "nowhere", "header again", "shifted"],
)
def test_a_row_that_can_be_read_and_still_is_wrong_is_quarantined(row, code):
    run, by = checked(csv_bytes(HEADERS, GOOD, row))

    assert run.n_suspicious == 1
    assert codes(run, 3) == [code]
    assert committed(run, by).n_loaded == 1


def test_the_same_machine_twice_in_a_file_or_already_there_is_a_duplicate():
    owner = make.organisation()
    make.listing(owner, title="注塑机乙", place=None)
    run, _ = checked(csv_bytes(HEADERS, GOOD, [" 五轴机床（甲）", *GOOD[1:]], OTHER), owner=owner)

    assert [row.state for row in reads.rows(run)] == [RowState.READY, RowState.DUPLICATE, RowState.DUPLICATE]
    assert (codes(run, 3), codes(run, 4)) == (["twice"], ["there"])


def test_commit_takes_what_is_ready_and_the_chosen_ones():
    run, by = checked(csv_bytes(HEADERS, GOOD, GOOD, OTHER))

    imports.start(run.code, "commit", rows=[3], by=by, at=make.MONDAY_9AM)
    done = imports.commit(run.code, rows=[3], at=make.MONDAY_9AM)

    assert (done.state, done.n_loaded) == (ImportState.COMMITTED, 3)
    assert Listing.objects.filter(state="draft", owner_id=by.organisation_id).count() == 3
    assert ListingVersion.objects.count() == 3


def test_a_faulty_row_cannot_be_chosen():
    run, by = checked(csv_bytes(HEADERS, GOOD, ["", *OTHER[1:]]))

    imports.start(run.code, "commit", rows=[3], by=by, at=make.MONDAY_9AM)

    assert imports.commit(run.code, rows=[3], at=make.MONDAY_9AM).n_loaded == 1


def test_running_a_step_twice_changes_nothing_more():
    run, by = checked(csv_bytes(HEADERS, GOOD))
    committed(run, by)

    imports.commit(run.code, at=make.MONDAY_9AM)
    imports.check(run.code, at=make.MONDAY_9AM)

    assert Listing.objects.count() == 1


def test_undo_takes_everything_back_and_closes_what_others_refer_to():
    run, by = checked(csv_bytes(HEADERS, GOOD, OTHER))
    committed(run, by, publish=True)
    dealt = Listing.objects.get(title="注塑机乙")
    make.order(dealt)

    imports.start(run.code, "undo", by=by, at=make.MONDAY_9AM)
    undone = imports.undo(run.code, at=make.MONDAY_9AM)

    assert (undone.state, undone.n_loaded) == (ImportState.UNDONE, 1)
    assert list(Listing.objects.values_list("title", "state")) == [("注塑机乙", "closed")]


def test_places_in_another_datum_are_converted_once():
    by = make.actor(make.organisation())
    run = imports.upload(
        csv_bytes(HEADERS, GOOD), "x.csv", kind="listings", direction_code="equipment", by=by, at=make.MONDAY_9AM
    )
    imports.set_mapping(run.code, run.mapping, datum="gcj02", by=by, at=make.MONDAY_9AM)
    imports.start(run.code, "check", by=by, at=make.MONDAY_9AM)
    imports.check(run.code, at=make.MONDAY_9AM)

    values = run.rows.get(number=2).values
    assert 0.003 < 118.14 - values["lng"] < 0.007
    assert 0.001 < 24.51 - values["lat"] + 0.004 < 0.009


def test_the_mapping_is_remembered_for_the_same_headers():
    owner = make.organisation()
    content = csv_bytes(["编号", "型谱", "钱"], ["甲", "五轴加工中心", "5"])
    checked(content, owner=owner, title=0, **{"a.machine": 1, "price_fen": 2})

    again = imports.upload(
        content, "x.csv", kind="listings", direction_code="equipment", by=make.actor(owner), at=make.MONDAY_9AM
    )
    elsewhere = imports.upload(
        content,
        "x.csv",
        kind="listings",
        direction_code="equipment",
        by=make.actor(make.organisation()),
        at=make.MONDAY_9AM,
    )

    assert again.mapping == {"title": 0, "a.machine": 1, "price_fen": 2}
    assert elsewhere.mapping == {}


def test_a_budget_in_ten_thousand_yuan_is_read_as_such():
    content = csv_bytes(["采购项目名称", "预算金额(万元)", "预计采购时间"], ["设备维保", "65.000000", "2026年03月"])
    run, _ = checked(content, kind="demands", direction_code="skills", defaults={"a.field": "consulting"})

    assert run.n_ready == 1
    assert run.rows.get(number=2).values["total_fen"] == 65_000_000


def test_a_stranger_sees_no_import_and_cannot_move_it():
    run, _ = checked(csv_bytes(HEADERS, GOOD))
    stranger = make.actor(make.organisation())

    with pytest.raises(ImportRun.DoesNotExist):
        reads.get(run.code, viewer=stranger)
    with pytest.raises(ImportRun.DoesNotExist):
        imports.start(run.code, "commit", by=stranger, at=make.MONDAY_9AM)

    assert not Listing.objects.exists()


def test_publishing_an_import_asks_for_the_same_proofs():
    run, by = checked(csv_bytes(HEADERS, GOOD), owner=make.organisation(verified=False))

    with pytest.raises(PublishingNeedsVerification):
        imports.start(run.code, "commit", publish=True, by=by, at=make.MONDAY_9AM)

    run.refresh_from_db()
    assert run.state == ImportState.CHECKED


def test_the_error_file_lists_what_is_not_ready_with_its_cells_and_no_formula():
    run, _ = checked(csv_bytes(HEADERS, GOOD, ["=1+1", "飞机", *GOOD[2:]]))
    header, rows = reads.error_file(run)
    out = io.StringIO()

    tables.write_csv(out, header, rows)

    lines = list(csv.reader(io.StringIO(out.getvalue())))
    assert len(lines) == 2
    assert lines[1][0] == "3"
    assert lines[1][3] == "'=1+1"

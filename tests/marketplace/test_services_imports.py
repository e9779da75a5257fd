"""Imports: awkward files, dry run, quarantine, all-or-chosen commit, undo."""

import csv
import io

import openpyxl
import pytest
from django.utils import translation

from accounts.selectors.verification import PublishingNeedsVerification
from common import tables
from marketplace.core.import_states import ImportKind, ImportState, RowState
from marketplace.directions import DIRECTIONS
from marketplace.models import Demand, ImportRun, Listing, ListingVersion
from marketplace.selectors import exports
from marketplace.selectors import imports as reads
from marketplace.services import import_columns, import_template, imports
from marketplace.services.import_writing import OrderRests
from tests import make
from tests.marketplace.import_tables import checked, codes, committed, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

HEADERS = ["设备名称", "设备类型", "单价（元）", "起订量", "纬度", "经度", "地址", "有效期至"]
GOOD = ["五轴机床甲", "五轴加工中心", "180.50", "2", "24.51", "118.14", "厦门市湖里区", "2027-01-31"]
OTHER = ["注塑机乙", "注塑机", "90", "1", "24.60", "118.06", "厦门市集美区", "2027年6月30日"]


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
        imports.upload(io.BytesIO(content), "x", kind="listings", direction_code="equipment", by=by, at=make.MONDAY_9AM)

    assert not ImportRun.objects.exists()


def test_a_dry_run_writes_no_listing_and_names_every_fault_at_its_cell():
    bad = ["", "飞机", "很贵", "2.5", "24.51", "118.14", "", "明天"]
    run, _ = checked(csv_bytes(HEADERS, GOOD, bad))

    assert (run.state, run.n_ready, run.n_faulty) == (ImportState.CHECKED, 1, 1)
    found = {(problem["column"], problem["code"]) for problem in run.rows.get(number=3).problems}
    assert found == {
        (1, "missing"), (2, "unknown_choice"), (3, "not_a_number"), (4, "not_whole"), (8, "not_a_day"),
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
        (["机", "五轴加工中心", "是", "2", "24.51", "118.14", "", ""], "shifted"),
        (["机", "五轴加工中心", "180", "2", "39.9", "116.4", "", "", "厦门市湖里区"], "far"),
    ],
    ids=["swapped", "country middle", "nowhere", "header again", "shifted", "a yes for a price", "far away"],
)
def test_a_row_that_can_be_read_and_still_is_wrong_is_quarantined(row, code):
    run, by = checked(csv_bytes([*HEADERS, "行政区划"], GOOD, row))

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


def test_undoing_the_whole_is_refused_once_an_order_rests_on_a_row():
    run, by = checked(csv_bytes(HEADERS, GOOD, OTHER))
    committed(run, by, publish=True)
    make.order(Listing.objects.get(title="注塑机乙"))

    with pytest.raises(OrderRests, match="the first on row 3"):
        imports.start(run.code, "undo", by=by, at=make.MONDAY_9AM)

    run.refresh_from_db()
    assert run.state == ImportState.COMMITTED
    assert Listing.objects.filter(state="published").count() == 2


def test_undoing_the_rest_takes_back_what_nobody_ordered_and_closes_what_somebody_did():
    run, by = checked(csv_bytes(HEADERS, GOOD, OTHER))
    committed(run, by, publish=True)
    make.order(Listing.objects.get(title="注塑机乙"))

    imports.start(run.code, "undo", rest_only=True, by=by, at=make.MONDAY_9AM)
    undone = imports.undo(run.code, at=make.MONDAY_9AM)

    assert (undone.state, undone.n_loaded) == (ImportState.UNDONE, 1)
    assert list(Listing.objects.values_list("title", "state")) == [("注塑机乙", "closed")]


def test_places_in_another_datum_are_converted_once():
    by = make.actor(make.organisation())
    run = imports.upload(
        io.BytesIO(csv_bytes(HEADERS, GOOD)),
        "x.csv",
        kind="listings",
        direction_code="equipment",
        by=by,
        at=make.MONDAY_9AM,
    )
    imports.set_mapping(run.code, run.mapping, datum="gcj02", by=by, at=make.MONDAY_9AM)
    imports.start(run.code, "check", by=by, at=make.MONDAY_9AM)
    imports.check(run.code, at=make.MONDAY_9AM)

    lng, lat = run.rows.get(number=2).values["place"]
    assert 0.003 < 118.14 - lng < 0.007
    assert 0.001 < 24.51 - lat + 0.004 < 0.009


def test_the_mapping_is_remembered_for_the_same_headers():
    owner = make.organisation()
    content = csv_bytes(["编号", "型谱", "钱"], ["甲", "五轴加工中心", "5"])
    checked(content, owner=owner, title=0, **{"a.machine": 1, "price_fen": 2})

    again = imports.upload(
        io.BytesIO(content),
        "x.csv",
        kind="listings",
        direction_code="equipment",
        by=make.actor(owner),
        at=make.MONDAY_9AM,
    )
    elsewhere = imports.upload(
        io.BytesIO(content),
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
    assert run.rows.get(number=2).values["budget_fen"] == 65_000_000


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


def test_an_error_file_that_was_mended_is_imported_as_it_is():
    owner = make.organisation()
    run, _ = checked(csv_bytes(HEADERS, GOOD, ["", *OTHER[1:]]), owner=owner)
    header, (row,) = reads.error_file(run)
    mended = [cell or "注塑机乙" for cell in row]

    again, by = checked(csv_bytes(header, mended), owner=owner)

    assert again.n_ready == 1
    assert committed(again, by).n_loaded == 1
    assert Listing.objects.get().title == "注塑机乙"


def test_a_template_is_understood_at_once_whatever_its_language():
    for entry in DIRECTIONS:
        for kind in ImportKind:
            known = import_columns.targets(kind, entry.code)
            for lang in ("zh-hans", "en"):
                with translation.override(lang):
                    out = io.BytesIO()
                    import_template.write(out, kind=kind, code=entry.code)
                book = openpyxl.load_workbook(out)
                headers = [cell.value for cell in book.worksheets[0][1]]
                wanted = [target.name for target in known if target.name != "total_10k_fen"]
                assert import_columns.guess(headers, kind, entry.code) == {name: n for n, name in enumerate(wanted)}
                assert book.worksheets[1].max_row == len(wanted) + 1


def test_a_template_that_was_not_filled_in_is_refused():
    out, by = io.BytesIO(), make.actor(make.organisation())
    import_template.write(out, kind="listings", code="equipment")
    out.seek(0)

    with pytest.raises(tables.TableRefused, match="no row below the headers"):
        imports.upload(out, "x.xlsx", kind="listings", direction_code="equipment", by=by, at=make.MONDAY_9AM)


@pytest.mark.parametrize(
    ("cells", "lower", "upper"),
    [
        (("2026-04-01", "2026-04-30"), "2026-03-31T16:00:00+00:00", "2026-04-30T16:00:00+00:00"),
        (("2026年4月", "2026年4月"), "2026-03-31T16:00:00+00:00", "2026-04-30T16:00:00+00:00"),
        (("2026/4/1 08:30", "2026-04-01 17:00"), "2026-04-01T00:30:00+00:00", "2026-04-01T09:00:00+00:00"),
        (("2026-04-01 00:00:00", "2026-04-30 00:00:00"), "2026-03-31T16:00:00+00:00", "2026-04-30T16:00:00+00:00"),
        (
            ("2026-04-01T00:30:00+00:00", "2026-04-01T09:00:00Z"),
            "2026-04-01T00:30:00+00:00",
            "2026-04-01T09:00:00+00:00",
        ),
    ],
    ids=["days", "months", "times in China", "days as Excel writes them", "instants"],
)
def test_a_period_is_read_as_people_write_it(cells, lower, upper):
    content = csv_bytes(["需求名称", "设备类型", "开始日期", "结束日期"], ["铣", "五轴加工中心", *cells])
    run, by = checked(content, kind="demands")
    committed(run, by)

    period = Demand.objects.get().period
    assert (period.lower.isoformat(), period.upper.isoformat()) == (lower, upper)


def test_a_period_that_ends_before_it_begins_is_faulty_at_its_end():
    content = csv_bytes(
        ["需求名称", "设备类型", "开始日期", "结束日期"], ["铣", "五轴加工中心", "2026-05-01", "2026-04-01"]
    )
    run, _ = checked(content, kind="demands")

    assert [(problem["column"], problem["target"]) for problem in run.rows.get().problems] == [(4, "end")]


def test_a_column_in_fen_is_read_as_fen():
    run, _ = checked(csv_bytes(["设备名称", "设备类型", "price_fen"], ["甲", "五轴加工中心", "18050"]))

    assert run.rows.get().values["price_fen"] == 18_050


def test_a_number_outside_its_limits_is_told_with_them():
    run, _ = checked(csv_bytes(["设备名称", "设备类型", "轴数"], ["甲", "五轴加工中心", "1000000"]))

    (problem,) = run.rows.get().problems
    assert (problem["column"], problem["code"]) == (3, "out_of_range")
    assert problem["message"] == "Give a number from %(least)s to %(most)s."


def test_a_listing_whose_last_day_has_passed_stays_a_draft_when_the_import_is_published():
    run, by = checked(csv_bytes(HEADERS, GOOD, [*OTHER[:-1], "2020-01-31"]))

    committed(run, by, publish=True)

    assert dict(Listing.objects.values_list("title", "state")) == {"五轴机床甲": "published", "注塑机乙": "draft"}


def test_a_failure_while_rows_are_written_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 1)
    run, by = checked(csv_bytes(HEADERS, GOOD, OTHER))
    run.rows.filter(number=3).update(values={"valid_until": "无"})  # as nothing here would write it
    imports.start(run.code, "commit", by=by, at=make.MONDAY_9AM)

    with pytest.raises(ValueError, match="isoformat"):
        imports.commit(run.code, at=make.MONDAY_9AM)

    assert not Listing.objects.exists()
    assert set(run.rows.values_list("state", flat=True)) == {RowState.READY}


@pytest.mark.parametrize("direction", ["equipment", "resources", "capacity"])
def test_what_is_exported_comes_in_again_as_it_was(direction):
    owner, other = make.organisation(), make.organisation()
    listing = make.listing(owner, direction, title="=出口", summary="-18℃ 可用")
    demand = make.demand(owner, direction, title="要的")
    found = {table.name: table for table in exports.tables_of(make.actor(owner))}

    for kind, name in (("listings", f"listings_{direction}"), ("demands", f"demands_{direction}")):
        out = io.StringIO()
        tables.write_csv(out, found[name].header, found[name].rows)
        run, by = checked(out.getvalue().encode(), owner=other, kind=kind, direction_code=direction)
        assert [row.problems for row in reads.rows(run)] == [[]]
        committed(run, by)

    kept = ("title", "summary", "description", "attributes", "unit", "price_fen", "reserve_price_fen", "setup_fee_fen",
            "minimum_lot", "address", "division_code", "industry_code", "place")  # fmt: skip
    again = Listing.objects.get(owner=other)
    assert {name: getattr(again, name) for name in kept} == {name: getattr(listing, name) for name in kept}
    wish = ("title", "attributes", "unit", "quantity", "budget_fen", "is_whole", "max_suppliers", "radius_m",
            "division_code", "place", "period", "deadline_at")  # fmt: skip
    wanted = Demand.objects.get(owner=other)
    demand.refresh_from_db()
    assert {name: getattr(wanted, name) for name in wish} == {name: getattr(demand, name) for name in wish}
    legs = ("ordinal", "title", "unit", "quantity", "budget_fen", "attributes")
    assert list(wanted.legs.values(*legs)) == list(demand.legs.values(*legs))

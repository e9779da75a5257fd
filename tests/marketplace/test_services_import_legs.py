"""Imports of bundles: one row for each leg, one demand for each reference, all legs or nothing."""

import pytest

from marketplace.core.import_states import ImportState, RowState
from marketplace.models import Demand, DemandLeg, DemandVersion
from marketplace.services import imports
from tests import make
from tests.marketplace.import_tables import checked, codes, committed, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

HEADERS = [
    "需求编号",
    "需求名称",
    "开始日期",
    "结束日期",
    "整包预算上限",
    "环节名称",
    "环节",
    "服务",
    "数量",
    "单位",
    "环节单价上限",
    "面积",
]
STORE = ["甲", "新品上市", "2026-04-01", "2026-06-30", "120000", "仓储", "运营", "仓储", "500", "平方米", "30", "500"]
TRUCK = ["甲", "", "", "", "", "干线", "物流", "整车运输", "3", "车次", "4000", ""]
TEST = ["乙", "出口认证", "", "", "", "检测", "技术", "检验检测", "1", "批", "", ""]


def bundles(*rows, **more):
    return checked(csv_bytes(HEADERS, *rows), kind="demands", direction_code="resources", **more)


def states(run):
    return [RowState(state) for state in run.rows.order_by("number").values_list("state", flat=True)]


def problems(run, number):
    return [(problem["column"], problem["code"]) for problem in run.rows.get(number=number).problems]


def test_rows_of_one_reference_make_one_demand_with_their_legs_in_order():
    run, by = bundles(STORE, TEST, TRUCK)

    assert (run.n_rows, run.n_ready) == (3, 3)
    assert committed(run, by, publish=True).n_loaded == 3
    whole, other = Demand.objects.order_by("title").prefetch_related("legs")[::-1]
    assert (whole.title, whole.state, whole.unit, whole.quantity, whole.budget_fen, whole.is_whole) == (
        "新品上市", "published", "bundle", 1, 12_000_000, True,
    )  # fmt: skip
    assert (whole.period.lower.isoformat(), whole.period.upper.isoformat()) == (
        "2026-03-31T16:00:00+00:00", "2026-06-30T16:00:00+00:00",
    )  # fmt: skip
    legs = whole.legs.order_by("ordinal").values_list("title", "quantity", "unit", "budget_fen", "attributes")
    assert list(legs) == [
        ("仓储", 500, "m2", 3_000, {"leg": "operation", "service": "operation.storage", "area_m2": 500}),
        ("干线", 3, "trip", 400_000, {"leg": "logistics", "service": "logistics.ftl"}),
    ]
    assert "整车" in whole.search_text
    assert [leg["title"] for leg in DemandVersion.objects.get(demand=whole).content["legs"]] == ["仓储", "干线"]
    assert [leg.title for leg in other.legs.all()] == ["检测"]
    assert set(run.rows.filter(number__in=[2, 4]).values_list("code", flat=True)) == {whole.code}


def test_a_fault_in_one_leg_keeps_the_whole_demand_out_and_no_other():
    run, by = bundles(STORE, [*TRUCK[:7], "飞船", "2.5", *TRUCK[9:]], TEST)

    assert states(run) == [RowState.FAULTY, RowState.FAULTY, RowState.READY]
    assert problems(run, 3) == [(9, "not_whole"), (8, "unknown_choice")]
    assert codes(run, 2) == ["fellow"]
    assert committed(run, by).n_loaded == 1
    assert list(Demand.objects.values_list("title", flat=True)) == ["出口认证"]
    assert DemandLeg.objects.count() == 1


def test_a_row_that_contradicts_its_demand_is_named_at_the_cell():
    run, _ = bundles(STORE, ["甲", "另一件事", "", "", "90000", *TRUCK[5:]])

    assert states(run) == [RowState.FAULTY, RowState.FAULTY]
    assert problems(run, 3) == [(2, "differs"), (5, "differs")]


def test_a_shifted_leg_keeps_its_whole_demand_from_being_chosen():
    run, by = bundles(STORE, ["", "甲", "", "", "", "", "干线", "物流", "整车运输", "3", "车次", "4000"], TEST)

    assert states(run) == [RowState.SUSPICIOUS, RowState.SUSPICIOUS, RowState.READY]
    assert committed(run, by, rows=[2, 3]).n_loaded == 1
    assert not Demand.objects.filter(title="新品上市").exists()


def test_choosing_one_leg_of_a_doubtful_demand_takes_all_of_them():
    owner = make.organisation()
    make.demand(owner, "resources", title="新品上市", place=None, radius_m=None)
    run, by = bundles(STORE, TRUCK, owner=owner)

    assert states(run) == [RowState.DUPLICATE, RowState.DUPLICATE]
    assert (codes(run, 2), codes(run, 3)) == (["there"], ["fellow"])
    assert committed(run, by, rows=[3]).n_loaded == 2
    assert DemandLeg.objects.filter(demand__import_run=run).count() == 2


def test_the_same_leg_twice_is_a_duplicate():
    run, _ = bundles(STORE, TRUCK, TRUCK)

    assert states(run) == [RowState.DUPLICATE] * 3
    assert codes(run, 4) == ["twice"]


def test_merged_cells_leave_the_reference_to_the_first_row():
    blank = [None] * 5
    run, by = checked(
        xlsx_bytes(HEADERS, STORE, [*blank, *TRUCK[5:]], TEST), kind="demands", direction_code="resources"
    )

    assert committed(run, by).n_loaded == 3
    assert DemandLeg.objects.filter(demand__title="新品上市").count() == 2


def test_a_row_without_a_reference_that_tells_of_a_demand_is_faulty_at_that_cell():
    run, _ = bundles(STORE, ["", *TEST[1:]])

    assert states(run) == [RowState.READY, RowState.FAULTY]
    assert problems(run, 3) == [(1, "missing")]


def test_a_bundle_takes_20_legs_and_not_one_more():
    legs = [[*TRUCK[:5], f"第 {n} 段", *TRUCK[6:]] for n in range(20)]
    run, by = bundles(STORE, *legs)

    assert set(states(run)) == {RowState.FAULTY}
    assert problems(run, 22) == [(1, "too_many_legs")]
    run, by = bundles(STORE, *legs[:-1])
    assert committed(run, by).n_loaded == 20


def test_undoing_bundles_takes_their_legs_back():
    run, by = bundles(STORE, TRUCK, TEST)
    committed(run, by)

    imports.start(run.code, "undo", by=by, at=make.MONDAY_9AM)
    run = imports.undo(run.code, at=make.MONDAY_9AM)

    assert (run.state, run.n_loaded) == (ImportState.UNDONE, 0)
    assert (Demand.objects.count(), DemandLeg.objects.count(), DemandVersion.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("batch", [1, 2])
def test_a_batch_never_cuts_a_demand(monkeypatch, batch):
    monkeypatch.setattr(imports, "BATCH", batch)
    run, by = bundles(STORE, TEST, TRUCK)

    assert committed(run, by).n_loaded == 3
    assert Demand.objects.count() == 2

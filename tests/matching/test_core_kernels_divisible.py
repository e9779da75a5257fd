"""The compiled kernel for divisible quantities against HiGHS, trying everything and linear programs."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings

from matching.core.flow import best_quantities
from matching.core.kernels import decide, divisible, lists
from matching.core.prices import Prices, price_range
from matching.core.problem import ints
from tests.matching.markets import best_by_trying, problems
from tests.matching.seeded_markets import certify, markets, one, problem, total


def plan_of(market, **how):
    rows = lists.by_row(market.need, market.lot, market.surplus_fen, n_rows=market.n_needs)
    return rows, divisible.best_plan(rows, quantity=market.quantity, capacity=market.capacity, **how)


def violations(rows, plan, market) -> int:
    """Count every breach of what `Plan` says an optimum is."""
    slack = plan.row_dual[market.need] + plan.column_price[market.lot] - rows.worth
    taken = np.bincount(market.need, plan.units, market.n_needs).astype(np.int64)
    given_away = np.bincount(market.lot, plan.units, market.n_lots).astype(np.int64)
    return int(
        (slack < 0).sum()
        + (slack[plan.units > 0] != 0).sum()
        + (plan.units < 0).sum()
        + (plan.row_left < 0).sum()
        + (plan.column_left < 0).sum()
        + (taken + plan.row_left != market.quantity).sum()
        + (given_away + plan.column_left != market.capacity).sum()
        + (plan.row_dual < 0).sum()
        + (plan.column_price < 0).sum()
        + (plan.row_dual[plan.row_left > 0] != 0).sum()
        + (plan.column_price[plan.column_left > 0] != 0).sum()
    )


def test_seeded_markets_of_all_shapes_are_proved_optimal_at_both_ends_and_between():
    for market in markets(840, unit=False, seed=1):
        decision = decide.decide_divisible(market)

        for prices in (decision.prices.lowest, decision.prices.middle, decision.prices.highest):
            assert certify(market, decision.units, prices).is_exact


def test_the_optimum_is_that_of_highs():
    for market in markets(140, unit=False, seed=2):
        if market.n_edges == 0 or int(market.surplus_fen.max()) > 2**40:
            continue

        assert total(market, decide.decide_divisible(market).units) == total(market, best_quantities(market))


@settings(max_examples=100, deadline=None)
@given(problems(unit=False))
def test_the_optimum_is_what_trying_every_plan_finds(market):
    assert total(market, decide.decide_divisible(market).units) == best_by_trying(market)


def test_single_units_are_decided_like_the_kernel_for_single_units():
    for market in markets(210, unit=True, seed=3):
        as_units, as_quantities = decide.decide_unit(market), decide.decide_divisible(market)

        assert total(market, as_units.units) == total(market, as_quantities.units)
        assert as_units.prices.lowest.lot_fen.tolist() == as_quantities.prices.lowest.lot_fen.tolist()
        assert as_units.prices.highest.lot_fen.tolist() == as_quantities.prices.highest.lot_fen.tolist()


def test_a_warm_start_ends_at_the_optimum_of_a_cold_one_after_any_change():
    rng = np.random.default_rng(6)
    for market in markets(350, unit=False, seed=7):
        rows, plan = plan_of(market)
        changed = rows._replace(worth=np.maximum(1, rows.worth + rng.integers(-40, 41, rows.worth.size)))
        sides = {"quantity": market.quantity, "capacity": market.capacity}

        warm = divisible.best_plan(changed, **sides, start=plan, bid_shares=())
        cold = divisible.best_plan(changed, **sides)

        assert violations(changed, warm, market) == violations(changed, cold, market) == 0
        assert int(changed.worth @ warm.units) == int(changed.worth @ cold.units)


def test_a_warm_start_at_the_optimum_changes_nothing():
    market = one("dense", np.random.default_rng(8), unit=False)
    rows, plan = plan_of(market)

    again = divisible.best_plan(rows, quantity=market.quantity, capacity=market.capacity, start=plan, bid_shares=())

    for before, after in zip(plan, again, strict=True):
        assert before.tolist() == after.tolist()


@pytest.mark.parametrize("shares", [(), (1,), (1_000_000,), (64, 512)])
def test_bids_only_shorten_the_way(shares):
    for market in markets(140, unit=False, seed=9):
        rows, plan = plan_of(market, bid_shares=shares)

        assert violations(rows, plan, market) == 0


def test_bids_cut_short_leave_an_optimum_all_the_same(monkeypatch):
    monkeypatch.setattr(divisible, "_LOOKS", 1)
    for market in markets(140, unit=False, seed=10):
        rows, plan = plan_of(market, bid_shares=(64, 512))

        assert violations(rows, plan, market) == 0


def test_numbering_keeps_the_outcome(monkeypatch):
    monkeypatch.setattr(decide, "WORTH_NUMBERING", 0)
    for market in markets(70, unit=False, seed=11):
        decision = decide.decide_divisible(market)

        expected = price_range(market, decision.units)
        assert decision.prices.lowest.lot_fen.tolist() == expected.lowest.lot_fen.tolist()
        assert decision.prices.highest.need_fen.tolist() == expected.highest.need_fen.tolist()


def test_a_large_order_is_filled_from_several_lots_at_one_price_each():
    market = problem([0, 0, 1], [0, 1, 1], [9, 7, 4], [10, 5], [6, 8])

    decision = decide.decide_divisible(market)

    assert decision.units.tolist() == [6, 4, 4]
    assert decision.prices.lowest.lot_fen.tolist() == [6, 4]
    assert decision.prices.highest.lot_fen.tolist() == [6, 4]
    assert decision.prices.middle.need_fen.tolist() == [3, 0]


def test_planted_faults_are_refused():
    market = one("dense", np.random.default_rng(12), unit=False)
    decision = decide.decide_divisible(market)
    prices = decision.prices.middle
    used = int(np.flatnonzero(decision.units)[0])
    fewer = decision.units - (np.arange(market.n_edges) == used)
    dearer = Prices(need_fen=prices.need_fen, lot_fen=ints(prices.lot_fen + 1))

    assert certify(market, decision.units, prices).is_exact
    assert certify(market, ints(fewer), prices).gap_fen == int(market.surplus_fen[used])
    assert not certify(market, decision.units, dearer).is_exact
    assert certify(market, ints(decision.units * 40), prices).faults


@pytest.mark.parametrize("bound", [{"max_units": [1, 1, 1]}, {"group": [0, -1], "group_capacity": [3]}])
def test_bounds_beside_those_of_needs_and_lots_are_refused(bound):
    market = dataclasses.replace(problem([0, 0, 1], [0, 1, 1], [9, 7, 4], [10, 5], [6, 8]), **bound)

    with pytest.raises(ValueError, match="no bounds but"):
        decide.decide_divisible(market)

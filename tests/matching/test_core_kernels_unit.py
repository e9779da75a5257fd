"""The compiled kernel for single units against SciPy, trying everything, linear programs and published optima."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching.core.kernels import corners, decide, lists, unit
from matching.core.prices import Prices, price_range
from matching.core.problem import ints
from tests.matching.markets import best_by_trying, problems
from tests.matching.seeded_markets import certify, markets, one, problem, total
from tests.matching.test_core_instances import FOLDER, published_optimum


def best_by_scipy(market) -> int:
    """Return the optimum of a full matrix in which a missing pair is worth nothing; exact below 2^53."""
    worth = np.zeros((market.n_needs, market.n_lots))
    worth[market.need, market.lot] = market.surplus_fen
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return int(worth[rows, columns].sum())


def matching_of(market, **how):
    rows = lists.by_row(market.need, market.lot, market.surplus_fen, n_rows=market.n_needs)
    return rows, unit.best_matching(rows, n_columns=market.n_lots, **how)


def violations(rows, state) -> int:
    """Count every breach of what `Matching` says an optimum is."""
    row, column = np.repeat(np.arange(rows.start.size), rows.stop - rows.start), rows.other
    slack = state.row_dual[row] + state.column_price[column] - rows.worth
    matched = state.row_mate[row] == column
    return int(
        (slack < 0).sum()
        + (slack[matched] != 0).sum()
        + (state.row_dual < 0).sum()
        + (state.column_price < 0).sum()
        + (state.row_dual[state.row_mate < 0] != 0).sum()
        + (state.column_price[state.column_mate < 0] != 0).sum()
        + (state.column_mate[state.row_mate[state.row_mate >= 0]] != np.flatnonzero(state.row_mate >= 0)).sum()
        + ((state.column_mate >= 0).sum() != (state.row_mate >= 0).sum())
    )


def test_thousands_of_seeded_markets_reach_the_optimum_of_scipy_and_prove_it():
    for market in markets(1_400, unit=True, seed=1):
        decision = decide.decide_unit(market)

        if market.n_edges and int(market.surplus_fen.max()) < 2**44:
            assert total(market, decision.units) == best_by_scipy(market)
        for prices in (decision.prices.lowest, decision.prices.middle, decision.prices.highest):
            assert certify(market, decision.units, prices).is_exact


@settings(max_examples=100, deadline=None)
@given(problems(unit=True))
def test_the_optimum_is_what_trying_every_plan_finds(market):
    assert total(market, decide.decide_unit(market).units) == best_by_trying(market)


@pytest.mark.parametrize("looks", [0, 1, 20])
def test_ends_are_the_same_however_soon_sweeps_give_way_to_dijkstra(looks, monkeypatch):
    rng = np.random.default_rng(4)
    need, lot, surplus = _random_pairs(rng, 300, 300, 6)
    market = problem(need, lot, surplus, np.ones(300, int), np.ones(300, int))
    expected = price_range(market, decide.decide_unit(market).units)
    monkeypatch.setattr(corners, "_LOOKS", looks)

    prices = decide.decide_unit(market).prices

    assert prices.lowest.lot_fen.tolist() == expected.lowest.lot_fen.tolist()
    assert prices.highest.lot_fen.tolist() == expected.highest.lot_fen.tolist()


def _random_pairs(rng, n, m, degree, top=1_000):
    key = np.unique(rng.integers(0, n, n * degree) * m + rng.integers(0, m, n * degree))
    return key // m, key % m, rng.integers(1, top + 1, key.size)


def test_a_warm_start_ends_at_the_optimum_of_a_cold_one_after_any_change():
    rng = np.random.default_rng(5)
    for market in markets(350, unit=True, seed=6):
        rows, state = matching_of(market)
        changed = rows._replace(worth=np.maximum(1, rows.worth + rng.integers(-40, 41, rows.worth.size)))

        warm = unit.best_matching(changed, n_columns=market.n_lots, start=state, bid_shares=())
        cold = unit.best_matching(changed, n_columns=market.n_lots)

        assert violations(changed, warm) == violations(changed, cold) == 0
        assert _value(warm) == _value(cold)


def _value(state) -> int:
    return sum(state.row_dual.tolist()) + sum(state.column_price.tolist())


def test_a_warm_start_at_the_optimum_changes_nothing():
    market = one("dense", np.random.default_rng(7), unit=True)
    rows, state = matching_of(market)

    again = unit.best_matching(rows, n_columns=market.n_lots, start=state, bid_shares=())

    for before, after in zip(state, again, strict=True):
        assert np.array_equal(before, after)


@pytest.mark.parametrize("shares", [(), (1,), (1_000_000,), (64, 512)])
def test_bids_only_shorten_the_way(shares):
    for market in markets(140, unit=True, seed=8):
        rows, state = matching_of(market, bid_shares=shares)

        assert violations(rows, state) == 0


def test_bids_cut_short_leave_an_optimum_all_the_same(monkeypatch):
    monkeypatch.setattr(unit, "_LOOKS", 1)
    for market in markets(140, unit=True, seed=9):
        rows, state = matching_of(market)

        assert violations(rows, state) == 0


def test_prices_that_start_too_high_come_down():
    market = problem([0, 1], [0, 1], [10, 10], [1, 1], [1, 1])
    nothing = unit.nobody_matched(2, 2)
    too_dear = nothing._replace(column_price=np.array([50, 7]))

    _, state = matching_of(market, start=too_dear, bid_shares=())

    assert state.row_mate.tolist() == [0, 1]
    assert _value(state) == 20


def test_numbering_is_a_permutation_and_keeps_the_outcome(monkeypatch):
    monkeypatch.setattr(decide, "WORTH_NUMBERING", 0)
    rng = np.random.default_rng(10)
    for n, m, degree in ((7_000, 6_000, 4), (300, 400, 1), (5, 5, 2)):
        need, lot, surplus = _random_pairs(rng, n, m, degree)
        market = problem(need, lot, surplus, np.ones(n, int), np.ones(m, int))
        rows, order = decide.lists_of(market)

        assert sorted(order.rows.tolist()) == list(range(n))
        assert sorted(order.columns.tolist()) == list(range(m))
        decision = decide.decide_unit(market)
        expected = price_range(market, decision.units)
        assert decision.prices.lowest.lot_fen.tolist() == expected.lowest.lot_fen.tolist()
        assert decision.prices.highest.need_fen.tolist() == expected.highest.need_fen.tolist()
        assert rows.edge[np.argsort(rows.edge)].tolist() == list(range(market.n_edges))


def test_edges_in_any_order_are_listed_by_row_and_by_column():
    rows = lists.by_row(np.array([2, 0, 2]), np.array([1, 1, 0]), np.array([5, 6, 7]), n_rows=4)
    columns = lists.by_column(rows, 3)

    assert rows.start.tolist() == [0, 1, 1, 3]
    assert rows.stop.tolist() == [1, 1, 3, 3]
    assert [rows.other.tolist(), rows.worth.tolist(), rows.edge.tolist()] == [[1, 1, 0], [6, 5, 7], [1, 0, 2]]
    assert [columns.start.tolist(), columns.stop.tolist()] == [[0, 1, 3], [1, 3, 3]]
    assert [columns.other.tolist(), columns.worth.tolist(), columns.edge.tolist()] == [[2, 0, 2], [7, 6, 5], [2, 1, 0]]


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the published instances are not at {FOLDER}")
@pytest.mark.parametrize("name", ["assign100", "assign200", "assign400", "assign800"])
def test_the_published_optimum_is_reached_and_proved(name):
    n, *costs = map(int, (FOLDER / f"{name}.txt").read_text().split())
    cost = np.array(costs)
    need, lot = np.divmod(np.arange(n * n), n)
    market = problem(need, lot, 10_000 - cost, np.ones(n, int), np.ones(n, int))

    decision = decide.decide_unit(market)

    assert int((cost * decision.units).sum()) == published_optimum(name)
    assert int(decision.units.sum()) == n
    assert certify(market, decision.units, decision.prices.middle).is_exact


def test_planted_faults_are_refused():
    market = one("dense", np.random.default_rng(11), unit=True)
    decision = decide.decide_unit(market)
    prices = decision.prices.middle
    used = int(np.flatnonzero(decision.units)[0])
    fewer = ints(np.where(np.arange(market.n_edges) == used, 0, decision.units))
    dearer = Prices(need_fen=prices.need_fen, lot_fen=ints(prices.lot_fen + (prices.lot_fen > 0)))
    meaner = Prices(need_fen=ints(np.maximum(prices.need_fen - 1, 0)), lot_fen=prices.lot_fen)

    assert certify(market, decision.units, prices).is_exact
    assert certify(market, fewer, prices).gap_fen == int(market.surplus_fen[used])
    assert not certify(market, decision.units, dearer).is_exact
    assert certify(market, decision.units, meaner).blocking > 0
    assert certify(market, ints(decision.units * 2), prices).faults


def test_the_compiled_proof_counts_what_the_certificate_counts():
    for market in markets(70, unit=True, seed=12):
        decision = decide.decide_unit(market)
        rows = lists.by_row(market.need, market.lot, market.surplus_fen, n_rows=market.n_needs)
        spoilt = np.maximum(decision.prices.lowest.lot_fen - 1, 0)
        for lot_fen in (decision.prices.lowest.lot_fen.copy(), spoilt):
            prices = Prices(need_fen=decision.prices.lowest.need_fen, lot_fen=ints(lot_fen))
            official = certify(market, decision.units, prices)

            proof = corners.proof(
                rows,
                decision.units.copy(),
                corners.Sides(prices.need_fen.copy(), lot_fen),
                corners.Sides(market.quantity, market.capacity),
            )

            assert (proof.primal_fen, proof.dual_fen) == (official.primal_fen, official.dual_fen)
            assert proof.blocking == official.blocking


def test_more_than_single_units_are_refused():
    with pytest.raises(ValueError, match="single units"):
        decide.decide_unit(problem([0], [0], [5], [2], [1]))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_equal_markets_get_equal_outcomes(seed):
    market = one("tied", np.random.default_rng(seed), unit=True)

    first, second = decide.decide_unit(market), decide.decide_unit(market)

    assert first.units.tolist() == second.units.tolist()

"""The exact classes against trying everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.core import baselines
from matching.core.assignment import best_pairs
from matching.core.components import split
from matching.core.flow import best_quantities
from matching.core.prices import NotOptimal, Prices, price_range
from matching.core.problem import MalformedProblem, MatchProblem, canonical, ints
from matching.core.verify import certificate
from tests.matching.markets import best_by_trying, problems

ANY_MARKET = st.one_of(problems(unit=True), problems(places=True), problems(), problems(capped=True))


PLAIN_MARKET = st.one_of(problems(unit=True), problems(places=True), problems())


def nothing(problem):
    return Prices(*(ints(np.zeros(n, dtype=int)) for n in (problem.n_needs, problem.n_lots, problem.n_groups)))


def solve(problem: MatchProblem):
    """Decide the market component by component, in key order; units by the edges of `problem`."""
    ordered, order = canonical(problem)
    units = np.zeros(problem.n_edges, dtype=np.int64)
    for part, edges in split(ordered):
        units[order[edges]] = best_pairs(part) if problem.is_unit else best_quantities(part)
    return ints(units)


def total(problem: MatchProblem, units) -> int:
    return int((problem.surplus_fen * units).sum())


def certify(problem: MatchProblem, units, prices):
    # a need that fills an edge to its bound may be left with more than its price says; never with less
    paid = ints((problem.floor_fen + prices.lot_fen[problem.lot]) * units)
    return certificate(
        problem,
        units,
        need_fen=prices.need_fen,
        lot_fen=prices.lot_fen,
        group_fen=prices.group_fen,
        paid_fen=paid,
        received_fen=paid,
    )


@settings(max_examples=300, deadline=None)
@given(ANY_MARKET)
def test_total_surplus_is_what_trying_every_plan_finds(problem):
    assert total(problem, solve(problem)) == best_by_trying(problem)


@settings(max_examples=200, deadline=None)
@given(problems(unit=True))
def test_flow_and_assignment_agree_on_single_units(problem):
    by_flow = sum(total(part, best_quantities(part)) for part, _ in split(problem))

    assert by_flow == total(problem, solve(problem))


@settings(max_examples=300, deadline=None)
@given(ANY_MARKET)
def test_all_three_price_vectors_prove_the_plan_optimal_and_stable(problem):
    units = solve(problem)
    prices = price_range(problem, units)

    for vector in (prices.lowest, prices.middle, prices.highest):
        assert certify(problem, units, vector).is_exact


@settings(max_examples=200, deadline=None)
@given(PLAIN_MARKET)
def test_corners_are_extreme_one_fen_beyond_supports_nothing(problem):
    units = solve(problem)
    prices = price_range(problem, units)

    assert (prices.lowest.lot_fen <= prices.highest.lot_fen).all()
    assert (prices.lowest.need_fen >= prices.highest.need_fen).all()
    for lot in range(problem.n_lots):
        beyond = prices.highest.lot_fen.copy()
        beyond[lot] += 1
        assert not _supports(problem, units, beyond)
        if prices.lowest.lot_fen[lot]:
            below = prices.lowest.lot_fen.copy()
            below[lot] -= 1
            assert not _supports(problem, units, below)


def _supports(problem, units, lot_fen) -> bool:
    """Whether some gains of needs make these rents supporting prices: the least gains that block nothing.

    For markets without bounds and quotas.
    """
    need_fen = np.zeros(problem.n_needs, dtype=np.int64)
    np.maximum.at(need_fen, problem.need, problem.surplus_fen - lot_fen[problem.lot])
    dual = int((problem.quantity * need_fen).sum() + (problem.capacity * lot_fen).sum())
    return dual == total(problem, units)


@settings(max_examples=200, deadline=None)
@given(PLAIN_MARKET, st.randoms(use_true_random=False))
def test_permuting_rows_permutes_the_plan(problem, random):
    needs, lots, edges = list(range(problem.n_needs)), list(range(problem.n_lots)), list(range(problem.n_edges))
    for rows in (needs, lots, edges):
        random.shuffle(rows)
    need_place, lot_place = np.argsort(needs), np.argsort(lots)
    shuffled = MatchProblem(
        need=need_place[problem.need][edges] if edges else [],
        lot=lot_place[problem.lot][edges] if edges else [],
        surplus_fen=problem.surplus_fen[edges] if edges else [],
        floor_fen=problem.floor_fen[edges] if edges else [],
        ceiling_fen=problem.ceiling_fen[edges] if edges else [],
        quantity=problem.quantity[needs],
        capacity=problem.capacity[lots],
        need_key=problem.need_key[needs],
        lot_key=problem.lot_key[lots],
    )

    plan, shuffled_plan = solve(problem), solve(shuffled)

    assert shuffled_plan.tolist() == [int(plan[e]) for e in edges]
    if edges:
        straight, turned = price_range(problem, plan).middle, price_range(shuffled, shuffled_plan).middle
        assert turned.lot_fen.tolist() == straight.lot_fen[lots].tolist()


@settings(max_examples=200, deadline=None)
@given(problems(unit=False, most=4), st.integers(1, 9), st.integers(1, 4), st.integers(0, 3))
def test_one_more_offer_never_lowers_the_optimum(problem, surplus, capacity, need):
    need = min(need, problem.n_needs - 1)
    richer = MatchProblem(
        need=[*problem.need, need],
        lot=[*problem.lot, problem.n_lots],
        surplus_fen=[*problem.surplus_fen, surplus],
        floor_fen=[*problem.floor_fen, 0],
        ceiling_fen=[*problem.ceiling_fen, surplus],
        quantity=problem.quantity,
        capacity=[*problem.capacity, capacity],
        need_key=problem.need_key,
        lot_key=[*problem.lot_key, problem.n_lots],
    )

    assert total(richer, solve(richer)) >= total(problem, solve(problem))


@settings(max_examples=200, deadline=None)
@given(ANY_MARKET, st.randoms(use_true_random=False))
def test_simpler_ways_are_feasible_and_never_better(problem, random):
    posted = list(range(problem.n_needs))
    random.shuffle(posted)
    best = total(problem, solve(problem))

    for units in (baselines.greedy(problem), baselines.first_come(problem, ints(posted))):
        assert total(problem, units) <= best
        assert (np.bincount(problem.need, units, problem.n_needs) <= problem.quantity).all()
        assert (np.bincount(problem.lot, units, problem.n_lots) <= problem.capacity).all()
        assert certify(problem, units, nothing(problem)).faults == ()


@settings(max_examples=200, deadline=None)
@given(ANY_MARKET)
def test_a_plan_that_leaves_surplus_on_the_table_gets_no_prices(problem):
    units = solve(problem).copy()
    used = np.flatnonzero(units)
    if used.size == 0:
        return
    units[used[0]] -= 1

    with pytest.raises(NotOptimal):
        price_range(problem, ints(units))


def test_greedy_loses_what_the_optimum_keeps():
    # one need can only go to the lot that the greedy choice gives away
    problem = MatchProblem(
        need=[0, 0, 1],
        lot=[0, 1, 0],
        surplus_fen=[10, 9, 8],
        floor_fen=[0, 0, 0],
        ceiling_fen=[10, 9, 8],
        quantity=[1, 1],
        capacity=[1, 1],
        need_key=[0, 1],
        lot_key=[0, 1],
    )

    assert total(problem, solve(problem)) == 17
    assert total(problem, baselines.greedy(problem)) == 10
    assert total(problem, baselines.first_come(problem, ints([2, 1]))) == 17
    assert total(problem, baselines.first_come(problem, ints([1, 2]))) == 10


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("need", [0, 0]),  # the same edge twice
        ("lot", [0, 7]),
        ("surplus_fen", [0, 1]),
        ("surplus_fen", [1.5, 1]),
        ("floor_fen", [-1, 0]),
        ("ceiling_fen", [1, 1]),
        ("quantity", [1, 0]),
        ("capacity", [-1, 1]),
        ("need_key", [3, 3]),
        ("quantity", [2**62, 1]),
    ],
)
def test_a_malformed_market_is_refused(field, value):
    arrays = {
        "need": [0, 1],
        "lot": [0, 0],
        "surplus_fen": [5, 6],
        "floor_fen": [1, 1],
        "ceiling_fen": [6, 7],
        "quantity": [1, 1],
        "capacity": [1, 1],
        "need_key": [0, 1],
        "lot_key": [0, 1],
    }
    MatchProblem(**arrays)

    with pytest.raises(MalformedProblem):
        MatchProblem(**{**arrays, field: value})

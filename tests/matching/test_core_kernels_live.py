"""A live market against the same market decided anew after every event, and pricing pairs in against deciding all."""

import numpy as np
import pytest

from matching.core.kernels import candidates, lists, live, unit
from tests.matching.seeded_markets import markets
from tests.matching.test_core_kernels_unit import violations


def edges_of(rng, n_others, *, most=6, top=50):
    """Return the edges of one newcomer: up to `most` different others."""
    others = rng.permutation(n_others)[: rng.integers(0, most + 1)]
    return lists.by_row(np.zeros(others.size, int), others, rng.integers(1, top, others.size), n_rows=1)


def opened(rng, n, m, density):
    need, lot = np.nonzero(rng.random((n, m)) < density)
    rows = lists.by_row(need, lot, rng.integers(1, 50, need.size), n_rows=n)
    return live.opened(rows, lists.by_column(rows, m), unit.best_matching(rows, n_columns=m))


def packed(book):
    """Return the lists of a book without the room between them."""
    start, stop = book.lists.start, book.lists.stop
    row = np.repeat(np.arange(start.size), stop - start)
    places = np.concatenate([np.arange(a, b) for a, b in zip(start, stop, strict=True)] or [np.empty(0)]).astype(int)
    return lists.by_row(row, book.lists.other[places], book.lists.worth[places], n_rows=start.size)


def pairs_of(rows):
    row = np.repeat(np.arange(rows.start.size), rows.stop - rows.start)
    return sorted(zip(row.tolist(), rows.other.tolist(), rows.worth.tolist(), strict=True))


def assert_optimal(market):
    rows, columns = packed(market.rows), packed(market.columns)
    cold = unit.best_matching(rows, n_columns=market.columns.limit.size)
    assert violations(rows, market.matching) == 0
    assert sum(market.matching.row_dual.tolist()) + sum(market.matching.column_price.tolist()) == sum(
        cold.row_dual.tolist()
    ) + sum(cold.column_price.tolist())
    assert pairs_of(rows) == sorted((i, j, w) for j, i, w in pairs_of(columns))


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_holds_after_every_event_of_a_long_day(seed):
    rng = np.random.default_rng(seed)
    market = opened(rng, 12, 9, 0.3)
    there = ({*range(12)}, {*range(9)})
    for _ in range(150):
        side, event = int(rng.integers(2)), rng.choice(["arrive", "leave", "reprice"])
        mine, others = there[side], there[1 - side]
        seen = live.turned(market) if side else market
        fresh = edges_of(rng, seen.columns.limit.size)
        known = [q for q in range(fresh.other.size) if int(fresh.other[q]) in others]
        edges = lists.by_row(np.zeros(len(known), int), fresh.other[known], fresh.worth[known], n_rows=1)
        node = np.array([rng.choice(sorted(mine))], dtype=np.int32) if mine else None
        if event == "arrive":
            seen, nodes = live.arrive(seen, edges)
            assert int(nodes[0]) not in mine
            mine.add(int(nodes[0]))
        elif event == "leave" and node is not None:
            live.leave(seen, node)
            mine.remove(int(node[0]))
        elif node is not None:
            seen = live.reprice(seen, node, edges)
        market = live.turned(seen) if side else seen

        assert_optimal(market)


def test_many_come_and_go_at_once():
    rng = np.random.default_rng(7)
    market = opened(rng, 40, 40, 0.2)
    key = np.unique(rng.integers(0, 60, 400) * 40 + rng.integers(0, 40, 400))
    newcomers = lists.by_row(key // 40, key % 40, rng.integers(1, 50, key.size), n_rows=60)

    market, nodes = live.arrive(market, newcomers)
    assert nodes.tolist() == list(range(40, 100))
    assert_optimal(market)

    live.leave(market, nodes[::2].copy())
    assert_optimal(market)
    assert (market.matching.row_mate[nodes[::2]] == -1).all()

    market, again = live.arrive(market, lists.by_row(np.zeros(1, int), np.array([3]), np.array([99]), n_rows=1))
    assert int(again[0]) in nodes[::2]
    assert market.matching.row_mate[again].tolist() == [3]
    assert_optimal(market)


def test_an_opened_market_leaves_what_it_was_opened_from_alone():
    rows = lists.by_row(np.array([0, 1]), np.array([0, 0]), np.array([5, 3]), n_rows=2)
    matching = unit.best_matching(rows, n_columns=1)
    market = live.opened(rows, lists.by_column(rows, 1), matching)

    live.leave(market, np.array([0], dtype=np.int32))

    assert market.matching.row_mate.tolist() == [-1, 0]
    assert matching.row_mate.tolist() == [0, -1]
    assert rows.stop.tolist() == [1, 2]


@pytest.mark.parametrize("most", [1, 4])
def test_pricing_pairs_in_reaches_the_optimum_of_the_universe_with_fewer_pairs(most):
    n_looked_at = n_possible = 0
    rng = np.random.default_rng(9)
    for market in markets(140, unit=True, seed=10):
        universe = lists.by_row(market.need, market.lot, market.surplus_fen, n_rows=market.n_needs)
        some = np.flatnonzero(rng.random(market.n_edges) < 0.3).astype(np.int32)
        first = lists.by_row(
            market.need[some], market.lot[some], market.surplus_fen[some], n_rows=market.n_needs
        )._replace(edge=some)

        guided = candidates.best_in_universe(universe, first, n_columns=market.n_lots, most=most)

        assert violations(universe, guided.matching) == 0
        assert universe.other[guided.rows.edge].tolist() == guided.rows.other.tolist()
        assert np.unique(guided.rows.edge).size == guided.rows.edge.size
        n_looked_at += guided.rows.other.size
        n_possible += market.n_edges
    assert n_looked_at < n_possible


def test_the_pairs_that_exceed_most_enter_first():
    universe = lists.by_row(np.array([0, 0, 0, 1]), np.array([0, 1, 2, 0]), np.array([9, 30, 20, 4]), n_rows=2)
    dual, price = np.array([5, 0]), np.array([4, 6, 0])

    assert candidates.entering_places(universe, dual, price, 1).tolist() == [1]
    assert candidates.entering_places(universe, dual, price, 5).tolist() == [1, 2]
    assert candidates.entering_places(universe, np.array([24, 0]), price, 5).tolist() == []

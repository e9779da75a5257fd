"""Exact over a wide universe of pairs while looking closely at few: prices say which further pairs could enter."""

from typing import NamedTuple

import numpy as np

from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Lists, by_column
from matching.core.kernels.unit import Matching, best_matching
from matching.core.problem import Ints


class Guided(NamedTuple):
    """An optimum of the whole universe and what it took.

    Attributes:
        matching: optimal among all pairs of the universe.
        rows: the pairs that were decided among, with their places in the universe as numbers.
        rounds: how often prices were asked.
    """

    matching: Matching
    rows: Lists
    rounds: int


def best_in_universe(universe: Lists, first: Lists, *, n_columns: int, most: int) -> Guided:
    """Return the best matching among all pairs of a universe, decided among few of them.

    Args:
        universe: every pair that may be made, by row; numbers are places.
        first: some of them to begin with, numbered by their places in the universe.
        n_columns: how many columns there are.
        most: pairs that enter at once for each row, the most promising first.

    Notes:
        A pair worth no more than the two sides have already would change nothing. When none is worth more, the prices
        support the matching in the whole universe: it is exact there.
    """
    rows = first
    matching = best_matching(rows, n_columns=n_columns)
    rounds = 1
    while True:
        entering = entering_places(universe, matching.row_dual, matching.column_price, most)
        if entering.size == 0:
            return Guided(matching, rows, rounds)
        rows = _joined(rows, universe, entering)
        matching = best_matching(
            rows, by_column(rows, n_columns), n_columns=n_columns, start=matching, bid_shares=_bids(entering, rows)
        )
        rounds += 1


def _bids(entering: Ints, rows: Lists) -> tuple[int, ...]:
    """Many new pairs move prices far, which bids do sooner than searches."""
    return (512,) if entering.size * 100 > rows.start.size else ()


@compiled
def entering_places(universe: Lists, row_dual: Ints, column_price: Ints, most: int) -> Ints:
    """Return the places of pairs worth more than both sides have: for each row the `most` that exceed it most.

    Notes:
        In order of rows. None means that the duals support the whole universe.
    """
    found = np.empty(1024, np.int64)
    n_found = 0
    excess, places = np.empty(most, np.int64), np.empty(most, np.int64)
    for i in range(universe.start.size):
        n_kept = 0
        for q in range(universe.start[i], universe.stop[i]):
            over = universe.worth[q] - row_dual[i] - column_price[universe.other[q]]
            if over <= 0 or (n_kept == most and over <= excess[most - 1]):
                continue
            at = n_kept if n_kept < most else most - 1
            while at > 0 and excess[at - 1] < over:
                excess[at], places[at] = excess[at - 1], places[at - 1]
                at -= 1
            excess[at], places[at] = over, q
            n_kept = min(most, n_kept + 1)
        if n_found + n_kept > found.size:
            longer = np.empty(2 * found.size + n_kept, np.int64)
            longer[:n_found] = found[:n_found]
            found = longer
        found[n_found : n_found + n_kept] = places[:n_kept]
        n_found += n_kept
    return found[:n_found]


@compiled
def _joined(rows: Lists, universe: Lists, places: Ints) -> Lists:
    """Return the rows with further pairs of the universe, given in order of rows."""
    n_edges = rows.other.size + places.size
    start, stop = np.empty_like(rows.start), np.empty_like(rows.stop)
    other, worth = np.empty(n_edges, np.int32), np.empty(n_edges, np.int64)
    edge = np.empty(n_edges, np.int32)
    end = np.int64(0)
    number = 0
    for i in range(rows.start.size):
        start[i] = end
        for q in range(rows.start[i], rows.stop[i]):
            other[end], worth[end], edge[end] = rows.other[q], rows.worth[q], rows.edge[q]
            end += 1
        while number < places.size and places[number] < universe.stop[i]:
            q = places[number]
            other[end], worth[end], edge[end] = universe.other[q], universe.worth[q], q
            end += 1
            number += 1
        stop[i] = end
    return Lists(start, stop, other, worth, edge)

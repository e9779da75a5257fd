"""The best pairs where each side makes at most one deal, with whole-number duals, from nothing or from a start."""

from typing import NamedTuple

import numpy as np

from matching.core.kernels.heap import lengthened, push, take_nearest
from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Lists, Nodes, by_column
from matching.core.problem import Ints

NOBODY = -1
FAR = np.int64(2**62)

# The two rounds of bids: a bid is above the second best by this share of the greatest worth.
BID_SHARES = (64, 512)
# A round of bids ends after so many looks at each edge; search repairs what it leaves.
_LOOKS = 100


class Matching(NamedTuple):
    """A matching and the duals that support it.

    Attributes:
        row_mate: (n_rows,) int32 column, or -1.
        column_mate: (n_columns,) int32 row, or -1.
        row_dual: (n_rows,) fen a row keeps.
        column_price: (n_columns,) fen a column is paid.

    Notes:
        Optimal means: dual plus price is at least the worth of every edge, exactly the worth of every matched one,
        and 0 for who stays alone. Other states in which all but the last holds are where repair begins.
    """

    row_mate: Nodes
    column_mate: Nodes
    row_dual: Ints
    column_price: Ints


class Scratch(NamedTuple):
    """What a search from one side writes on, all columns long; `distance` is FAR between searches."""

    distance: Ints
    reached_from: Nodes
    touched: Nodes
    settled: Nodes


def turned(state: Matching) -> Matching:
    """Return the same arrays with the sides exchanged."""
    return Matching(state.column_mate, state.row_mate, state.column_price, state.row_dual)


def nobody_matched(n_rows: int, n_columns: int) -> Matching:
    """Return the state in which all stay alone and prices are 0."""
    return Matching(
        row_mate=np.full(n_rows, NOBODY, dtype=np.int32),
        column_mate=np.full(n_columns, NOBODY, dtype=np.int32),
        row_dual=np.zeros(n_rows, dtype=np.int64),
        column_price=np.zeros(n_columns, dtype=np.int64),
    )


def scratch(n_columns: int) -> Scratch:
    """Return what searches over `n_columns` columns write on."""
    return Scratch(
        distance=np.full(n_columns, FAR, dtype=np.int64),
        reached_from=np.empty(n_columns, dtype=np.int32),
        touched=np.empty(n_columns, dtype=np.int32),
        settled=np.empty(n_columns, dtype=np.int32),
    )


def best_matching(
    rows: Lists,
    columns: Lists | None = None,
    *,
    n_columns: int,
    start: Matching | None = None,
    bid_shares: tuple[int, ...] = BID_SHARES,
) -> Matching:
    """Return a matching of greatest total worth and the duals that prove it.

    Args:
        rows: the edges by row, each worth more than 0.
        columns: the same by column; made from `rows` where it is left out.
        n_columns: how many columns there are.
        start: where to begin; column prices must not be negative. Without bids only what violates is repaired.
        bid_shares: one round of bids for each, finer and finer; none for a start that is nearly right.

    Notes:
        Rounds of bids in both directions (an auction whose bids rise by a share of the greatest worth, which bounds
        price wars) put prices nearly right. Then duals are made exact, pairs that are not tight are parted, and
        shortest augmenting paths repair each row that is alone with something to gain, then each column that is alone
        with a price. A repair removes one violation and makes none, so the end is optimal: complementary slackness.

    Source:
        D. P. Bertsekas, D. A. Castanon, Comput. Optim. Appl. 1 (1992) 277-297 (bids in both directions);
        R. Jonker, A. Volgenant, Computing 38 (1987) 325-340 (augmentation).
    """
    if columns is None:
        columns = by_column(rows, n_columns)
    n_rows = rows.start.size
    state = nobody_matched(n_rows, n_columns) if start is None else copied(start)
    top = int(rows.worth.max()) if rows.worth.size else 0
    looks = _LOOKS * rows.worth.size
    for share in bid_shares:
        rise = max(1, top // share)
        settle(rows, state, rise)
        bid(rows, state, rise, looks)
        settle(rows, state, rise)
        bid(columns, turned(state), rise, looks)
    settle(rows, state, 0)
    repair_all(rows, columns, state)
    return state


def repair_all(rows: Lists, columns: Lists, state: Matching) -> None:
    """Remove every violation, first of rows, then of columns; `state` is changed in place."""
    n_rows, n_columns = state.row_mate.size, state.column_mate.size
    repair(rows, state, violating(state), scratch(n_columns))
    repair(columns, turned(state), violating(turned(state)), scratch(n_rows))


def violating(state: Matching) -> Nodes:
    """Return the rows that violate optimality: alone, and yet with something to gain."""
    return np.flatnonzero((state.row_mate == NOBODY) & (state.row_dual > 0)).astype(np.int32)


def copied(state: Matching) -> Matching:
    """Return the same state in arrays of its own."""
    return Matching(state.row_mate.copy(), state.column_mate.copy(), state.row_dual.copy(), state.column_price.copy())


@compiled
def settle(rows: Lists, state: Matching, tolerance: int) -> None:
    """Set each row's dual to the best that prices leave it, and part pairs further than `tolerance` from it."""
    mate, holder, dual, price = state
    for i in range(mate.size):
        best = at_mate = np.int64(0)
        for q in range(rows.start[i], rows.stop[i]):
            j = rows.other[q]
            value = rows.worth[q] - price[j]
            best = max(best, value)
            if j == mate[i]:
                at_mate = value
        dual[i] = best
        if mate[i] != NOBODY and at_mate < best - tolerance:
            holder[mate[i]] = NOBODY
            mate[i] = NOBODY


@compiled
def bid(rows: Lists, state: Matching, rise: int, looks: int) -> None:
    """Let each row that is alone bid for its best column; who is outbid bids next, until someone stays alone.

    Args:
        rows: the bidders' edges.
        state: as the bidders see it, changed in place; duals may be too low by `rise` afterwards.
        rise: fen above the second best that a bid goes, at least 1.
        looks: at how many edges to stop.
    """
    mate, holder, dual, price = state
    for first in range(mate.size):
        i = first
        if dual[i] <= 0:
            continue
        while i != NOBODY and mate[i] == NOBODY and looks > 0:
            best = second = np.int64(0)
            wanted = NOBODY
            for q in range(rows.start[i], rows.stop[i]):
                value = rows.worth[q] - price[rows.other[q]]
                if value > second:
                    if value > best:
                        second = best
                        best = value
                        wanted = rows.other[q]
                    else:
                        second = value
            looks -= rows.stop[i] - rows.start[i]
            if wanted == NOBODY:
                dual[i] = 0
                break
            step = min(best, best - second + rise)
            price[wanted] += step
            dual[i] = best - step
            outbid = holder[wanted]
            mate[i] = wanted
            holder[wanted] = i
            if outbid != NOBODY:
                mate[outbid] = NOBODY
            i = outbid


@compiled
def repair(rows: Lists, state: Matching, roots: Nodes, scratch: Scratch) -> None:
    """Remove the violation of each of these rows, on shortest paths, and make none.

    Args:
        rows: the edges by row.
        state: with exact duals and tight pairs, as the rows see it; changed in place.
        roots: rows that may be alone with something to gain; others are passed over.
        scratch: as long as there are columns.
    """
    mate, holder, dual, price = state
    for root in roots:
        if mate[root] != NOBODY or dual[root] <= 0:
            continue
        radius, free_column, leaver, n_settled, n_touched = _search(rows, state, root, scratch)
        for place in range(n_settled):
            j = scratch.settled[place]
            shift = radius - scratch.distance[j]
            price[j] += shift
            dual[holder[j]] -= shift
        dual[root] -= radius
        j = free_column
        if j == NOBODY and leaver != root:
            j = mate[leaver]
            mate[leaver] = NOBODY
        while j != NOBODY:
            i = scratch.reached_from[j]
            earlier = mate[i]
            mate[i] = j
            holder[j] = i
            j = earlier
        for place in range(n_touched):
            scratch.distance[scratch.touched[place]] = FAR


@compiled
def room_to_fall(rows: Lists, state: Matching, root: int, scratch: Scratch) -> int:
    """Return how far the dual of a row can fall while the duals still support the matching; others may move with it.

    Args:
        rows: the edges by row.
        state: an optimum, as the rows see it; left as it is.
        root: the row.
        scratch: as long as there are columns.

    Notes:
        The distance, over slacks, to the nearest column that is free or row that would rather leave; only what is
        nearer is looked at.
    """
    radius, _, _, _, n_touched = _search(rows, state, root, scratch)
    for place in range(n_touched):
        scratch.distance[scratch.touched[place]] = FAR
    return radius


@compiled
def _search(rows: Lists, state: Matching, root: int, scratch: Scratch) -> tuple[int, int, int, int, int]:
    """Find the cheapest way to give `root` its due: a free column, someone who would rather leave, or itself alone.

    Returns:
        The cost, the free column or -1, the row that leaves if there is none, and how many columns were settled and
        touched: those in `scratch`.
    """
    holder, dual, price = state.column_mate, state.row_dual, state.column_price
    distance, reached_from = scratch.distance, scratch.reached_from
    room = 256
    keys, nodes = np.empty(room, np.int64), np.empty(room, np.int32)
    size = n_settled = n_touched = 0
    radius, free_column, leaver = dual[root], NOBODY, root
    i, here = root, np.int64(0)
    while True:
        if size + rows.stop[i] - rows.start[i] > room:
            room = 2 * room + rows.stop[i] - rows.start[i]
            keys, nodes = lengthened(keys, nodes, room)
        base = here + dual[i]
        for q in range(rows.start[i], rows.stop[i]):
            k = rows.other[q]
            reached = base + price[k] - rows.worth[q]
            if reached < radius and reached < distance[k]:
                if distance[k] == FAR:
                    scratch.touched[n_touched] = k
                    n_touched += 1
                distance[k] = reached
                reached_from[k] = i
                if holder[k] == NOBODY:
                    radius, free_column = reached, k
                else:
                    size = push(keys, nodes, size, reached, k)
        size, j = take_nearest(keys, nodes, size, distance, radius)
        if j == NOBODY:
            return radius, free_column, leaver, n_settled, n_touched
        scratch.settled[n_settled] = j
        n_settled += 1
        i, here = holder[j], distance[j]
        if here + dual[i] < radius:
            radius, free_column, leaver = here + dual[i], NOBODY, i

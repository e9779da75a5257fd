"""The best quantities where needs and lots may be divided, with whole-number duals, from nothing or from a start."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.core.kernels.carrying import reach, repair
from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Lists, Nodes, by_column
from matching.core.kernels.plan import NO_EDGE, Plan, Used, copied, enlist, nothing_planned, turned, used_of
from matching.core.kernels.unit import FAR
from matching.core.problem import Ints

# One round of bids is enough here: a second, finer one takes longer than the searches that it saves.
BID_SHARES = (128,)
# It ends after so many looks at each edge; search repairs what it leaves.
_LOOKS = 100


class Bids(NamedTuple):
    """What was offered for the units of each used edge, and the rows that lack units, last come first."""

    offered: Ints
    waiting: Nodes
    is_waiting: NDArray[np.bool_]


class Offer(NamedTuple):
    """A row's bid of `level` fen for units of a column, over one edge."""

    row: int
    column: int
    edge: int
    level: int


def best_plan(
    rows: Lists,
    columns: Lists | None = None,
    *,
    quantity: Ints,
    capacity: Ints,
    start: Plan | None = None,
    bid_shares: tuple[int, ...] = BID_SHARES,
) -> Plan:
    """Return the units on each edge in a transport plan of greatest total worth, and the duals that prove it.

    Args:
        rows: the edges by row, each worth more than 0.
        columns: the same by column; made from `rows` where it is left out.
        quantity, capacity: units wanted by each row and offered by each column.
        start: where to begin. Without bids only what violates is repaired.
        bid_shares: one round of bids for each, finer and finer.

    Notes:
        As in `unit.best_matching`: bids in both directions, each edge holding its units at the price that was bid for
        them; then exact duals, and shortest augmenting paths that carry as many units as their narrowest place.

    Source:
        D. P. Bertsekas, D. A. Castanon, Annals of OR 20 (1989) 67-96 (auctions for transportation);
        J. Edmonds, R. M. Karp, J. ACM 19 (1972) 248-264 (shortest augmenting paths for flows).
    """
    if columns is None:
        columns = by_column(rows, capacity.size)
    plan = nothing_planned(rows.worth.size, quantity, capacity) if start is None else copied(start)
    top = int(rows.worth.max()) if rows.worth.size else 0
    looks = _LOOKS * rows.worth.size
    for share in bid_shares:
        rise = max(1, top // share)
        settle(rows, plan, rise)
        bid(rows, plan, used_of(columns, plan.units), rise, looks)
        settle(rows, plan, rise)
        bid(columns, turned(plan), used_of(rows, plan.units), rise, looks)
    settle(rows, plan, 0)
    repair(rows, plan, used_of(columns, plan.units), reach(quantity.size, capacity.size))
    repair(columns, turned(plan), used_of(rows, plan.units), reach(capacity.size, quantity.size))
    return plan


@compiled
def settle(rows: Lists, plan: Plan, tolerance: int) -> None:
    """Set each row's dual to the best that prices leave it, and give up units further than `tolerance` from it."""
    units, row_left, column_left, dual, price = plan
    for i in range(row_left.size):
        best = np.int64(0)
        for q in range(rows.start[i], rows.stop[i]):
            best = max(best, rows.worth[q] - price[rows.other[q]])
        dual[i] = best
        for q in range(rows.start[i], rows.stop[i]):
            held = units[rows.edge[q]]
            j = rows.other[q]
            if held > 0 and rows.worth[q] - price[j] < best - tolerance:
                units[rows.edge[q]] = 0
                row_left[i] += held
                column_left[j] += held


@compiled
def bid(rows: Lists, plan: Plan, used: Used, rise: int, looks: int) -> None:
    """Let rows bid for what they lack; who loses units bids next, until nobody wants more at these prices.

    Args:
        rows: the bidders' edges.
        plan: as the bidders see it, changed in place.
        used: the chains of the other side.
        rise: fen above the second best that a bid goes, at least 1.
        looks: at how many edges to stop.
    """
    _units, left, _column_left, dual, price = plan
    bids = _opened(plan, used)
    for first in range(left.size):
        if left[first] == 0 or dual[first] <= 0:
            continue
        bids.waiting[0] = first
        n_waiting = 1
        while n_waiting > 0 and looks > 0:
            i = bids.waiting[n_waiting - 1]
            best = second = np.int64(0)
            wanted = edge = NO_EDGE
            for q in range(rows.start[i], rows.stop[i]):
                value = rows.worth[q] - price[rows.other[q]]
                if value > second:
                    if value > best:
                        second = best
                        best = value
                        wanted, edge = rows.other[q], rows.edge[q]
                    else:
                        second = value
            looks -= rows.stop[i] - rows.start[i]
            if left[i] == 0 or edge == NO_EDGE:
                dual[i] = best
                bids.is_waiting[i] = False
                n_waiting -= 1
                continue
            step = min(best, best - second + rise)
            enlist(used, wanted, i, edge)
            n_waiting = _take(plan, used, bids, Offer(i, wanted, edge, price[wanted] + step), n_waiting)


@compiled
def _opened(plan: Plan, used: Used) -> Bids:
    """Return bids at which every used edge holds its units at the column's price."""
    n_rows = plan.row_left.size
    bids = Bids(np.empty(plan.units.size, np.int64), np.empty(n_rows, np.int32), np.zeros(n_rows, np.bool_))
    for j in range(plan.column_price.size):
        edge = used.first[j]
        while edge != NO_EDGE:
            bids.offered[edge] = plan.column_price[j]
            edge = used.following[edge]
    return bids


@compiled
def _take(plan: Plan, used: Used, bids: Bids, offer: Offer, n_waiting: int) -> int:
    """Give the bidder what is left of the column, then what was bought for less; return how many rows wait."""
    units, left, column_left, _dual, price = plan
    i, j = offer.row, offer.column
    taken = min(left[i], column_left[j])
    left[i] -= taken
    column_left[j] -= taken
    units[offer.edge] += taken
    bids.offered[offer.edge] = offer.level
    lowest = price[j]
    while column_left[j] == 0:
        cheapest, lowest = NO_EDGE, FAR
        edge = used.first[j]
        while edge != NO_EDGE:
            if units[edge] > 0 and bids.offered[edge] < lowest:
                cheapest, lowest = edge, bids.offered[edge]
            edge = used.following[edge]
        if left[i] == 0 or lowest >= offer.level:
            break
        loser = used.near[cheapest]
        taken = min(left[i], units[cheapest])
        units[cheapest] -= taken
        units[offer.edge] += taken
        left[i] -= taken
        left[loser] += taken
        if loser != i and not bids.is_waiting[loser]:
            bids.is_waiting[loser] = True
            bids.waiting[n_waiting] = loser
            n_waiting += 1
    price[j] = lowest
    return n_waiting

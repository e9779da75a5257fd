"""Both ends of the range of supporting prices, from any supporting duals; and the numbers that prove a result."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.core.kernels.heap import drop_first, lengthened, push
from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Lists, Nodes
from matching.core.problem import Ints

Flags = NDArray[np.bool_]

# Sweeps give way to Dijkstra after so many looks at each edge.
_LOOKS = 20


class Deals(NamedTuple):
    """Whom each node of one side deals with, as in `Lists` but without the edges that are not used."""

    start: Ints
    stop: Ints
    other: Nodes


class Falling(NamedTuple):
    """Supporting duals, and how far each column's price can fall as far as is known.

    Attributes:
        dual: (n_rows,) fen a unit brings a row.
        price: (n_columns,) fen a unit brings a column.
        is_open: (n_rows,) rows with units left over, whose dual stays 0.
        fall: (n_columns,) upper bound of the fall, in the end the fall itself.
    """

    dual: Ints
    price: Ints
    is_open: Flags
    fall: Ints


class Sides(NamedTuple):
    """A number per row and a number per column."""

    rows: Ints
    columns: Ints


class Proof(NamedTuple):
    """What one pass over the edges says about units and duals.

    Attributes:
        primal_fen: surplus of the units.
        dual_fen: what no plan can exceed if `blocking` is 0.
        blocking: edges worth more than the two sides have together.
        loose: used edges that are worth less.
    """

    primal_fen: int
    dual_fen: int
    blocking: int
    loose: int


def pairs(mate: Nodes) -> Deals:
    """Return the deals of one side of a matching."""
    start = np.arange(mate.size)
    return Deals(start, start + (mate >= 0), mate)


def deals_of(nodes: Lists, units: Ints) -> Deals:
    """Return the deals of one side of a plan, from that side's lists and the units by edge number."""
    used = units[nodes.edge] > 0
    before = np.concatenate([[0], np.cumsum(used)])
    return Deals(before[nodes.start], before[nodes.stop], nodes.other[used])


def lowest(rows: Lists, deals: Deals, dual: Ints, price: Ints, is_open: Flags) -> tuple[Ints, Ints]:
    """Return the row duals and column prices at the end that is best for rows.

    Args:
        rows: the edges by row.
        deals: the rows that each column deals with.
        dual, price: supporting duals of an optimal plan.
        is_open: (n_rows,) rows with units left over; their dual is 0.

    Notes:
        How far each price can fall is a distance: a column follows its rows down, and a row's gain is held by the slack
        of its other edges, from all columns at once, where each may fall at most to 0. Sweeps in the order of numbers
        settle nearly every market in a few looks at each edge; where they do not, Dijkstra ends what they began. With
        sides exchanged the result is the other end.

    Source:
        L. S. Shapley, M. Shubik, Int. J. Game Theory 1 (1971) 111-130 (the core and its two ends).
    """
    falling = Falling(dual, price, is_open, price.copy())
    _hold(rows, falling)
    if not _sweep(rows, deals, falling, _LOOKS * rows.worth.size):
        _spread(rows, deals, falling, np.argsort(falling.fall, kind="stable"))
    return dual + _rises(deals, falling), price - falling.fall


@compiled
def _hold(rows: Lists, falling: Falling) -> None:
    dual, price, is_open, fall = falling
    for i in range(dual.size):
        if is_open[i]:
            for q in range(rows.start[i], rows.stop[i]):
                j = rows.other[q]
                fall[j] = min(fall[j], dual[i] + price[j] - rows.worth[q])


@compiled
def _sweep(rows: Lists, deals: Deals, falling: Falling, looks: int) -> bool:
    """Correct falls in the order in which columns wait, and say whether none waits any more after `looks` edges."""
    dual, price, is_open, fall = falling
    n_columns = price.size
    waiting = np.ones(n_columns, np.bool_)
    queue = np.arange(n_columns, dtype=np.int32)  # a ring: each column waits in it at most once
    head, n_waiting = 0, n_columns
    while n_waiting > 0 and looks > 0:
        j = queue[head]
        head = head + 1 if head + 1 < n_columns else 0
        n_waiting -= 1
        waiting[j] = False
        for deal in range(deals.start[j], deals.stop[j]):
            i = deals.other[deal]
            if is_open[i]:
                continue
            looks -= rows.stop[i] - rows.start[i]
            base = fall[j] + dual[i]
            for q in range(rows.start[i], rows.stop[i]):
                k = rows.other[q]
                reached = base + price[k] - rows.worth[q]
                if reached < fall[k]:
                    fall[k] = reached
                    if not waiting[k]:
                        waiting[k] = True
                        tail = head + n_waiting
                        queue[tail if tail < n_columns else tail - n_columns] = k
                        n_waiting += 1
    return n_waiting == 0


@compiled
def _rises(deals: Deals, falling: Falling) -> Ints:
    """Return what rows gain: as much as the prices of the columns they deal with fall."""
    rise = np.zeros(falling.dual.size, np.int64)
    for j in range(falling.fall.size):
        for deal in range(deals.start[j], deals.stop[j]):
            if not falling.is_open[deals.other[deal]]:
                rise[deals.other[deal]] = falling.fall[j]
    return rise


@compiled
def _spread(rows: Lists, deals: Deals, falling: Falling, order: Ints) -> None:
    """Settle columns by how far they can fall: from `order`, or earlier if another column holds them."""
    dual, price, is_open, fall = falling
    done = is_open.copy()
    room = 1024
    keys, nodes = np.empty(room, np.int64), np.empty(room, np.int32)
    size = place = 0
    settled = np.zeros(price.size, np.bool_)
    while place < order.size or size > 0:
        if size > 0 and (place == order.size or keys[0] <= fall[order[place]]):
            j = nodes[0]
            size = drop_first(keys, nodes, size)
        else:
            j = order[place]
            place += 1
        if settled[j]:
            continue
        settled[j] = True
        here = fall[j]
        for deal in range(deals.start[j], deals.stop[j]):
            i = deals.other[deal]
            if done[i]:
                continue
            done[i] = True
            if size + rows.stop[i] - rows.start[i] > room:
                room = 2 * room + rows.stop[i] - rows.start[i]
                keys, nodes = lengthened(keys, nodes, room)
            base = here + dual[i]
            for q in range(rows.start[i], rows.stop[i]):
                k = rows.other[q]
                reached = base + price[k] - rows.worth[q]
                if reached < fall[k]:
                    fall[k] = reached
                    size = push(keys, nodes, size, reached, k)


def proof(rows: Lists, units: Ints, duals: Sides, limits: Sides) -> Proof:
    """Return the numbers that prove units and duals optimal: no gap, nothing blocking, nothing loose.

    Args:
        rows: the edges by row.
        units: units on each edge, by the edge's number.
        duals: what a unit brings each side.
        limits: units wanted and offered.
    """
    primal, blocking, loose = _pass(rows, units, duals)
    bound = int(duals.rows @ limits.rows) + int(duals.columns @ limits.columns)
    return Proof(int(primal), bound, int(blocking), int(loose))


@compiled
def _pass(rows: Lists, units: Ints, duals: Sides) -> tuple[np.int64, np.int64, np.int64]:
    primal = blocking = loose = np.int64(0)
    for i in range(duals.rows.size):
        for q in range(rows.start[i], rows.stop[i]):
            slack = duals.rows[i] + duals.columns[rows.other[q]] - rows.worth[q]
            used = units[rows.edge[q]]
            primal += used * rows.worth[q]
            blocking += slack < 0
            loose += used > 0 and slack > 0
    return primal, blocking, loose

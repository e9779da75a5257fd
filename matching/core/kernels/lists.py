"""Who is joined to whom: edges listed by either side, and numbered so that neighbours lie close."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.core.kernels.jit import compiled
from matching.core.problem import Ints

Nodes = NDArray[np.int32]

# Below this many edges everything stays in the processor's cache, and a better numbering saves nothing.
WORTH_NUMBERING = 1 << 18
# Rows that are numbered together: their lists and prices fit into the second-level cache.
_BLOCK = 2_000


class Lists(NamedTuple):
    """The edges of each node of one side: node i has the places start[i] to stop[i] of the long arrays.

    Attributes:
        start, stop: (n_nodes,) int64.
        other: (n_places,) int32 node of the other side.
        worth: (n_places,) int64 fen per unit.
        edge: (n_places,) int32 number of the edge, the same from both sides.
    """

    start: Ints
    stop: Ints
    other: Nodes
    worth: Ints
    edge: Nodes


class Numbering(NamedTuple):
    """An order of nodes: place q holds the node that was called order[q]."""

    rows: Nodes
    columns: Nodes


def by_row(row: Ints, column: Ints, worth: Ints, *, n_rows: int) -> Lists:
    """Return the edges listed by row; edges are numbered as given."""
    ends = np.cumsum(np.bincount(row, minlength=n_rows))
    edge = np.arange(row.size, dtype=np.int32)
    if row.size and (row[1:] < row[:-1]).any():
        edge = np.argsort(row, kind="stable").astype(np.int32)
        column, worth = column[edge], worth[edge]
    return Lists(
        start=np.concatenate([[0], ends[:-1]]).astype(np.int64)[:n_rows],
        stop=ends.astype(np.int64),
        other=column.astype(np.int32),
        worth=np.array(worth, dtype=np.int64),  # a copy: Numba compiles anew for arrays that are read-only
        edge=edge,
    )


@compiled
def by_column(rows: Lists, n_columns: int) -> Lists:
    """Return the same edges listed by column, each list in rising order of rows."""
    stop = np.zeros(n_columns, np.int64)
    for i in range(rows.start.size):
        for q in range(rows.start[i], rows.stop[i]):
            stop[rows.other[q]] += 1
    start = np.empty(n_columns, np.int64)
    total = np.int64(0)
    for j in range(n_columns):
        start[j] = total
        total += stop[j]
        stop[j] = start[j]
    other = np.empty(total, np.int32)
    worth = np.empty(total, np.int64)
    edge = np.empty(total, np.int32)
    for i in range(rows.start.size):
        for q in range(rows.start[i], rows.stop[i]):
            j = rows.other[q]
            place = stop[j]
            other[place] = i
            worth[place] = rows.worth[q]
            edge[place] = rows.edge[q]
            stop[j] = place + 1
    return Lists(start, stop, other, worth, edge)


@compiled
def neighbourly(rows: Lists, n_columns: int) -> Numbering:
    """Return an order of both sides in which joined nodes lie close together, component after component.

    Notes:
        Breadth-first in blocks: one block grows from a row until it is full, the next grows from the latest row at its
        rim. Columns are numbered as they are met. The order depends on the edges alone.
    """
    n_rows = rows.start.size
    first, members = _rows_of_columns(rows, n_columns)
    row_order, column_order = np.empty(n_rows, np.int32), np.empty(n_columns, np.int32)
    state = np.zeros(n_rows, np.int8)  # 0 not met, 1 in the growing block, 2 numbered
    at_rim = np.zeros(n_rows, np.bool_)
    met = np.zeros(n_columns, np.bool_)
    rim, queue = np.empty(n_rows, np.int32), np.empty(n_rows, np.int32)
    n_ordered = n_met = 0
    for seed in range(n_rows):
        n_rim = 1
        rim[0] = seed
        while n_rim > 0:
            n_rim -= 1
            if state[rim[n_rim]] == 2:
                continue
            queue[0] = rim[n_rim]
            state[queue[0]] = 1
            head, tail = 0, 1
            while head < tail and head < _BLOCK:
                i = queue[head]
                head += 1
                state[i] = 2
                row_order[n_ordered] = i
                n_ordered += 1
                for q in range(rows.start[i], rows.stop[i]):
                    j = rows.other[q]
                    if met[j]:
                        continue
                    met[j] = True
                    column_order[n_met] = j
                    n_met += 1
                    for place in range(first[j], first[j + 1]):
                        other = members[place]
                        if state[other] == 0:
                            state[other] = 1
                            queue[tail] = other
                            tail += 1
            for place in range(head, tail):
                other = queue[place]
                state[other] = 0
                if not at_rim[other]:
                    at_rim[other] = True
                    rim[n_rim] = other
                    n_rim += 1
    for j in range(n_columns):
        if not met[j]:
            column_order[n_met] = j
            n_met += 1
    return Numbering(row_order, column_order)


@compiled
def _rows_of_columns(rows: Lists, n_columns: int) -> tuple[Ints, Nodes]:
    first = np.zeros(n_columns + 1, np.int64)
    for i in range(rows.start.size):
        for q in range(rows.start[i], rows.stop[i]):
            first[rows.other[q] + 1] += 1
    for j in range(n_columns):
        first[j + 1] += first[j]
    place = first[:-1].copy()
    members = np.empty(first[n_columns], np.int32)
    for i in range(rows.start.size):
        for q in range(rows.start[i], rows.stop[i]):
            j = rows.other[q]
            members[place[j]] = i
            place[j] += 1
    return first, members


@compiled
def renumbered(rows: Lists, order: Numbering) -> Lists:
    """Return the same edges with rows and columns called by their places in `order`."""
    n_rows = rows.start.size
    new_column = np.empty(order.columns.size, np.int32)
    for place in range(order.columns.size):
        new_column[order.columns[place]] = place
    start, stop = np.empty(n_rows, np.int64), np.empty(n_rows, np.int64)
    other = np.empty(rows.other.size, np.int32)
    worth = np.empty(rows.other.size, np.int64)
    edge = np.empty(rows.other.size, np.int32)
    end = np.int64(0)
    for place in range(n_rows):
        i = order.rows[place]
        start[place] = end
        for q in range(rows.start[i], rows.stop[i]):
            other[end] = new_column[rows.other[q]]
            worth[end] = rows.worth[q]
            edge[end] = rows.edge[q]
            end += 1
        stop[place] = end
    return Lists(start, stop, other, worth, edge)

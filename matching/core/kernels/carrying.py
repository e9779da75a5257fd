"""Shortest augmenting paths that carry units: how a plan with exact duals loses its last violations."""

from typing import NamedTuple

import numpy as np

from matching.core.kernels.heap import lengthened, push, take_nearest
from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Lists, Nodes
from matching.core.kernels.plan import NO_EDGE, Plan, Used, enlist
from matching.core.kernels.unit import FAR
from matching.core.problem import Ints


class Reach(NamedTuple):
    """What a search from one side writes on; distances are FAR between searches."""

    column_distance: Ints
    column_edge: Nodes
    column_row: Nodes
    row_distance: Ints
    row_edge: Nodes
    row_column: Nodes
    settled: Nodes
    touched: Nodes
    rows: Nodes


def reach(n_rows: int, n_columns: int) -> Reach:
    """Return what searches from rows write on."""
    return Reach(
        column_distance=np.full(n_columns, FAR, dtype=np.int64),
        column_edge=np.empty(n_columns, dtype=np.int32),
        column_row=np.empty(n_columns, dtype=np.int32),
        row_distance=np.full(n_rows, FAR, dtype=np.int64),
        row_edge=np.empty(n_rows, dtype=np.int32),
        row_column=np.empty(n_rows, dtype=np.int32),
        settled=np.empty(n_columns, dtype=np.int32),
        touched=np.empty(n_columns, dtype=np.int32),
        rows=np.empty(n_rows, dtype=np.int32),
    )


@compiled
def repair(rows: Lists, plan: Plan, used: Used, reach: Reach) -> None:
    """Remove the violation of every row, on shortest paths, and make none.

    Args:
        rows: the edges by row.
        plan: with exact duals, used edges tight, as the rows see it; changed in place.
        used: the chains of columns.
        reach: as long as the sides.
    """
    left, dual, price = plan.row_left, plan.row_dual, plan.column_price
    for root in range(left.size):
        while left[root] > 0 and dual[root] > 0:
            radius, end, leaver, n_settled, n_touched, n_rows = _search(rows, plan, used, root, reach)
            for place in range(n_settled):
                j = reach.settled[place]
                price[j] += radius - reach.column_distance[j]
            for place in range(n_rows):
                i = reach.rows[place]
                dual[i] -= radius - reach.row_distance[i]
            if end >= 0 or leaver != root:
                _carry(plan, used, reach, root, end if end >= 0 else ~leaver)
            for place in range(n_touched):
                reach.column_distance[reach.touched[place]] = FAR
            for place in range(n_rows):
                reach.row_distance[reach.rows[place]] = FAR


@compiled
def _carry(plan: Plan, used: Used, reach: Reach, root: int, end: int) -> None:
    """Move as many units along the path as it can carry: to a column, or to the row ~end that leaves."""
    units, left, column_left = plan.units, plan.row_left, plan.column_left
    carried = left[root]
    if end >= 0:
        carried = min(carried, column_left[end])
    i = reach.column_row[end] if end >= 0 else ~end
    while i != root:
        carried = min(carried, units[reach.row_edge[i]])
        i = reach.column_row[reach.row_column[i]]
    j = end
    if end >= 0:
        column_left[end] -= carried
    else:
        left[~end] += carried
        units[reach.row_edge[~end]] -= carried
        j = reach.row_column[~end]
    while True:
        i = reach.column_row[j]
        units[reach.column_edge[j]] += carried
        enlist(used, j, i, reach.column_edge[j])
        if i == root:
            break
        units[reach.row_edge[i]] -= carried
        j = reach.row_column[i]
    left[root] -= carried


@compiled
def _search(rows: Lists, plan: Plan, used: Used, root: int, reach: Reach) -> tuple[int, int, int, int, int, int]:
    """Find the cheapest way to give `root` a unit: a column with units left, a row that would rather leave, or none.

    Returns:
        The cost, the column or -1, the row that leaves if there is none, and how many columns were settled, columns
        touched and rows reached: those in `reach`.
    """
    units, column_left, dual, price = plan.units, plan.column_left, plan.row_dual, plan.column_price
    distance = reach.column_distance
    room = 256
    keys, nodes = np.empty(room, np.int64), np.empty(room, np.int32)
    size = n_settled = n_touched = 0
    radius, end, leaver = dual[root], -1, root
    reach.rows[0] = root
    reach.row_distance[root] = 0
    n_rows, n_scanned = 1, 0
    while True:
        while n_scanned < n_rows:
            i = reach.rows[n_scanned]
            n_scanned += 1
            if size + rows.stop[i] - rows.start[i] > room:
                room = 2 * room + rows.stop[i] - rows.start[i]
                keys, nodes = lengthened(keys, nodes, room)
            base = reach.row_distance[i] + dual[i]
            for q in range(rows.start[i], rows.stop[i]):
                k = rows.other[q]
                reached = base + price[k] - rows.worth[q]
                if reached < radius and reached < distance[k]:
                    if distance[k] == FAR:
                        reach.touched[n_touched] = k
                        n_touched += 1
                    distance[k] = reached
                    reach.column_edge[k] = rows.edge[q]
                    reach.column_row[k] = i
                    if column_left[k] > 0:
                        radius, end = reached, k
                    else:
                        size = push(keys, nodes, size, reached, k)
        size, j = take_nearest(keys, nodes, size, distance, radius)
        if j < 0:
            return radius, end, leaver, n_settled, n_touched, n_rows
        reach.settled[n_settled] = j
        n_settled += 1
        edge = used.first[j]
        while edge != NO_EDGE:
            i = used.near[edge]
            if units[edge] > 0 and reach.row_distance[i] == FAR:
                reach.row_distance[i] = distance[j]
                reach.row_edge[i] = edge
                reach.row_column[i] = j
                reach.rows[n_rows] = i
                n_rows += 1
                if distance[j] + dual[i] < radius:
                    radius, end, leaver = distance[j] + dual[i], -1, i
            edge = used.following[edge]

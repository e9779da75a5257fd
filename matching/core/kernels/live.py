"""A market of single units that stays optimal while parties come, go and change their minds."""

from typing import NamedTuple

import numpy as np

from matching.core.kernels import unit
from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Lists, Nodes
from matching.core.kernels.unit import NOBODY, Matching, Scratch, repair
from matching.core.problem import Ints

_END, _N_VACANT = 0, 1


class Book(NamedTuple):
    """One side's lists with room to grow.

    Attributes:
        lists: the edges; a node that is not there has an empty list. Edges have no numbers.
        limit: (n_nodes,) where each node's room ends.
        marks: the first place that is nobody's room, and how many nodes are vacant.
        vacant: (n_nodes,) the nodes to be given to who comes, from the end.
    """

    lists: Lists
    limit: Ints
    marks: Ints
    vacant: Nodes


class Live(NamedTuple):
    """A market and its optimum, changed in place; only growth makes new arrays.

    Attributes:
        rows, columns: the edges from both sides.
        matching: the optimum, as `unit.Matching` says, after every function here.
        over_columns, over_rows: what searches write on.
    """

    rows: Book
    columns: Book
    matching: Matching
    over_columns: Scratch
    over_rows: Scratch


def opened(rows: Lists, columns: Lists, matching: Matching) -> Live:
    """Return a live market from lists and their optimum; all arrays are its own."""
    return Live(
        rows=_roomier(rows, rows.start.size),
        columns=_roomier(columns, columns.start.size),
        matching=unit.copied(matching),
        over_columns=unit.scratch(columns.start.size),
        over_rows=unit.scratch(rows.start.size),
    )


def turned(live: Live) -> Live:
    """Return the same arrays with the sides exchanged: what holds for rows then happens to columns."""
    return Live(live.columns, live.rows, unit.turned(live.matching), live.over_rows, live.over_columns)


def arrive(live: Live, arriving: Lists) -> tuple[Live, Nodes]:
    """Let rows come, and restore the optimum.

    Args:
        live: the market; do not use it again, but what is returned.
        arriving: the edges of each, to columns that are there.

    Returns:
        The market, and the numbers that the rows were given.
    """
    n_missing = arriving.start.size - int(live.rows.marks[_N_VACANT])
    if n_missing > 0:
        live = _with_more_rows(live, n_missing)
    rows = live.rows
    n_vacant = int(rows.marks[_N_VACANT])
    nodes = rows.vacant[n_vacant - arriving.start.size : n_vacant][::-1].copy()
    rows.marks[_N_VACANT] -= nodes.size
    return _placed(live, nodes, arriving), nodes


def leave(live: Live, nodes: Nodes) -> None:
    """Let rows go, and restore the optimum; their numbers are given to others later."""
    left_alone = _detach(live, nodes)
    n_vacant = int(live.rows.marks[_N_VACANT])
    live.rows.vacant[n_vacant : n_vacant + nodes.size] = nodes
    live.rows.marks[_N_VACANT] += nodes.size
    repair(live.columns.lists, unit.turned(live.matching), left_alone, live.over_rows)


def reprice(live: Live, nodes: Nodes, edges: Lists) -> Live:
    """Give rows other edges or other worths, and restore the optimum; their numbers stay.

    Args:
        live: the market; do not use it again, but what is returned.
        nodes: the rows.
        edges: all their edges as they are now.

    Notes:
        A row whose deal is still the best for it at the prices of now keeps it: nobody is moved for an equal.
    """
    _unlist(live, nodes)
    live = _listed(live, nodes, edges)
    left_alone = _part_loose(live, nodes)
    repair(live.rows.lists, live.matching, nodes, live.over_columns)
    repair(live.columns.lists, unit.turned(live.matching), left_alone, live.over_rows)
    return live


def _placed(live: Live, nodes: Nodes, edges: Lists) -> Live:
    live = _listed(live, nodes, edges)
    repair(live.rows.lists, live.matching, nodes, live.over_columns)
    return live


def _listed(live: Live, nodes: Nodes, edges: Lists) -> Live:
    n_placed = 0
    while n_placed < nodes.size:
        n_placed = _attach(live, nodes, edges, n_placed)
        if n_placed < nodes.size:
            longest = int((edges.stop - edges.start).max())
            live = live._replace(
                rows=_roomier(live.rows.lists, live.rows.limit.size, spare=longest, vacant=live.rows),
                columns=_roomier(live.columns.lists, live.columns.limit.size, spare=longest, vacant=live.columns),
            )
    return live


def _with_more_rows(live: Live, n_missing: int) -> Live:
    n_rows = live.rows.limit.size
    n_more = max(n_missing, n_rows // 8)
    nobody, nothing = np.full(n_more, NOBODY, dtype=np.int32), np.zeros(n_more, dtype=np.int64)
    return Live(
        rows=_roomier(live.rows.lists, n_rows + n_more, vacant=live.rows),
        columns=live.columns,
        matching=live.matching._replace(
            row_mate=np.concatenate([live.matching.row_mate, nobody]),
            row_dual=np.concatenate([live.matching.row_dual, nothing]),
        ),
        over_columns=live.over_columns,
        over_rows=unit.scratch(n_rows + n_more),
    )


def _roomier(lists: Lists, n_nodes: int, *, spare: int = 0, vacant: Book | None = None) -> Book:
    """Return lists with a quarter more room each and as much at the end, for `n_nodes` nodes."""
    n_old = lists.start.size
    room = np.full(n_nodes, 4, dtype=np.int64)
    room[:n_old] += (lists.stop - lists.start) * 5 // 4
    end = np.cumsum(room)
    start = end - room
    stop = start.copy()
    stop[:n_old] += lists.stop - lists.start
    n_places = int(end[-1]) * 5 // 4 + 4 * spare + 64 if n_nodes else 64
    other, worth = np.empty(n_places, dtype=np.int32), np.empty(n_places, dtype=np.int64)
    _copy_lists(lists, start, other, worth)
    names = np.empty(n_nodes, dtype=np.int32)
    n_vacant = int(vacant.marks[_N_VACANT]) if vacant else 0
    names[:n_vacant] = vacant.vacant[:n_vacant] if vacant else 0
    names[n_vacant : n_vacant + n_nodes - n_old] = np.arange(n_old, n_nodes)[::-1]
    return Book(
        lists=Lists(start, stop, other, worth, np.empty(0, dtype=np.int32)),
        limit=end,
        marks=np.array([end[-1] if n_nodes else 0, n_vacant + n_nodes - n_old]),
        vacant=names,
    )


@compiled
def _copy_lists(lists: Lists, start: Ints, other: Nodes, worth: Ints) -> None:
    for i in range(lists.start.size):
        for step in range(lists.stop[i] - lists.start[i]):
            other[start[i] + step] = lists.other[lists.start[i] + step]
            worth[start[i] + step] = lists.worth[lists.start[i] + step]


@compiled
def _attach(live: Live, nodes: Nodes, edges: Lists, n_placed: int) -> int:
    """List the edges of rows on both sides with duals that nothing blocks; return how many found room."""
    rows, columns, matching = live.rows, live.columns, live.matching
    for number in range(n_placed, nodes.size):
        if not _has_room(rows, columns, nodes[number], edges, number):
            return number
        i = nodes[number]
        best = np.int64(0)
        for q in range(edges.start[number], edges.stop[number]):
            j = edges.other[q]
            _add(rows, i, j, edges.worth[q])
            _add(columns, j, i, edges.worth[q])
            best = max(best, edges.worth[q] - matching.column_price[j])
        matching.row_dual[i] = best
    return nodes.size


@compiled
def _has_room(rows: Book, columns: Book, node: int, edges: Lists, number: int) -> bool:
    """Whether both books can take one row's edges, with lists moved to rooms of twice the length where need be."""
    wanted = 2 * (edges.stop[number] - edges.start[number]) + 8
    if rows.marks[_END] + 2 * wanted > rows.lists.other.size:
        return False
    needed = np.int64(0)
    for q in range(edges.start[number], edges.stop[number]):
        j = edges.other[q]
        if columns.lists.stop[j] == columns.limit[j]:
            needed += 2 * (columns.limit[j] - columns.lists.start[j]) + 4
    return bool(columns.marks[_END] + needed <= columns.lists.other.size)


@compiled
def _add(book: Book, node: int, other: int, worth: int) -> None:
    lists = book.lists
    if lists.stop[node] == book.limit[node]:
        length = lists.stop[node] - lists.start[node]
        moved = book.marks[_END]
        for step in range(length):
            lists.other[moved + step] = lists.other[lists.start[node] + step]
            lists.worth[moved + step] = lists.worth[lists.start[node] + step]
        lists.start[node] = moved
        lists.stop[node] = moved + length
        book.limit[node] = moved + 2 * length + 4
        book.marks[_END] = book.limit[node]
    place = lists.stop[node]
    lists.other[place] = other
    lists.worth[place] = worth
    lists.stop[node] = place + 1


@compiled
def _detach(live: Live, nodes: Nodes) -> Nodes:
    """Take rows off both sides' lists and part them; return the columns that they leave alone."""
    _unlist(live, nodes)
    live.matching.row_dual[nodes] = 0
    return _part(live.matching, nodes)


@compiled
def _unlist(live: Live, nodes: Nodes) -> None:
    """Take rows off both sides' lists; who is matched stays so."""
    rows, lists = live.rows.lists, live.columns.lists
    for i in nodes:
        for q in range(rows.start[i], rows.stop[i]):
            j = rows.other[q]
            place = lists.start[j]
            while lists.other[place] != i:
                place += 1
            last = lists.stop[j] - 1
            lists.other[place] = lists.other[last]
            lists.worth[place] = lists.worth[last]
            lists.stop[j] = last
        rows.stop[i] = rows.start[i]


@compiled
def _part_loose(live: Live, nodes: Nodes) -> Nodes:
    """Part the rows whose deal is not the best for them any more; return the columns that they leave alone."""
    rows, matching = live.rows.lists, live.matching
    loose = np.empty(nodes.size, np.int32)
    n_loose = 0
    for i in nodes:
        mate = matching.row_mate[i]
        is_tight = False
        for q in range(rows.start[i], rows.stop[i]):
            if rows.other[q] == mate and rows.worth[q] == matching.row_dual[i] + matching.column_price[mate]:
                is_tight = True
        if not is_tight:
            loose[n_loose] = i
            n_loose += 1
    return _part(matching, loose[:n_loose])


@compiled
def _part(matching: Matching, nodes: Nodes) -> Nodes:
    left_alone = np.empty(nodes.size, np.int32)
    n_alone = 0
    for i in nodes:
        mate = matching.row_mate[i]
        if mate != NOBODY:
            matching.row_mate[i] = NOBODY
            matching.column_mate[mate] = NOBODY
            left_alone[n_alone] = mate
            n_alone += 1
    return left_alone[:n_alone]

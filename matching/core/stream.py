"""A market of single deals that is best at every moment: needs and lots come, change and go, one event at a time."""

from collections.abc import Iterator, KeysView, Mapping
from typing import NamedTuple

import numpy as np

from matching.core.kernels import corners, live, unit
from matching.core.kernels.lists import Lists, Nodes, by_row
from matching.core.kernels.live import Book
from matching.core.kernels.unit import NOBODY
from matching.core.problem import Ints

# What a party is called: any number that its side knows it by.
Key = int


class Band(NamedTuple):
    """The rents of a tentative deal that support the optimum, in fen: nobody outside could object to any of them.

    Attributes:
        lowest_fen, highest_fen: what the lot is paid over its reserve, at least and at most.
        worth_fen: what the deal brings both together; the need keeps what the rent leaves.
    """

    lowest_fen: int
    highest_fen: int
    worth_fen: int


class Proof(NamedTuple):
    """What one pass over all edges says of the plan: it is optimal if and only if both sums agree and nothing blocks.

    Attributes:
        primal_fen: surplus of the plan.
        dual_fen: what no plan can exceed, from the duals alone, if `blocking` is 0.
        blocking: edges worth more than their two ends have together, and negative duals.
    """

    primal_fen: int
    dual_fen: int
    blocking: int

    @property
    def is_exact(self) -> bool:
        return self.blocking == 0 and self.primal_fen == self.dual_fen


class Stream:
    """Needs that make one deal each, lots that make as many as they have places, and the best plan among them.

    Notes:
        A lot with k places is k columns of equal worth; in every supporting vector their prices are equal. After each
        event duals are repaired on shortest paths (`kernels.live`), so the plan is an optimum of what is there, with
        duals that prove it. Among equal optima the one that stands is kept (`keep_together`): who comes later must be
        worth more.

    Source:
        L. S. Shapley, M. Shubik, Int. J. Game Theory 1 (1971) 111-130 (the core of the assignment game).
    """

    def __init__(self) -> None:
        nothing = _edges([], [])._replace(start=np.zeros(0, np.int64), stop=np.zeros(0, np.int64))
        self._live = live.opened(nothing, nothing, unit.nobody_matched(0, 0))
        self._row: dict[Key, int] = {}
        self._need: dict[int, Key] = {}
        self._columns: dict[Key, list[int]] = {}
        self._lot: dict[int, Key] = {}

    @classmethod
    def opened(cls, needs: list[Key], places: Mapping[Key, int], edges: Mapping[tuple[Key, Key], int]) -> "Stream":
        """Return a market with its optimum, decided at once.

        Args:
            needs: who is there; their order and that of the lots may decide among equals.
            places: deals that each lot can make, positive.
            edges: surplus in fen of (need, lot), positive.
        """
        stream = cls()
        stream._row = {need: row for row, need in enumerate(needs)}
        stream._need = dict(enumerate(needs))
        for lot, n_places in places.items():
            first = len(stream._lot)
            stream._columns[lot] = list(range(first, first + n_places))
            stream._lot.update(dict.fromkeys(stream._columns[lot], lot))
        triples = sorted(
            (stream._row[need], column, worth)
            for (need, lot), worth in edges.items()
            for column in stream._columns[lot]
        )
        row, column, worth = np.array(triples, dtype=np.int64).reshape(-1, 3).T
        rows = by_row(row, column, worth, n_rows=len(needs))
        n_columns = len(stream._lot)
        columns = by_row(column, row, worth, n_rows=n_columns)
        stream._live = live.opened(rows, columns, unit.best_matching(rows, n_columns=n_columns))
        return stream

    @property
    def needs(self) -> KeysView[Key]:
        return self._row.keys()

    @property
    def lots(self) -> KeysView[Key]:
        return self._columns.keys()

    def places(self, lot: Key) -> int:
        """Return how many deals a lot can make.

        Raises:
            KeyError: it is not there.
        """
        return len(self._columns[lot])

    def need_arrives(self, need: Key, edges: Mapping[Key, int]) -> None:
        """Let a need come.

        Args:
            need: not there yet.
            edges: surplus in fen with each lot, positive; all of them there.

        Raises:
            KeyError: it is there already, or a lot is not; nothing has changed then.
        """
        _require_new(need, self._row)
        arriving = self._of_need(edges)
        self._live, [row] = live.arrive(self._live, arriving)
        self._row[need], self._need[int(row)] = int(row), need

    def need_changes(self, need: Key, edges: Mapping[Key, int]) -> None:
        """Give a need all its edges as they are now.

        Raises:
            KeyError: it is not there, or a lot is not; nothing has changed then.
        """
        nodes = _nodes([self._row[need]])
        self._live = live.reprice(self._live, nodes, self._of_need(edges))

    def need_leaves(self, need: Key) -> None:
        """Let a need go.

        Raises:
            KeyError: it is not there.
        """
        row = self._row.pop(need)
        del self._need[row]
        live.leave(self._live, _nodes([row]))

    def lot_arrives(self, lot: Key, edges: Mapping[Key, int], *, places: int = 1) -> None:
        """Let a lot come with its places.

        Args:
            lot: not there yet.
            edges: surplus in fen with each need, positive; all of them there.
            places: deals it can make, positive.

        Raises:
            KeyError: it is there already, or a need is not; nothing has changed then.
        """
        _require_new(lot, self._columns)
        arriving = self._of_place(edges)
        self._columns[lot] = []
        for _ in range(places):
            self._add_place(lot, arriving)

    def lot_changes(self, lot: Key, *, places: int) -> None:
        """Give a lot more or fewer places; those that nobody has go first.

        Raises:
            KeyError: it is not there.
        """
        columns = self._columns[lot]
        n_fewer = len(columns) - places
        if n_fewer > 0:
            mate = self._live.matching.column_mate
            for column in sorted(columns, key=lambda column: mate[column] != NOBODY)[:n_fewer]:
                self._remove_place(lot, column)
            return
        if n_fewer < 0:
            arriving = self._of_place(self._edges_of_lot(lot))
            for _ in range(-n_fewer):
                self._add_place(lot, arriving)

    def lot_leaves(self, lot: Key) -> None:
        """Let a lot go with all its places.

        Raises:
            KeyError: it is not there.
        """
        for column in list(self._columns[lot]):
            self._remove_place(lot, column)
        del self._columns[lot]

    def keep_together(self, pairs: Mapping[Key, Key]) -> None:
        """Let needs have the lots named for them again, where a plan in which they do is worth as much.

        Args:
            pairs: lot by need, as of an earlier plan; what is no longer there, or no longer possible, is passed over.

        Notes:
            Two plans differ in chains and rings of exchanges that have nothing to do with each other. One that is worth
            as much either way is turned back; duals that support one optimum support both.
        """
        row_mate, column_mate, dual, price = self._live.matching
        wanted = self._wanted_columns(pairs)
        taker = {column: row for row, column in wanted.items()}
        seen: set[int] = set()
        for first, column in wanted.items():
            if first in seen or row_mate[first] == column:
                continue
            rows, waiting = {first}, [first]
            columns: set[int] = set()
            gained = 0
            while waiting:
                row = waiting.pop()
                mine = wanted.get(row, NOBODY)
                gained += self.edges(self._need[row])[self._lot[mine]] if mine != NOBODY else 0
                gained -= int(dual[row] + price[row_mate[row]]) if row_mate[row] != NOBODY else 0
                for end in {mine, int(row_mate[row])} - {NOBODY} - columns:
                    columns.add(end)
                    joined = {taker.get(end, NOBODY), int(column_mate[end])} - {NOBODY} - rows
                    rows |= joined
                    waiting += joined
            seen |= rows
            if gained == 0:
                for row in rows:
                    row_mate[row] = wanted.get(row, NOBODY)
                for end in columns:
                    column_mate[end] = taker.get(end, NOBODY)

    def _wanted_columns(self, pairs: Mapping[Key, Key]) -> dict[int, int]:
        """Return a column of its own for each need that could have its lot; the one that it has, where it can."""
        row_mate = self._live.matching.row_mate
        together: dict[Key, list[int]] = {}
        for need, lot in pairs.items():
            if need in self._row and lot in self._columns and lot in self.edges(need):
                together.setdefault(lot, []).append(self._row[need])
        found: dict[int, int] = {}
        for lot, rows in together.items():
            left = set(self._columns[lot])
            staying = [row for row in rows if row_mate[row] in left]
            found |= {row: int(row_mate[row]) for row in staying}
            left -= set(found.values())
            found |= dict(zip((row for row in rows if row not in found), sorted(left), strict=False))
        return found

    def partner(self, need: Key) -> Key | None:
        """Return the lot that a need has in the best plan, or None.

        Raises:
            KeyError: it is not there.
        """
        column = int(self._live.matching.row_mate[self._row[need]])
        return None if column == NOBODY else self._lot[column]

    def guests(self, lot: Key) -> list[Key]:
        """Return the needs that a lot has in the best plan.

        Raises:
            KeyError: it is not there.
        """
        mates = (int(self._live.matching.column_mate[column]) for column in self._columns[lot])
        return [self._need[row] for row in mates if row != NOBODY]

    def edges(self, need: Key) -> dict[Key, int]:
        """Return the surplus of a need with each of its lots.

        Raises:
            KeyError: it is not there.
        """
        lists, row = self._live.rows.lists, self._row[need]
        places = slice(int(lists.start[row]), int(lists.stop[row]))
        columns = lists.other[places].tolist()
        return {self._lot[column]: worth for column, worth in zip(columns, lists.worth[places].tolist(), strict=True)}

    def pairs(self) -> Iterator[tuple[Key, Key]]:
        """Yield (need, lot) of every deal of the best plan."""
        mate = self._live.matching.row_mate.tolist()
        for need, row in self._row.items():
            if mate[row] != NOBODY:
                yield need, self._lot[mate[row]]

    def band(self, need: Key) -> Band:
        """Return the price band of the deal that a need has in the best plan.

        Raises:
            KeyError: it is not there, or has no partner.

        Notes:
            Two searches over slacks from the two ends, as far as the band is wide: the price can fall until a rival
            of the lot would take it, and rise until the need would go elsewhere. It does not look at the whole market.
        """
        market, row = self._live, self._row[need]
        column = int(market.matching.row_mate[row])
        if column == NOBODY:
            raise KeyError(need)
        price = int(market.matching.column_price[column])
        fall = unit.room_to_fall(market.columns.lists, unit.turned(market.matching), column, market.over_rows)
        rise = unit.room_to_fall(market.rows.lists, market.matching, row, market.over_columns)
        worth = price + int(market.matching.row_dual[row])
        return Band(price - int(fall), price + int(rise), worth)

    def bands(self) -> dict[Key, Band]:
        """Return the price band of every deal of the best plan, by need; cheaper than asking for many one by one."""
        rows, columns = self._live.rows.lists, self._live.columns.lists
        row_mate, column_mate, dual, price = self._live.matching
        _, lowest = corners.lowest(rows, corners.pairs(column_mate), dual, price, row_mate == NOBODY)
        highest, _ = corners.lowest(columns, corners.pairs(row_mate), price, dual, column_mate == NOBODY)
        found = {}
        for need, row in self._row.items():
            column = int(row_mate[row])
            if column != NOBODY:
                found[need] = Band(int(lowest[column]), int(highest[column]), int(dual[row] + price[column]))
        return found

    def prove(self) -> Proof:
        """Check the plan against all edges: in one pass, from the duals alone."""
        row_mate, _, dual, price = self._live.matching
        row, lists = _packed(self._live.rows)
        slack = dual[row] + price[lists.other] - lists.worth
        matched = row_mate[row] == lists.other
        return Proof(
            primal_fen=sum(lists.worth[matched].tolist()),
            dual_fen=sum(dual.tolist()) + sum(price.tolist()),
            blocking=int((slack < 0).sum() + (dual < 0).sum() + (price < 0).sum()),
        )

    def _of_need(self, edges: Mapping[Key, int]) -> Lists:
        columns = [self._columns[lot] for lot in edges]
        worths = [worth for worth, of_lot in zip(edges.values(), columns, strict=True) for _ in of_lot]
        return _edges([column for of_lot in columns for column in of_lot], worths)

    def _of_place(self, edges: Mapping[Key, int]) -> Lists:
        return _edges([self._row[need] for need in edges], list(edges.values()))

    def _edges_of_lot(self, lot: Key) -> dict[Key, int]:
        lists, column = self._live.columns.lists, self._columns[lot][0]
        places = slice(int(lists.start[column]), int(lists.stop[column]))
        needs = (self._need[row] for row in lists.other[places].tolist())
        return dict(zip(needs, lists.worth[places].tolist(), strict=True))

    def _add_place(self, lot: Key, arriving: Lists) -> None:
        seen, [column] = live.arrive(live.turned(self._live), arriving)
        self._live = live.turned(seen)
        self._columns[lot].append(int(column))
        self._lot[int(column)] = lot

    def _remove_place(self, lot: Key, column: int) -> None:
        live.leave(live.turned(self._live), _nodes([column]))
        self._columns[lot].remove(column)
        del self._lot[column]


def _require_new(key: Key, known: Mapping[Key, object]) -> None:
    if key in known:
        raise KeyError(f"{key} is there already")


def _nodes(nodes: list[int]) -> Nodes:
    return np.array(nodes, dtype=np.int32)


def _edges(others: list[int], worths: list[int]) -> Lists:
    """Return the edges of one node."""
    n = len(others)
    return Lists(
        start=np.zeros(1, dtype=np.int64),
        stop=np.array([n], dtype=np.int64),
        other=np.array(others, dtype=np.int32),
        worth=np.array(worths, dtype=np.int64),
        edge=np.arange(n, dtype=np.int32),
    )


def _packed(book: Book) -> tuple[Ints, Lists]:
    """Return the row of each edge, and the edges of a book without the room between them."""
    lists = book.lists
    length = lists.stop - lists.start
    row = np.repeat(np.arange(length.size), length)
    before = np.cumsum(length) - length
    place = lists.start[row] + np.arange(row.size) - before[row]
    return row, lists._replace(other=lists.other[place], worth=lists.worth[place])

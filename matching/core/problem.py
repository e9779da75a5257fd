"""What a match round decides on: needs, lots of supply and the edges between them, in whole fen and whole units."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]

# Sums of surplus times units stay far inside a signed 64-bit integer.
MONEY_LIMIT = 2**62
# An edge that only its two ends bound.
NO_BOUND = 2**62


class MalformedProblem(ValueError):
    """The arrays do not describe a market."""


def ints(values: ArrayLike) -> Ints:
    """Return `values` as a read-only int64 array; one that nobody can write to is passed on.

    Raises:
        MalformedProblem: a value is not a whole number.
    """
    raw = np.asarray(values)
    if raw.dtype == np.int64 and not raw.flags.writeable and raw.flags.owndata:
        return raw
    if raw.size and raw.dtype.kind not in "iub":
        raise MalformedProblem("Only whole numbers enter a problem.")
    array = np.array(raw, dtype=np.int64)
    array.setflags(write=False)
    return array


NONE = ints([])  # of an array that may be left out


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """What every market has: lots with something left to give, and edges that could bring them a deal.

    Attributes:
        lot: (n_edges,) index of the edge's lot.
        surplus_fen: (n_edges,) fen per unit.
        floor_fen: (n_edges,) least the lot must be paid per unit.
        max_units: (n_edges,) most units an edge can carry; left out where only its two ends bound it.
        capacity: (n_lots,) units offered, positive.
        group: (n_lots,) index of the group whose members share a quota, or -1; left out without groups.
        group_capacity: (n_groups,) units that the lots of a group give together at most, positive.
        need_key: (n_needs,) distinct numbers that order needs; they alone break ties.
        lot_key: (n_lots,) distinct numbers that order lots, likewise.

    Raises:
        MalformedProblem: shapes, ranges or signs are wrong, or an edge comes twice.
    """

    lot: Ints
    surplus_fen: Ints
    floor_fen: Ints
    capacity: Ints
    need_key: Ints
    lot_key: Ints
    max_units: Ints = field(default_factory=lambda: NONE)
    group: Ints = field(default_factory=lambda: NONE)
    group_capacity: Ints = field(default_factory=lambda: NONE)

    def __post_init__(self) -> None:
        for name, length, value in (("max_units", self.n_edges, NO_BOUND), ("group", self.n_lots, -1)):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(length, value, dtype=np.int64))
        for name in self.__dataclass_fields__:
            object.__setattr__(self, name, ints(getattr(self, name)))
        for name in ("surplus_fen", "floor_fen", "max_units"):
            _require(getattr(self, name).shape == self.lot.shape, f"{name} has one value per edge")
        for name in ("floor_fen", "max_units"):
            _require(bool((getattr(self, name) >= 0).all()), f"{name} is not negative")
        check_units(self.capacity)
        check_units(self.group_capacity)
        _require(self.group.shape == self.capacity.shape, "group has one value per lot")
        _require(
            bool((self.group >= -1).all() and (self.group < self.group_capacity.size).all()),
            "a lot points outside the groups",
        )
        check_keys(self.need_key)
        check_keys(self.lot_key)
        _require(self.lot_key.shape == self.capacity.shape, "keys are distinct, one per node")

    @property
    def n_edges(self) -> int:
        return len(self.lot)

    @property
    def n_needs(self) -> int:
        return len(self.need_key)

    @property
    def n_lots(self) -> int:
        return len(self.capacity)

    @property
    def n_groups(self) -> int:
        return len(self.group_capacity)


@dataclass(frozen=True, eq=False, kw_only=True)
class MatchProblem(Problem):
    """A market whose deals are single units or divisible quantities (classes A and B).

    A unit is whatever the round counts: a whole deal where a need makes one deal only, or one hour, piece
    or kilogram where quantities may be split. An edge's surplus is what a unit is worth to the need
    through this lot, less what the lot must be paid and what the way costs; it is positive.

    Attributes:
        need: (n_edges,) index of the edge's need.
        ceiling_fen: (n_edges,) most the need would pay per unit; never below floor plus surplus.
        quantity: (n_needs,) units wanted, positive.
    """

    need: Ints
    ceiling_fen: Ints
    quantity: Ints

    def __post_init__(self) -> None:
        super().__post_init__()
        check_edges(self.need, self.lot, n_left=self.n_needs, n_right=self.n_lots)
        _require(self.ceiling_fen.shape == self.need.shape, "ceiling_fen has one value per edge")
        _require(bool((self.surplus_fen > 0).all()), "an edge worth nothing is no candidate")
        _require(
            bool((self.surplus_fen <= self.ceiling_fen - self.floor_fen).all()),
            "surplus is at most the distance between the two limits",
        )
        check_units(self.quantity)
        _require(self.quantity.shape == self.need_key.shape, "keys are distinct, one per node")
        check_magnitude(self.ceiling_fen, self.quantity, self.capacity)

    @property
    def is_unit(self) -> bool:
        """Whether every side makes at most one deal of one unit (class A)."""
        return bool((self.quantity == 1).all() and (self.capacity == 1).all()) and not self.is_capped

    @property
    def is_capped(self) -> bool:
        """Whether more than the two ends of an edge bounds what flows on it."""
        return bool(self.is_bounded.any() or (self.group >= 0).any())

    @cached_property
    def is_bounded(self) -> NDArray[np.bool_]:
        """(n_edges,) whether an edge carries less than its two ends would allow."""
        bounded = self.max_units < NO_BOUND
        if bounded.any():
            bounded &= self.max_units < np.minimum(self.quantity[self.need], self.capacity[self.lot])
        return bounded


def part_of(problem: MatchProblem, *, needs: NDArray[np.intp], lots: NDArray[np.intp], edges: Ints) -> MatchProblem:
    """Return the market of these rows, in this order; every one of the edges joins two of them."""
    need_place, lot_place = np.empty(problem.n_needs, dtype=np.int64), np.empty(problem.n_lots, dtype=np.int64)
    need_place[needs], lot_place[lots] = np.arange(needs.size), np.arange(lots.size)
    return MatchProblem(
        need=need_place[problem.need[edges]],
        lot=lot_place[problem.lot[edges]],
        surplus_fen=problem.surplus_fen[edges],
        floor_fen=problem.floor_fen[edges],
        ceiling_fen=problem.ceiling_fen[edges],
        max_units=problem.max_units[edges],
        quantity=problem.quantity[needs],
        capacity=problem.capacity[lots],
        group=problem.group[lots],
        group_capacity=problem.group_capacity,
        need_key=problem.need_key[needs],
        lot_key=problem.lot_key[lots],
    )


def canonical(problem: MatchProblem) -> tuple[MatchProblem, Ints]:
    """Return the same market in key order, so that row order cannot decide a tie.

    Returns:
        The ordered problem, and the (n_edges,) positions of its edges in the given one.
    """
    order = ints(np.lexsort((problem.lot_key[problem.lot], problem.need_key[problem.need])))
    needs, lots = np.argsort(problem.need_key), np.argsort(problem.lot_key)
    return part_of(problem, needs=needs, lots=lots, edges=order), order


def per_node(node: Ints, values: Ints, n: int) -> Ints:
    """Return the (n,) exact integer sums of `values` by `node`."""
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, node, values)
    return ints(total)


def check_edges(left: Ints, right: Ints, *, n_left: int, n_right: int) -> None:
    """Check that edges point to existing nodes and that none comes twice."""
    _require(left.ndim == 1 and left.shape == right.shape, "edges are two equally long rows of indices")
    if left.size:
        _require(int(left.min()) >= 0 and int(left.max()) < n_left, "an edge points outside the needs")
        _require(int(right.min()) >= 0 and int(right.max()) < n_right, "an edge points outside the lots")
        _require(np.unique(left * n_right + right).size == left.size, "an edge comes twice")


def check_units(side: Ints) -> None:
    """Check that `side` is a row of positive units."""
    _require(side.ndim == 1 and bool((side > 0).all()), "quantities and capacities are positive")


def check_keys(key: Ints) -> None:
    """Check that `key` orders a side without ties."""
    _require(key.ndim == 1 and np.unique(key).size == key.size, "keys are distinct, one per node")


def check_magnitude(money: Ints, *units: Ints) -> None:
    """Check that no sum of money times units can leave 64 bits."""
    top = int(np.abs(money).max()) if money.size else 0
    _require(top * sum(int(u.sum(dtype=object)) for u in units) < MONEY_LIMIT, "amounts too large for exact arithmetic")


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise MalformedProblem(sentence)

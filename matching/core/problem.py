"""What a match round decides on: needs, lots of supply and the edges between them, in whole fen and whole units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]

# Sums of surplus times units stay far inside a signed 64-bit integer.
MONEY_LIMIT = 2**62


class MalformedProblem(ValueError):
    """The arrays do not describe a market."""


def ints(values: ArrayLike) -> Ints:
    """Return `values` as a read-only int64 array.

    Raises:
        MalformedProblem: a value is not a whole number.
    """
    raw = np.asarray(values)
    if raw.size and raw.dtype.kind not in "iub":
        raise MalformedProblem("Only whole numbers enter a problem.")
    array = np.array(raw, dtype=np.int64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class MatchProblem:
    """A market whose deals are single units or divisible quantities (classes A and B).

    A unit is whatever the round counts: a whole deal where each side makes one deal only, or one hour,
    piece or kilogram where quantities may be split. An edge's surplus is what a unit is worth to the need
    through this lot, less what the lot must be paid and what the way costs.

    Attributes:
        need: (n_edges,) index of the edge's need.
        lot: (n_edges,) index of the edge's lot.
        surplus_fen: (n_edges,) fen per unit, positive.
        floor_fen: (n_edges,) least the lot must be paid per unit.
        ceiling_fen: (n_edges,) most the need would pay per unit; never below floor plus surplus.
        quantity: (n_needs,) units wanted, positive.
        capacity: (n_lots,) units offered, positive.
        need_key: (n_needs,) distinct numbers that order needs; they alone break ties.
        lot_key: (n_lots,) distinct numbers that order lots, likewise.

    Raises:
        MalformedProblem: shapes, ranges or signs are wrong, or an edge comes twice.
    """

    need: Ints
    lot: Ints
    surplus_fen: Ints
    floor_fen: Ints
    ceiling_fen: Ints
    quantity: Ints
    capacity: Ints
    need_key: Ints
    lot_key: Ints

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            object.__setattr__(self, name, ints(getattr(self, name)))
        check_edges(self.need, self.lot, n_left=self.n_needs, n_right=self.n_lots)
        for name in ("surplus_fen", "floor_fen", "ceiling_fen"):
            _require(getattr(self, name).shape == self.need.shape, f"{name} has one value per edge")
        _require(bool((self.surplus_fen > 0).all()), "an edge worth nothing is no candidate")
        _require(bool((self.floor_fen >= 0).all()), "a floor is not negative")
        _require(
            bool((self.surplus_fen <= self.ceiling_fen - self.floor_fen).all()),
            "surplus is at most the distance between the two limits",
        )
        check_sides(self.quantity, self.capacity)
        check_keys(self.need_key, self.quantity)
        check_keys(self.lot_key, self.capacity)
        check_magnitude(self.ceiling_fen, self.quantity, self.capacity)

    @property
    def n_edges(self) -> int:
        return int(self.need.size)

    @property
    def n_needs(self) -> int:
        return int(self.quantity.size)

    @property
    def n_lots(self) -> int:
        return int(self.capacity.size)

    @property
    def is_unit(self) -> bool:
        """Whether every side makes at most one deal of one unit (class A)."""
        return bool((self.quantity == 1).all() and (self.capacity == 1).all())


def canonical(problem: MatchProblem) -> tuple[MatchProblem, Ints]:
    """Return the same market in key order, so that row order cannot decide a tie.

    Returns:
        The ordered problem, and the (n_edges,) positions of its edges in the given one.
    """
    need_rank = _ranks(problem.need_key)
    lot_rank = _ranks(problem.lot_key)
    need, lot = need_rank[problem.need], lot_rank[problem.lot]
    order = ints(np.lexsort((lot, need)))
    needs, lots = np.argsort(problem.need_key), np.argsort(problem.lot_key)
    ordered = MatchProblem(
        need=need[order],
        lot=lot[order],
        surplus_fen=problem.surplus_fen[order],
        floor_fen=problem.floor_fen[order],
        ceiling_fen=problem.ceiling_fen[order],
        quantity=problem.quantity[needs],
        capacity=problem.capacity[lots],
        need_key=problem.need_key[needs],
        lot_key=problem.lot_key[lots],
    )
    return ordered, order


def check_edges(left: Ints, right: Ints, *, n_left: int, n_right: int) -> None:
    """Check that edges point to existing nodes and that none comes twice."""
    _require(left.ndim == 1 and left.shape == right.shape, "edges are two equally long rows of indices")
    if left.size:
        _require(int(left.min()) >= 0 and int(left.max()) < n_left, "an edge points outside the needs")
        _require(int(right.min()) >= 0 and int(right.max()) < n_right, "an edge points outside the lots")
        _require(np.unique(left * n_right + right).size == left.size, "an edge comes twice")


def check_sides(quantity: Ints, capacity: Ints) -> None:
    """Check that both sides are rows of positive units."""
    for side in (quantity, capacity):
        _require(side.ndim == 1 and bool((side > 0).all()), "quantities and capacities are positive")


def check_keys(key: Ints, side: Ints) -> None:
    """Check that `key` orders `side` without ties."""
    _require(key.shape == side.shape and np.unique(key).size == key.size, "keys are distinct, one per node")


def check_magnitude(money: Ints, *units: Ints) -> None:
    """Check that no sum of money times units can leave 64 bits."""
    top = int(np.abs(money).max()) if money.size else 0
    _require(top * sum(int(u.sum(dtype=object)) for u in units) < MONEY_LIMIT, "amounts too large for exact arithmetic")


def _ranks(key: Ints) -> Ints:
    rank = np.empty(key.size, dtype=np.int64)
    rank[np.argsort(key)] = np.arange(key.size)
    return rank


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise MalformedProblem(sentence)

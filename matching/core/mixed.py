"""A market with indivisible wishes: all-or-nothing legs, minimum lots, setups, few suppliers (class C)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.core.problem import (
    Ints,
    MalformedProblem,
    check_edges,
    check_keys,
    check_magnitude,
    check_sides,
    ints,
)


@dataclass(frozen=True, eq=False)
class MixedProblem:
    """Needs made of legs, and what each lot could contribute to each leg.

    Attributes:
        need_of_leg: (n_legs,) index of the need a leg belongs to, rising.
        leg_quantity: (n_legs,) units wanted, positive.
        leg: (n_edges,) index of the edge's leg.
        lot: (n_edges,) index of the edge's lot.
        surplus_fen: (n_edges,) fen per unit before setup; may be negative where another leg pays for it.
        min_units: (n_edges,) smallest quantity the lot accepts, positive.
        max_units: (n_edges,) largest quantity the edge can carry.
        setup_fen: (n_edges,) cost of using the edge at all, part of what the lot must be paid.
        floor_fen: (n_edges,) least the lot must be paid per unit, setup apart.
        limit_fen: (n_needs,) most the need pays for all its units together.
        max_suppliers: (n_needs,) most edges a need may use, positive.
        whole: (n_needs,) 1 where the need takes all or nothing.
        capacity: (n_lots,) units offered, positive.
        need_key: (n_needs,) distinct numbers that break ties; lot_key: (n_lots,) likewise.

    Raises:
        MalformedProblem: shapes, ranges or signs are wrong, or an edge comes twice.
    """

    need_of_leg: Ints
    leg_quantity: Ints
    leg: Ints
    lot: Ints
    surplus_fen: Ints
    min_units: Ints
    max_units: Ints
    setup_fen: Ints
    floor_fen: Ints
    limit_fen: Ints
    max_suppliers: Ints
    whole: Ints
    capacity: Ints
    need_key: Ints
    lot_key: Ints

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            object.__setattr__(self, name, ints(getattr(self, name)))
        check_edges(self.leg, self.lot, n_left=self.n_legs, n_right=self.n_lots)
        check_sides(self.leg_quantity, self.capacity)
        check_keys(self.need_key, self.limit_fen)
        check_keys(self.lot_key, self.capacity)
        shapes = {
            self.leg.shape: ("surplus_fen", "min_units", "max_units", "setup_fen", "floor_fen"),
            self.limit_fen.shape: ("max_suppliers", "whole"),
        }
        right_shapes = all(getattr(self, n).shape == shape for shape, names in shapes.items() for n in names)
        legs_in_order = (
            self.need_of_leg.shape == self.leg_quantity.shape
            and bool((np.diff(self.need_of_leg) >= 0).all())
            and np.array_equal(np.unique(self.need_of_leg), np.arange(self.n_needs))
        )
        not_negative = all(bool((getattr(self, n) >= 0).all()) for n in ("setup_fen", "floor_fen", "limit_fen"))
        positive = bool((self.min_units > 0).all() and (self.max_suppliers > 0).all())
        flags = bool(np.isin(self.whole, (0, 1)).all())
        if not (right_shapes and legs_in_order and not_negative and positive and flags):
            raise MalformedProblem("The arrays of a mixed problem do not fit together.")
        check_magnitude(np.abs(self.surplus_fen), self.leg_quantity, self.capacity)
        check_magnitude(self.limit_fen, ints([self.n_needs + 1]), self.quantity)

    @property
    def n_edges(self) -> int:
        return int(self.leg.size)

    @property
    def n_legs(self) -> int:
        return int(self.leg_quantity.size)

    @property
    def n_needs(self) -> int:
        return int(self.limit_fen.size)

    @property
    def n_lots(self) -> int:
        return int(self.capacity.size)

    @property
    def need(self) -> Ints:
        """(n_edges,) index of each edge's need."""
        return ints(self.need_of_leg[self.leg])

    @property
    def quantity(self) -> Ints:
        """(n_needs,) units over all legs of a need."""
        return per_node(self.need_of_leg, self.leg_quantity, self.n_needs)

    @property
    def most_units(self) -> Ints:
        """(n_edges,) most units that can flow on an edge; 0 where its minimum is out of reach."""
        most = np.minimum(np.minimum(self.leg_quantity[self.leg], self.capacity[self.lot]), self.max_units)
        return ints(np.where(most >= self.min_units, most, 0))


def per_node(node: Ints, values: Ints, n: int) -> Ints:
    """Return the (n,) exact integer sums of `values` by `node`."""
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, node, values)
    return ints(total)


def filled(problem: MixedProblem, units: Ints) -> NDArray[np.bool_]:
    """Return (n_needs,) whether all legs of a need are full."""
    got = per_node(problem.leg, units, problem.n_legs)
    short = per_node(problem.need_of_leg, ints(got < problem.leg_quantity), problem.n_needs)
    return np.asarray(short == 0)


def need_gains(problem: MixedProblem, units: Ints) -> Ints:
    """Return (n_needs,) surplus in fen that a plan brings each need and its lots together."""
    edge_fen = problem.surplus_fen * units - problem.setup_fen * (units > 0)
    return per_node(problem.need, ints(edge_fen), problem.n_needs)

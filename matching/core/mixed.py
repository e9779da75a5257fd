"""A market with indivisible wishes: all-or-nothing legs, minimum lots, setups, few suppliers (class C)."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.core.problem import (
    NONE,
    Ints,
    MalformedProblem,
    Problem,
    check_edges,
    check_magnitude,
    check_units,
    ints,
    per_node,
)


@dataclass(frozen=True, eq=False, kw_only=True)
class MixedProblem(Problem):
    """Needs made of legs, and what each lot could contribute to each leg.

    What one provider gives to one leg is one deal, be it in one lot or in the lots of several weeks: its
    minimum and its setup count once. An edge's surplus is before setup and may be negative, where another
    leg pays for it; its floor leaves setup apart.

    Attributes:
        need_of_leg: (n_legs,) index of the need a leg belongs to, rising.
        leg_quantity: (n_legs,) units wanted, positive.
        leg: (n_edges,) index of the edge's leg.
        deal: (n_edges,) index of the edge's deal; left out where every edge is a deal of its own.
        min_units: (n_deals,) smallest quantity the provider accepts, positive.
        setup_fen: (n_deals,) cost of making the deal at all, part of what the provider must be paid.
        limit_fen: (n_needs,) most the need pays for all its units together.
        max_suppliers: (n_needs,) most deals a need may make, positive.
        whole: (n_needs,) 1 where the need takes all or nothing.
    """

    need_of_leg: Ints
    leg_quantity: Ints
    leg: Ints
    min_units: Ints
    setup_fen: Ints
    limit_fen: Ints
    max_suppliers: Ints
    whole: Ints
    deal: Ints = field(default_factory=lambda: NONE)

    def __post_init__(self) -> None:
        if not len(self.deal):
            object.__setattr__(self, "deal", np.arange(self.n_edges))
        super().__post_init__()
        check_edges(self.leg, self.lot, n_left=self.n_legs, n_right=self.n_lots)
        check_units(self.leg_quantity)
        check_units(self.min_units)
        check_units(self.max_suppliers)
        legs_in_order = (
            self.need_of_leg.shape == self.leg_quantity.shape
            and bool((np.diff(self.need_of_leg) >= 0).all())
            and np.array_equal(np.unique(self.need_of_leg), np.arange(self.n_needs))
        )
        right_shapes = (
            self.deal.shape == self.leg.shape
            and self.limit_fen.shape == self.max_suppliers.shape == self.whole.shape == self.need_key.shape
            and self.setup_fen.shape == self.min_units.shape
        )
        if not (legs_in_order and right_shapes):
            raise MalformedProblem("The arrays of a mixed problem do not fit together.")
        of_one_leg = (
            np.array_equal(np.unique(self.deal), np.arange(self.n_deals))
            and np.unique(self.deal * max(self.n_legs, 1) + self.leg).size == self.n_deals
        )
        not_negative = bool((self.setup_fen >= 0).all() and (self.limit_fen >= 0).all())
        if not (of_one_leg and not_negative and np.isin(self.whole, (0, 1)).all()):
            raise MalformedProblem("The arrays of a mixed problem do not fit together.")
        check_magnitude(self.surplus_fen, self.leg_quantity, self.capacity)
        check_magnitude(self.limit_fen, ints([self.n_needs + 1]), self.quantity)

    @property
    def n_legs(self) -> int:
        return len(self.leg_quantity)

    @property
    def n_deals(self) -> int:
        return len(self.min_units)

    @property
    def need(self) -> Ints:
        """(n_edges,) index of each edge's need."""
        return ints(self.need_of_leg[self.leg])

    @property
    def leg_of_deal(self) -> Ints:
        """(n_deals,) index of each deal's leg."""
        leg = np.zeros(self.n_deals, dtype=np.int64)
        leg[self.deal] = self.leg
        return ints(leg)

    @property
    def quantity(self) -> Ints:
        """(n_needs,) units over all legs of a need."""
        return per_node(self.need_of_leg, self.leg_quantity, self.n_needs)

    @property
    def most_in_deal(self) -> Ints:
        """(n_deals,) most units that a deal can have; 0 where its minimum is out of reach."""
        most = per_node(self.deal, self._edge_units, self.n_deals)
        most = np.minimum(most, self.leg_quantity[self.leg_of_deal])
        return ints(np.where(most >= self.min_units, most, 0))

    @property
    def most_units(self) -> Ints:
        """(n_edges,) most units that can flow on an edge; 0 where its deal cannot be made."""
        return ints(np.where(self.most_in_deal[self.deal] > 0, self._edge_units, 0))

    @property
    def _edge_units(self) -> Ints:
        ends = np.minimum(self.leg_quantity[self.leg], self.capacity[self.lot])
        return ints(np.minimum(ends, self.max_units))


def filled(problem: MixedProblem, units: Ints) -> NDArray[np.bool_]:
    """Return (n_needs,) whether all legs of a need are full."""
    got = per_node(problem.leg, units, problem.n_legs)
    short = per_node(problem.need_of_leg, ints(got < problem.leg_quantity), problem.n_needs)
    return np.asarray(short == 0)


def deals_made(problem: MixedProblem, units: Ints) -> Ints:
    """Return (n_deals,) 1 where a plan uses the deal, else 0."""
    return ints(per_node(problem.deal, units, problem.n_deals) > 0)


def need_gains(problem: MixedProblem, units: Ints) -> Ints:
    """Return (n_needs,) surplus in fen that a plan brings each need and its lots together."""
    gross = per_node(problem.need, ints(problem.surplus_fen * units), problem.n_needs)
    setup = problem.setup_fen * deals_made(problem, units)
    return ints(gross - per_node(problem.need_of_leg[problem.leg_of_deal], ints(setup), problem.n_needs))

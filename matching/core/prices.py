"""The integer prices that prove a plan optimal: both ends of the core and its middle."""

from dataclasses import dataclass, field

import numpy as np

from matching.core.problem import NONE, Ints, MatchProblem, ints, per_node

_FAR = np.int64(2**62)


class NotOptimal(ValueError):
    """No prices support the plan: some chain of exchanges would raise total surplus."""


class SolverFailed(RuntimeError):
    """The solver gave no usable answer for one component."""


@dataclass(frozen=True, eq=False)
class Prices:
    """What a unit brings each side over staying alone, in fen.

    Attributes:
        need_fen: (n_needs,) gain of a need per unit.
        lot_fen: (n_lots,) rent of a lot per unit; the need pays the edge's floor plus this.
        group_fen: (n_groups,) the part of its lots' rents that a group's quota makes, per unit.
    """

    need_fen: Ints
    lot_fen: Ints
    group_fen: Ints = field(default_factory=lambda: NONE)


@dataclass(frozen=True, eq=False)
class PriceRange:
    """Prices that are best for needs, best for lots, and in the middle."""

    lowest: Prices
    highest: Prices

    @property
    def middle(self) -> Prices:
        """The fair division point, in whole fen.

        Notes:
            Rents are rounded down and gains up. The result still supports the plan, because the set of
            supporting integer prices is closed under rounding a midpoint (L-natural-convexity).

        Source:
            G. L. Thompson, "Auctions and market games", in Essays in Game Theory and Mathematical Economics in
            Honor of Oskar Morgenstern, 1981; K. Murota, Discrete Convex Analysis, SIAM 2003 (L-natural sets).
        """
        low, high = self.lowest, self.highest
        return Prices(
            need_fen=ints(-((-low.need_fen - high.need_fen) // 2)),
            lot_fen=ints((low.lot_fen + high.lot_fen) // 2),
            group_fen=ints((low.group_fen + high.group_fen) // 2),
        )


@dataclass(frozen=True, eq=False)
class Decision:
    """(n_edges,) units on each edge, and every price vector between two that supports them."""

    units: Ints
    prices: PriceRange


def price_range(problem: MatchProblem, units: Ints) -> PriceRange:
    """Return the lowest and the highest lot prices that support `units`.

    Args:
        problem: the market; several components at once are fine.
        units: (n_edges,) a feasible plan by any solver.

    Raises:
        NotOptimal: the plan leaves surplus on the table.

    Notes:
        Bellman-Ford over the residual graph in integers: with a need's gain written as a negative number
        every condition is a difference constraint, so extreme solutions are longest and shortest paths.
        A plan without supporting prices shows as a bound crossed or as paths that never settle.
        Cost: sweeps over the edges, as many as the longest chain of exchanges.

    Source:
        L. S. Shapley, M. Shubik, Int. J. Game Theory 1 (1971) 111-130 (the core and its two corners).
    """
    residual = _Residual(problem, units)
    return PriceRange(lowest=residual.lowest(), highest=residual.highest())


class _Residual:
    """Where units of a plan could still be moved, and what that demands of prices."""

    def __init__(self, problem: MatchProblem, units: Ints) -> None:
        self.problem = problem
        self.used = np.flatnonzero(units > 0)
        # Only what could carry more can block; one that is full may be worth more than its ends ask.
        self.roomy = np.flatnonzero(~problem.is_bounded | (units < problem.max_units))
        self.need_open, self.lot_open, self.group_open = open_sides(problem, units)
        self.member = np.flatnonzero(problem.group >= 0)
        self.group = problem.group[self.member]
        self.open_member = self.lot_open[self.member]
        self.lot_free = self.lot_open & (problem.group < 0)
        self.sweeps = problem.n_needs + problem.n_lots + problem.n_groups + 2

    def lowest(self) -> Prices:
        problem, used, roomy = self.problem, self.used, self.roomy
        need, lot, surplus = problem.need, problem.lot, problem.surplus_fen
        loss = np.where(self.need_open, np.int64(0), -_FAR)  # a need's gain with the sign turned
        rent, quota = np.zeros(problem.n_lots, dtype=np.int64), np.zeros(problem.n_groups, dtype=np.int64)
        for _ in range(self.sweeps):
            raised_rent, raised_loss, raised_quota = rent.copy(), loss.copy(), quota.copy()
            known = roomy[loss[need[roomy]] > -_FAR]
            np.maximum.at(raised_rent, lot[known], surplus[known] + loss[need[known]])
            np.maximum.at(raised_quota, self.group[self.open_member], raised_rent[self.member[self.open_member]])
            raised_rent[self.member] = np.maximum(raised_rent[self.member], raised_quota[self.group])
            np.maximum.at(raised_loss, need[used], raised_rent[lot[used]] - surplus[used])
            if (raised_loss > 0).any() or raised_rent[self.lot_free].any() or raised_quota[self.group_open].any():
                break
            if all(map(np.array_equal, (raised_rent, raised_loss, raised_quota), (rent, loss, quota))):
                return Prices(need_fen=ints(-loss), lot_fen=ints(rent), group_fen=ints(quota))
            rent, loss, quota = raised_rent, raised_loss, raised_quota
        raise NotOptimal("A chain of exchanges would raise total surplus.")

    def highest(self) -> Prices:
        problem, used, roomy = self.problem, self.used, self.roomy
        need, lot, surplus = problem.need, problem.lot, problem.surplus_fen
        loss = np.zeros(problem.n_needs, dtype=np.int64)
        rent = np.where(self.lot_free, np.int64(0), _FAR)
        quota = np.where(self.group_open, np.int64(0), _FAR)
        for _ in range(self.sweeps):
            cut_rent, cut_loss, cut_quota = rent.copy(), loss.copy(), quota.copy()
            np.minimum.at(cut_rent, lot[used], surplus[used] + loss[need[used]])
            np.minimum.at(cut_quota, self.group, cut_rent[self.member])
            bound = self.member[self.open_member]
            cut_rent[bound] = np.minimum(cut_rent[bound], cut_quota[self.group[self.open_member]])
            np.minimum.at(cut_loss, need[roomy], cut_rent[lot[roomy]] - surplus[roomy])
            if (cut_rent < 0).any() or (cut_quota < 0).any() or (cut_loss[self.need_open] < 0).any():
                break
            if all(map(np.array_equal, (cut_rent, cut_loss, cut_quota), (rent, loss, quota))):
                return Prices(need_fen=ints(-loss), lot_fen=ints(rent), group_fen=ints(quota))
            rent, loss, quota = cut_rent, cut_loss, cut_quota
        raise NotOptimal("A chain of exchanges would raise total surplus.")


def open_sides(problem: MatchProblem, units: Ints) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which needs, lots and groups have units left over: their own price can only be 0."""
    taken = per_node(problem.need, units, problem.n_needs)
    given = per_node(problem.lot, units, problem.n_lots)
    member = np.flatnonzero(problem.group >= 0)
    shared = per_node(problem.group[member], given[member], problem.n_groups)
    return taken < problem.quantity, given < problem.capacity, shared < problem.group_capacity

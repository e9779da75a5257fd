"""The integer prices that prove a plan optimal: both ends of the core and its middle."""

from dataclasses import dataclass

import numpy as np

from matching.core.problem import Ints, MatchProblem, ints

_FAR = np.int64(2**62)


class NotOptimal(ValueError):
    """No prices support the plan: some chain of exchanges would raise total surplus."""


@dataclass(frozen=True, eq=False)
class Prices:
    """What a unit brings each side over staying alone, in fen.

    Attributes:
        need_fen: (n_needs,) gain of a need per unit.
        lot_fen: (n_lots,) rent of a lot per unit; the need pays the edge's floor plus this.
    """

    need_fen: Ints
    lot_fen: Ints


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
        lot = (self.lowest.lot_fen + self.highest.lot_fen) // 2
        need = -((-self.lowest.need_fen - self.highest.need_fen) // 2)
        return Prices(need_fen=ints(need), lot_fen=ints(lot))


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
    return PriceRange(lowest=_lowest(problem, units), highest=_highest(problem, units))


def _lowest(problem: MatchProblem, units: Ints) -> Prices:
    need, lot, surplus = problem.need, problem.lot, problem.surplus_fen
    need_open, lot_open = open_sides(problem, units)
    used = np.flatnonzero(units > 0)
    loss = np.where(need_open, np.int64(0), -_FAR)  # a need's gain with the sign turned
    rent = np.zeros(problem.n_lots, dtype=np.int64)
    for _ in range(problem.n_needs + problem.n_lots + 2):
        raised_rent, raised_loss = rent.copy(), loss.copy()
        known = loss[need] > -_FAR
        np.maximum.at(raised_rent, lot[known], surplus[known] + loss[need[known]])
        np.maximum.at(raised_loss, need[used], raised_rent[lot[used]] - surplus[used])
        if (raised_loss > 0).any() or (raised_rent[lot_open] > 0).any():
            break
        if np.array_equal(raised_rent, rent) and np.array_equal(raised_loss, loss):
            return Prices(need_fen=ints(-loss), lot_fen=ints(rent))
        rent, loss = raised_rent, raised_loss
    raise NotOptimal("A chain of exchanges would raise total surplus.")


def _highest(problem: MatchProblem, units: Ints) -> Prices:
    need, lot, surplus = problem.need, problem.lot, problem.surplus_fen
    need_open, lot_open = open_sides(problem, units)
    used = np.flatnonzero(units > 0)
    loss = np.zeros(problem.n_needs, dtype=np.int64)
    rent = np.where(lot_open, np.int64(0), _FAR)
    for _ in range(problem.n_needs + problem.n_lots + 2):
        cut_rent, cut_loss = rent.copy(), loss.copy()
        np.minimum.at(cut_rent, lot[used], surplus[used] + loss[need[used]])
        np.minimum.at(cut_loss, need, cut_rent[lot] - surplus)
        if (cut_rent < 0).any() or (cut_loss[need_open] < 0).any():
            break
        if np.array_equal(cut_rent, rent) and np.array_equal(cut_loss, loss):
            return Prices(need_fen=ints(-loss), lot_fen=ints(rent))
        rent, loss = cut_rent, cut_loss
    raise NotOptimal("A chain of exchanges would raise total surplus.")


def open_sides(problem: MatchProblem, units: Ints) -> tuple[np.ndarray, np.ndarray]:
    """Return which needs and which lots have units left over: their price can only be 0."""
    taken = np.bincount(problem.need, weights=units, minlength=problem.n_needs).astype(np.int64)
    given = np.bincount(problem.lot, weights=units, minlength=problem.n_lots).astype(np.int64)
    return taken < problem.quantity, given < problem.capacity

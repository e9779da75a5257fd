"""The linear relaxation of large markets of bundles: prices leg by leg, then programs inside boxes around them."""

from dataclasses import replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array

from matching.core.kernels.decide import decide_divisible, decide_unit
from matching.core.mixed import MixedProblem
from matching.core.prices import SolverFailed
from matching.core.problem import NONE, Ints, MatchProblem, ints, per_node
from matching.core.relaxation import METHOD, OUT_OF_TIME, Relaxed

# Below this HiGHS has the whole relaxation sooner.
LEAST_EDGES = 40_000
# How often all legs are decided apart, and how much farther than to even shares their shares then move.
TIMES_APART, OVERSHOOT = 15, 1.7
# Half the width of the first box, as a part of what an edge is worth on average; each next is so many times as wide.
FIRST_BOX, WIDENED, MOST_BOXES = 1 / 32, 3, 5
NOTHING = 1e-7


def is_of_bundles(problem: MixedProblem) -> bool:
    """Return whether all needs want one unit for each leg, all or nothing, each from any one lot that it can have."""
    p = problem
    legs = np.bincount(p.need_of_leg, minlength=p.n_needs)
    plain = (p.whole == 1).all() and (p.leg_quantity == 1).all() and (p.min_units == 1).all() and p.n_groups == 0
    one_lot_deals = p.n_deals == p.n_edges and bool((p.deal == np.arange(p.n_edges)).all())
    served = np.unique(p.leg).size == p.n_legs and bool((p.most_units == 1).all())
    return bool(plain and one_lot_deals and served and (p.max_suppliers >= legs).all())


def relaxed_bundles(problem: MixedProblem, *, time_limit_s: float) -> Relaxed | None:
    """Return an optimum of the relaxation of a market for which `is_of_bundles` holds.

    Args:
        problem: one component.
        time_limit_s: seconds after which there is no answer, for each program.

    Raises:
        SolverFailed: HiGHS could not solve a program.

    Notes:
        First prices: a need's gain is shared among its legs, legs and lots are matched, and shares move until all legs
        of a need gain alike. Then the dual is solved with each lot's price inside a box around them: a lot may be left
        for the box's lower end, and drawn on beyond its capacity for the upper end. An edge that lacks more than two
        half widths cannot be used at any price inside the box, so it is left out. Once nothing is left or drawn on at
        the ends, the optimum is that of the whole; else the next box lies around the new prices and is wider.
    """
    p = problem
    worth = ints(p.surplus_fen - p.setup_fen)
    price = _apart(p, worth)
    half = max(int(np.abs(worth).mean() * FIRST_BOX), 1)
    for _ in range(MOST_BOXES):
        answer = _in_box(p, worth, price, half, time_limit_s)
        if answer is None:
            return None
        units, price, at_ends = answer
        if not at_ends:
            gain = _leg_gains(p, worth, price)
            earned = int((price * p.capacity).sum()) + int(np.maximum(_of_needs(p, gain), 0).sum())
            return Relaxed(units=units, lot_fen=price.astype(float), group_fen=np.zeros(0), bound_fen=earned)
        half *= WIDENED
    return None


def within(problem: MixedProblem, lot_fen: Ints, gap_fen: int) -> tuple[MixedProblem, Ints]:
    """Return the market without the edges that no plan can use and miss these prices' bound by `gap_fen` at most.

    Args:
        problem: a market for which `is_of_bundles` holds.
        lot_fen: (n_lots,) rents.
        gap_fen: the bound at these rents less a plan's total surplus.

    Returns:
        The smaller market, and (n,) the numbers of its edges in the greater one.
    """
    worth = ints(problem.surplus_fen - problem.setup_fen)
    lacks = _leg_gains(problem, worth, lot_fen)[problem.leg] - (worth - lot_fen[problem.lot])
    edges = np.flatnonzero(lacks <= gap_fen)
    some = replace(
        problem,
        leg=problem.leg[edges],
        lot=problem.lot[edges],
        surplus_fen=problem.surplus_fen[edges],
        floor_fen=problem.floor_fen[edges],
        max_units=problem.max_units[edges],
        min_units=problem.min_units[edges],
        setup_fen=problem.setup_fen[edges],
        deal=NONE,
    )
    return some, ints(edges)


def _leg_gains(problem: MixedProblem, worth: Ints, price: Ints) -> Ints:
    """Return (n_legs,) the most a leg can keep at these prices, which may be less than nothing."""
    gain = np.full(problem.n_legs, np.iinfo(np.int64).min)
    np.maximum.at(gain, problem.leg, worth - price[problem.lot])
    return ints(gain)


def _of_needs(problem: MixedProblem, of_leg: Ints) -> Ints:
    return per_node(problem.need_of_leg, of_leg, problem.n_needs)


def _apart(problem: MixedProblem, worth: Ints) -> Ints:
    """Return (n_lots,) prices at which the legs of most needs are matched together, or none of them."""
    p = problem
    legs = np.bincount(p.need_of_leg, minlength=p.n_needs)
    share, best, best_fen = np.zeros(p.n_legs), ints(np.zeros(p.n_lots, dtype=np.int64)), -1
    for _ in range(TIMES_APART):
        moved = worth + np.rint(share).astype(np.int64)[p.leg]
        kept = np.flatnonzero(moved > 0)
        if not kept.size:
            break
        apart = MatchProblem(
            need=p.leg[kept],
            lot=p.lot[kept],
            surplus_fen=moved[kept],
            floor_fen=np.zeros(kept.size, dtype=np.int64),
            ceiling_fen=moved[kept],
            quantity=p.leg_quantity,
            capacity=p.capacity,
            need_key=np.arange(p.n_legs),
            lot_key=p.lot_key,
        )
        price = (decide_unit if apart.is_unit else decide_divisible)(apart).prices.middle.lot_fen
        gain = _leg_gains(p, worth, price)
        of_need = _of_needs(p, gain)
        bound = int((price * p.capacity).sum() + np.maximum(of_need, 0).sum())
        if best_fen < 0 or bound < best_fen:
            best, best_fen = price, bound
        share += OVERSHOOT * ((of_need / legs)[p.need_of_leg] - gain - share)
    return best


def _in_box(
    problem: MixedProblem, worth: Ints, price: Ints, half: int, time_limit_s: float
) -> tuple[np.ndarray, Ints, bool] | None:
    """Return the optimum with prices at most `half` from the given: units, prices, and whether any is at an end."""
    p = problem
    edges = np.flatnonzero(worth - price[p.lot] >= _leg_gains(p, worth, price)[p.leg] - 2 * half)
    lots = np.unique(p.lot[edges])
    row = np.searchsorted(lots, p.lot[edges])
    lower = np.maximum(price[lots] - half, 0)
    left = np.flatnonzero(lower)
    n, m = edges.size, lots.size
    first_left = n + p.n_needs
    first_drawn = first_left + left.size
    size = first_drawn + m
    given = _matrix(
        [(row, np.arange(n), 1), (left, first_left + np.arange(left.size), 1), (np.arange(m), first_drawn, -1)],
        (m, size),
    )
    full = _matrix([(p.leg[edges], np.arange(n), 1), (np.arange(p.n_legs), n + p.need_of_leg, -1)], (p.n_legs, size))
    most = np.concatenate([np.ones(first_left), p.capacity[lots][left], np.full(m, np.inf)])
    answer = linprog(
        np.concatenate([-worth[edges], np.zeros(p.n_needs), -lower[left], price[lots] + half]).astype(float),
        A_ub=given,
        b_ub=p.capacity[lots].astype(float),
        A_eq=full,
        b_eq=np.zeros(p.n_legs),
        bounds=np.column_stack([np.zeros(size), most]),
        method=METHOD,
        options={"time_limit": time_limit_s},
    )
    if answer.status == OUT_OF_TIME:
        return None
    if answer.status != 0:
        raise SolverFailed(f"HiGHS: {answer.message}")
    units, found = np.zeros(p.n_edges), np.zeros(p.n_lots, dtype=np.int64)
    units[edges] = answer.x[:n]
    found[lots] = np.rint(np.maximum(-answer.ineqlin.marginals, 0)).astype(np.int64)
    return units, ints(found), bool((answer.x[first_left:] > NOTHING).any())


def _matrix(terms: list[tuple[np.ndarray, np.ndarray | int, int]], shape: tuple[int, int]) -> csr_array:
    """Return the matrix with these values at these rows and columns; a single column is the first of a run."""
    rows = np.concatenate([row for row, _, _ in terms])
    columns = np.concatenate([at + np.arange(row.size) if isinstance(at, int) else at for row, at, _ in terms])
    values = np.concatenate([np.full(row.size, float(value)) for row, _, value in terms])
    return csr_array(coo_array((values, (rows, columns)), shape=shape))

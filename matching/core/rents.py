"""Rents for indivisible wishes: the lot prices at which all lost opportunities together are least."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.core.mixed import MixedProblem
from matching.core.neighbourhoods import Table, replies
from matching.core.problem import NO_BOUND, Ints, ints

# A step is halved when so many in a row brought nothing.
PATIENCE = 5
LEAST_SHARE = 1 / 256
# Of the way to follow, so much is that of the steps before: it keeps prices from swinging.
MEMORY = 0.3


@dataclass(frozen=True, eq=False)
class Rents:
    """Prices of lots and quotas, and what they say no plan can exceed.

    Attributes:
        lot_fen: (n_lots,) rent per unit, its group's quota included.
        group_fen: (n_groups,) the part of it that the quota makes.
        bound_fen: what lots and quotas earn at most, and needs gain at most, at these prices.
    """

    lot_fen: Ints
    group_fen: Ints
    bound_fen: int


def rents_at(problem: MixedProblem, table: Table, own_fen: Ints, group_fen: Ints) -> Rents:
    """Return these prices of lots, quotas apart, and of quotas with the bound that they give."""
    return _asked(problem, table, own_fen, group_fen)[0]


def _asked(problem: MixedProblem, table: Table, own_fen: Ints, group_fen: Ints) -> tuple[Rents, Ints]:
    """Return these prices, and (n_lots,) the units that all needs would take at them."""
    used = np.zeros(problem.n_lots, dtype=np.int64)
    rent = own_fen + np.append(group_fen, 0)[problem.group]
    gains = replies(table, rent, problem.capacity.copy(), np.append(problem.group_capacity, NO_BOUND), used)
    kept = int((own_fen * problem.capacity).sum() + (group_fen * problem.group_capacity).sum())
    return Rents(ints(rent), ints(group_fen), kept + int(np.floor(gains))), ints(used)


def least_lost(
    problem: MixedProblem,
    table: Table,
    start: Rents,
    *,
    reached_fen: int,
    steps: int,
    is_over: Callable[[], bool] = lambda: False,
) -> tuple[Rents, bool]:
    """Return the prices of the least bound that subgradient steps from the given ones find.

    Args:
        problem: the market.
        table: any plan of it, left as it is.
        start: prices to start from.
        reached_fen: total surplus of a plan: no bound is below it.
        steps: how often all needs are asked for their best replies.
        is_over: whether to stop early.

    Returns:
        The prices, and whether it was stopped early.

    Notes:
        The bound less the plan is the sum of all lost opportunities, so the least bound means the least of them.
        Prices stay whole: those of each step are rounded, and the bound is that of the rounded ones.

    Source:
        B. T. Polyak, "Minimization of unsmooth functionals", 1969 (the step); P. R. Gribik, W. W. Hogan, S. L. Pope,
        "Market-clearing electricity prices and energy uplift", 2007 (convex hull prices).
    """
    n = problem.n_lots
    member = np.flatnonzero(problem.group >= 0)
    supply = np.concatenate([problem.capacity, problem.group_capacity]).astype(np.float64)
    at = np.concatenate([start.lot_fen - np.append(start.group_fen, 0)[problem.group], start.group_fen]).astype(float)
    best, best_at, here = start, at, start
    way = np.zeros_like(at)
    share, idle = 1.0, 0
    used = _asked(problem, table, *_whole(at, n))[1]
    for _ in range(steps):
        if best.bound_fen <= reached_fen or share < LEAST_SHARE:
            break
        if is_over():
            return best, True
        shared = np.bincount(problem.group[member], weights=used[member], minlength=problem.n_groups)
        left = supply - np.concatenate([used, shared])
        left[(at <= 0) & (left > 0)] = 0  # a price of 0 does not fall
        way = MEMORY * way + (1 - MEMORY) * left
        length = float(way @ way)
        if length == 0:
            break
        at = np.maximum(at - share * (here.bound_fen - reached_fen) / length * way, 0)
        here, used = _asked(problem, table, *_whole(at, n))
        if here.bound_fen < best.bound_fen:
            best, best_at, idle = here, at, 0
            continue
        idle += 1
        if idle == PATIENCE:
            share, idle, at, way = share / 2, 0, best_at, np.zeros_like(at)
            here, used = _asked(problem, table, *_whole(at, n))
    return best, False


def _whole(at: np.ndarray, n_lots: int) -> tuple[Ints, Ints]:
    """Return the prices of lots and of quotas in whole fen."""
    fen = np.rint(at).astype(np.int64)
    return ints(fen[:n_lots]), ints(fen[n_lots:])

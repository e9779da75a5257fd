"""Prices of hours at which all lost opportunities together are near their least, and the bound that they give."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.core.kernels.runs import Floats, Windows, replies
from matching.core.problem import Ints, ints
from matching.core.slots import SlotPrices, SlotProblem

# What a step hopes to take off the bound at first; it hopes for less after so many steps that brought nothing.
HOPED_SHARE = 0.1
PATIENCE = 40
HOPED_AFTER = 0.7
LEAST_SHARE = 1e-7


@dataclass(frozen=True, eq=False)
class Bound:
    """Whole prices, and what they say no plan can exceed, in fen."""

    prices: SlotPrices
    bound_fen: int


def windows_of(problem: SlotProblem) -> Windows:
    """Return the windows of a problem by need."""
    order = np.argsort(problem.need[problem.window_edge], kind="stable")
    edge = problem.window_edge[order]
    lot = problem.lot[edge]
    return Windows(
        first=np.searchsorted(problem.need[edge], np.arange(problem.n_needs + 1)),
        begin=problem.first_hour[lot] + problem.window_first[order],
        until=problem.first_hour[lot] + problem.window_last[order] + 1,
        hours=problem.hours[edge],
        value=problem.surplus_fen[edge] - problem.window_cost_fen[order],
        lot=lot,
    )


class Replies:
    """Asks all needs of a problem for their best replies."""

    def __init__(self, problem: SlotProblem, windows: Windows) -> None:
        self._problem, self._windows = problem, windows
        self._supply = np.concatenate([problem.capacity, problem.group_capacity]).astype(np.float64)
        self._group = np.where(problem.group >= 0, problem.group, problem.n_groups)
        self._change = np.zeros(problem.n_hours + 1, dtype=np.int64)
        self._deals = np.zeros(problem.n_lots, dtype=np.int64)

    @property
    def n_prices(self) -> int:
        return self._supply.size

    def at(self, fen: Floats) -> tuple[float, Floats]:
        """Return the bound at these prices of hours and then quotas, and what nobody would take of each."""
        n = self._problem.n_hours
        before = np.concatenate([[0.0], np.cumsum(fen[:n])])
        fee = np.append(fen[n:], 0.0)[self._group]
        gains = replies(self._windows, before, fee, self._change, self._deals)
        by_group = np.bincount(self._group, weights=self._deals, minlength=self._problem.n_groups + 1)[:-1]
        used = np.concatenate([np.cumsum(self._change)[:-1], by_group])
        return gains + float((self._supply * fen).sum()), self._supply - used

    def whole(self, fen: Floats) -> Bound:
        """Return these prices in whole fen, with their bound."""
        rounded = np.rint(fen)
        found = ints(rounded.astype(np.int64))
        n = self._problem.n_hours
        return Bound(SlotPrices(ints(found[:n]), ints(found[n:])), round(self.at(rounded)[0]))


def least_lost(
    problem: SlotProblem, windows: Windows, *, steps: int, is_over: Callable[[], bool] = lambda: False
) -> tuple[Bound, bool]:
    """Return the prices of the least bound that subgradient steps find, and whether they were stopped early.

    Args:
        problem: the market.
        windows: its windows.
        steps: how often all needs are asked at most.
        is_over: whether to stop early.

    Notes:
        A run's price is the difference of two sums, so an option is weighed by one subtraction however long it is.
        Nobody need know a plan: a step aims at some fen below the best bound, and aims lower when it pays.

    Source:
        J.-L. Goffin, K. C. Kiwiel, "Convergence of a simple subgradient level method", Math. Programming 85 (1999)
        207-211.
    """
    asked = Replies(problem, windows)
    at = np.zeros(asked.n_prices)
    bound, left = asked.at(at)
    best, best_at = bound, at
    hoped, idle, stopped = bound * HOPED_SHARE, 0, False
    least = max(bound * LEAST_SHARE, 0.25)
    for _ in range(steps):
        stopped = is_over()
        way = np.where((at <= 0) & (left > 0), 0.0, left)  # a price of 0 does not fall
        length = float((way * way).sum())
        if stopped or length == 0 or hoped < least:
            break
        at = np.maximum(at - (bound - best + hoped) / length * way, 0)
        bound, left = asked.at(at)
        idle = 0 if bound < best - hoped / 2 else idle + 1
        if bound < best:
            best, best_at = bound, at
        if idle >= PATIENCE:
            hoped, idle, at = hoped * HOPED_AFTER, 0, best_at
            bound, left = asked.at(at)
    return min((asked.whole(best_at), asked.whole(np.zeros_like(at))), key=lambda found: found.bound_fen), stopped


def regrets(before: Ints, fee: Ints, windows: Windows) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the starts of all windows at these prices.

    Args:
        before: (n_hours + 1,) sum of the prices of all hours before each; fee: (n_lots,) of quotas.
        windows: the market.

    Returns:
        (n_options,) window, start and regret of each, and (n_needs,) what each need could gain.
    """
    n = windows.until - windows.begin
    of = np.repeat(np.arange(n.size), n)
    begin = windows.begin[of] + np.arange(of.size) - (np.cumsum(n) - n)[of]
    net = windows.value[of] - (before[begin + windows.hours[of]] - before[begin]) - fee[windows.lot[of]]
    need = np.repeat(np.arange(windows.first.size - 1), np.diff(windows.first))[of]
    gain = np.zeros(windows.first.size - 1, dtype=np.int64)
    np.maximum.at(gain, need, net)
    return ints(of), ints(begin), ints(gain[need] - net), ints(gain)

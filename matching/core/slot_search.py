"""Plans for reservations, with prices and a bound: built at prices, bettered by stretches, proved where small."""

import hashlib
import time
from dataclasses import dataclass
from functools import cache

import numpy as np

from matching.core.kernels.runs import NOBODY, Options, Roster, Windows, fill
from matching.core.kernels.stretches import Ways, better, desk_for
from matching.core.problem import NO_BOUND, Ints, ints
from matching.core.slot_prices import Bound, Replies, least_lost, regrets, windows_of
from matching.core.slot_program import Program
from matching.core.slots import UNSERVED, SlotPlan, SlotPrices, SlotProblem, canonical, no_prices, nothing_served

PRICE_STEPS = 4_000
# What an ordinary round spends: tries for each hour that is there or wanted, whichever are fewer.
TRIES_OF_HOUR = 80
LEAST_TRIES = 2_000
CHUNKS = 40
# A try may lose this part of what a deal brings on average, at first and at last.
HEAT_SHARES = (0.05, 0.002)
DEEP = 4
# A stretch reaches up to so many mean runs to either side.
REACH_RUNS = 4
# An option that a need regrets by more than so many deals of average worth is not looked at.
MOST_REGRET_DEALS = 0.3
# Up to so many options HiGHS mostly proves the optimum within seconds, once those are gone that no better plan can use.
EXACT_OPTIONS = 3_000
ENDLESS_S = 3_600.0


@dataclass(frozen=True, eq=False)
class Reservations:
    """A plan and the prices that bound it.

    Attributes:
        plan: who gets which hours.
        prices: of hours and quotas, in whole fen, at which lost opportunities are near their least.
        value_fen: what the plan is worth; bound_fen: what no plan can exceed at these prices.
        method: "prices" where they prove the plan, "milp" where HiGHS does, else "stretches".
        out_of_time: the clock ended the search, so a replay may differ.
    """

    plan: SlotPlan
    prices: SlotPrices
    value_fen: int
    bound_fen: int
    method: str
    out_of_time: bool


def best_slots(problem: SlotProblem, *, time_limit_s: float, effort: float = 1) -> Reservations:
    """Return a plan of great total surplus and hour prices that bound what any plan could reach.

    Args:
        problem: one component.
        time_limit_s: a guard in seconds above what the count of tries usually takes.
        effort: how many times the ordinary number of tries.

    Notes:
        NP-hard; the certificate's gap says how far from optimal the plan can be at most. Where the gap leaves few
        options that a better plan could use, HiGHS decides among them, and then the plan is the best.
        Chance is drawn from the parties' keys; the order of rows decides nothing.
    """
    if not problem.n_options:
        return Reservations(nothing_served(problem), no_prices(problem), 0, 0, "prices", False)
    compile_kernels()
    ordered, needs, edges = canonical(problem)
    found = _Search(ordered, ENDLESS_S if time_limit_s <= 0 else time_limit_s, effort).found()
    edge, start = (np.full(problem.n_needs, UNSERVED, dtype=np.int64) for _ in range(2))
    edge[needs] = np.append(edges, UNSERVED)[found.plan.edge]
    start[needs] = found.plan.start
    lots = np.argsort(np.argsort(problem.lot_key))  # place of each given lot among the ordered ones
    of = np.repeat(np.arange(problem.n_lots), np.diff(problem.first_hour))
    hour = ordered.first_hour[lots[of]] + np.arange(of.size) - problem.first_hour[of]
    prices = SlotPrices(ints(found.prices.hour_fen[hour]), found.prices.group_fen)
    return Reservations(
        SlotPlan(ints(edge), ints(start)),
        prices,
        found.value_fen,
        found.bound_fen,
        found.method,
        found.out_of_time,
    )


@cache
def compile_kernels() -> None:
    """Decide a market that is small and yet takes every step, so that compiling is on no other one's clock."""
    three = np.arange(3)
    small = SlotProblem(
        need=three,
        lot=np.zeros(3, dtype=np.int64),
        hours=np.full(3, 2),
        surplus_fen=np.array([90, 80, 70]),
        floor_fen=np.zeros(3, dtype=np.int64),
        ceiling_fen=np.full(3, 100),
        window_edge=three,
        window_first=np.array([0, 1, 0]),
        window_last=np.array([1, 2, 1]),
        window_cost_fen=np.zeros(3, dtype=np.int64),
        first_hour=np.array([0, 4]),
        capacity=np.ones(4, dtype=np.int64),
        need_key=three,
        lot_key=np.zeros(1, dtype=np.int64),
    )
    _Search(small, ENDLESS_S, 0).found()


class _Search:
    """Decides one problem in key order."""

    def __init__(self, problem: SlotProblem, time_limit_s: float, effort: float) -> None:
        self.problem, self.effort = problem, effort
        self._ends_at = time.monotonic() + time_limit_s
        self._group = np.where(problem.group >= 0, problem.group, problem.n_groups)
        self.windows: Windows = windows_of(problem)

    def found(self) -> Reservations:
        """Return prices, a plan, and what is proved about it."""
        bound, late = least_lost(self.problem, self.windows, steps=PRICE_STEPS, is_over=self._is_over)
        bound = self._closer(bound)
        mean = max(1, bound.bound_fen // max(self.problem.n_needs, 1))
        options, gain = self.options(bound, int(mean * MOST_REGRET_DEALS))
        choice, value, stopped = self._searched(options, gain, bound)
        late |= stopped
        method = "stretches"
        if value < bound.bound_fen:
            # A plan with an option that is regretted by more than the gap is worth less than this one.
            options_left, _ = self.options(bound, bound.bound_fen - value)
            if options_left.begin.size <= EXACT_OPTIONS:
                program = Program(self.problem, options_left)
                best, is_proved, stopped = program.search(time_limit_s=max(self._ends_at - time.monotonic(), 0.1))
                late |= stopped and not is_proved
                if best is not None and (total := _worth(options_left, best)) >= value:
                    options, choice, value = options_left, best, total
                method = "milp" if is_proved else method
        if value == bound.bound_fen:
            method = "prices"
        edge, start = (np.full(self.problem.n_needs, UNSERVED, dtype=np.int64) for _ in range(2))
        served = np.flatnonzero(choice >= 0)
        taken = choice[served]
        edge[served] = options.edge[taken]
        start[served] = options.begin[taken] - self.problem.first_hour[options.lot[taken]]
        return Reservations(SlotPlan(ints(edge), ints(start)), bound.prices, value, bound.bound_fen, method, late)

    def options(self, bound: Bound, most_regret: int) -> tuple[Options, Ints]:
        """Return the options that nobody regrets by more, the least regretted first, and what needs could gain."""
        before = np.concatenate([[0], np.cumsum(bound.prices.hour_fen)])
        fee = np.append(bound.prices.group_fen, 0)[self._group]
        window, begin, regret, gain = regrets(ints(before), ints(fee), self.windows)
        owner_of_window = np.repeat(np.arange(self.problem.n_needs), np.diff(self.windows.first))
        by_need = np.argsort(self.problem.need[self.problem.window_edge], kind="stable")
        kept = np.flatnonzero(regret <= most_regret)
        order = kept[np.lexsort((begin[kept], regret[kept], owner_of_window[window[kept]]))]
        window, begin = window[order], begin[order]
        owner, lot = owner_of_window[window], self.windows.lot[window]
        return Options(
            first=np.searchsorted(owner, np.arange(self.problem.n_needs + 1)),
            owner=owner,
            edge=self.problem.window_edge[by_need][window],
            lot=lot,
            begin=np.array(begin),
            end=begin + self.windows.hours[window],
            value=self.windows.value[window],
            regret=regret[order],
            group=self._group[lot],
        ), gain

    def _closer(self, bound: Bound) -> Bound:
        """Return the better of these prices and those of the linear optimum, where that is small."""
        if self.problem.n_options > EXACT_OPTIONS:
            return bound
        everything, _ = self.options(bound, NO_BOUND)
        fen = Program(self.problem, everything).prices()
        if fen is None:
            return bound
        return min((Replies(self.problem, self.windows).whole(fen), bound), key=lambda one: one.bound_fen)

    def _searched(self, options: Options, gain: Ints, bound: Bound) -> tuple[Ints, int, bool]:
        """Return (n_needs,) the best choices found, their worth, and whether time ended the search."""
        problem = self.problem
        roster = Roster(
            choice=np.full(problem.n_needs, NOBODY, dtype=np.int64),
            first_place=np.concatenate([[0], np.cumsum(problem.capacity)]),
            holder=np.full(int(problem.capacity.sum()), NOBODY, dtype=np.int64),
            quota=np.append(problem.group_capacity, NO_BOUND),
        )
        value = fill(roster, options, np.argsort(-gain, kind="stable"))
        best, best_value = roster.choice.copy(), value
        if not options.begin.size:
            return ints(best), 0, False
        desk = desk_for(options, gain, problem.first_hour, _seed(problem))
        heats = np.geomspace(*HEAT_SHARES, CHUNKS) * (value / max(int((best >= 0).sum()), 1))
        tries = self._tries(options) // CHUNKS
        reach = max(1, round(REACH_RUNS * float((options.end - options.begin).mean())))
        for heat in [*heats.astype(np.int64).tolist(), 0]:
            if value == bound.bound_fen or self._is_over():
                break
            value += better(roster, options, desk, Ways(tries, heat, DEEP, reach))
            if value > best_value:
                best, best_value = roster.choice.copy(), value
        return ints(best), int(best_value), self._is_over()

    def _tries(self, options: Options) -> int:
        hours = np.zeros(self.problem.n_needs, dtype=np.int64)
        np.maximum.at(hours, options.owner, options.end - options.begin)
        wanted = min(int(hours.sum()), int(self.problem.capacity.sum()))
        return int(self.effort * max(LEAST_TRIES, TRIES_OF_HOUR * wanted))

    def _is_over(self) -> bool:
        return time.monotonic() > self._ends_at


def _worth(options: Options, choice: Ints) -> int:
    return int(options.value[choice[choice >= 0]].sum())


def _seed(problem: SlotProblem) -> int:
    """Return a number above 0 that only the parties' keys decide."""
    digest = hashlib.blake2b(problem.need_key.tobytes() + problem.lot_key.tobytes(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 1) | 1

"""Plans for indivisible wishes, with an honest bound and prices: linear where whole, else searched (class C)."""

import hashlib
import time
from dataclasses import dataclass
from functools import cache

import numpy as np

from matching.core import baselines
from matching.core.boxed import LEAST_EDGES, is_of_bundles, relaxed_bundles, within
from matching.core.mixed import MixedProblem, deals_made, filled, need_gains
from matching.core.neighbourhoods import PARTS, Table, better, build, lay_down, table_for
from matching.core.problem import Ints, ints, per_node
from matching.core.program import Program
from matching.core.relaxation import Relaxed, relaxed
from matching.core.rents import Rents, least_lost, rents_at
from matching.core.verify import mixed_faults

# Up to this many edges HiGHS mostly proves the optimum within a second or two.
EXACT_EDGES = 240
# Up to this many where at most one need in so many is divided in the linear optimum.
NEARLY_WHOLE_EDGES, DIVIDED_SHARE = 40_000, 20
# How far a linear optimum's units may be from whole ones.
WHOLE = 1e-6
# Orders are built at these parts of the rents; the best plan goes on.
BUILT_AT = (PARTS, PARTS * 7 // 8, PARTS * 3 // 4)
# What an ordinary round spends: tries for each need, each on the edges of a few, and as many in all.
TRIES_OF_NEED = 300
MOST_EDGES_LOOKED_AT = 8_000_000
LEAST_TRIES = 400
CHUNKS = 40
# A try may at first lose this part of what a need gains on average.
HEAT_SHARE = 30
# Best replies asked of all needs together while prices settle.
MOST_REPLIES = 400_000
MOST_PRICE_STEPS = 400
LEAST_PRICE_STEPS = 30
ENDLESS_S = 3_600.0
# The relaxation comes before all else, and is the same however long it takes.
RELAXATION_LIMITS = 5


@dataclass(frozen=True, eq=False)
class MixedPlan:
    """A plan for a mixed problem and the lot prices that bound it.

    Attributes:
        units: (n_edges,) units on each edge.
        lot_fen: (n_lots,) rent per unit in whole fen, at which lost opportunities are near their least.
        group_fen: (n_groups,) the part of its lots' rents that a group's quota makes.
        bound_fen: the solver's own upper bound on total surplus; never trusted, only reported.
        method: "lp", "milp" or "construction".
        out_of_time: the clock, not the count of tries or nodes, ended the search: a replay may differ.
    """

    units: Ints
    lot_fen: Ints
    group_fen: Ints
    bound_fen: int
    method: str
    out_of_time: bool


def best_bundles(problem: MixedProblem, *, time_limit_s: float, effort: int = 1) -> MixedPlan:
    """Return a plan of great total surplus and the prices that bound what any plan could reach.

    Args:
        problem: one component.
        time_limit_s: a guard in seconds for one component, above what the count of tries usually takes.
        effort: how many times the ordinary number of tries.

    Raises:
        SolverFailed: HiGHS could not solve the linear relaxation.

    Notes:
        Exact where the linear relaxation comes out whole, as it mostly does for bundles, and where HiGHS proves it
        for a small market. Elsewhere not (NP-hard): the certificate's gap says how far from optimal the plan can be
        at most. It is never worse than the greedy construction.
    """
    if problem.n_edges == 0:
        rent, quota = (ints(np.zeros(n, dtype=np.int64)) for n in (problem.n_lots, problem.n_groups))
        return MixedPlan(ints([]), rent, quota, 0, "construction", False)
    compile_kernels()
    return _best(problem, time_limit_s=time_limit_s, effort=effort)


@cache
def compile_kernels() -> MixedPlan:
    """Decide a market that is small and yet takes every step, so that compiling is on no other one's clock."""
    two = np.arange(2)
    small = MixedProblem(
        need_of_leg=two,
        leg_quantity=np.array([5, 7]),
        leg=np.array([0, 0, 1, 1]),
        lot=np.array([0, 1, 0, 1]),
        surplus_fen=np.array([90, 80, 85, 70]),
        floor_fen=np.zeros(4, dtype=np.int64),
        limit_fen=np.array([900, 900]),
        min_units=np.full(4, 2),
        setup_fen=np.full(4, 60),
        max_suppliers=np.full(2, 2),
        whole=np.zeros(2, dtype=np.int64),
        capacity=np.array([6, 4]),
        need_key=two,
        lot_key=two,
    )
    return _best(small, time_limit_s=ENDLESS_S, effort=1)


def _best(problem: MixedProblem, *, time_limit_s: float, effort: int) -> MixedPlan:
    clock = _Clock(time_limit_s)
    linear = _linear(problem, time_limit_s * RELAXATION_LIMITS)
    whole = None if linear is None else _whole_plan(problem, linear)
    table = table_for(problem)
    first = _start(problem, table, linear)
    if linear is not None and whole is not None:
        return MixedPlan(whole, first.lot_fen, first.group_fen, linear.bound_fen, "lp", False)
    best, bound = _built(problem, first, linear), first.bound_fen if linear is None else linear.bound_fen
    units, method, out_of_time = _units(problem, best), "construction", linear is None
    if problem.n_edges <= EXACT_EDGES or (linear is not None and _is_nearly_whole(problem, linear)):
        found, proved, late = _proved(problem, first, _total(best), clock)
        bound, out_of_time = min(bound, proved), out_of_time or late
        if found is not None and not mixed_faults(problem, found) and _worth(problem, found) >= _total(best):
            units, method, best = found, "milp", _laid_down(problem, found)
    if _total(best) < bound:
        tried, stopped = _searched(problem, best, first, clock, effort)
        out_of_time |= stopped
        if _worth(problem, tried) > _worth(problem, units):
            units, method = tried, "construction"
    rents, hurried = _settled(problem, table, first, _worth(problem, units), clock)
    bound = min(bound, rents.bound_fen)
    return MixedPlan(units, rents.lot_fen, rents.group_fen, bound, method, out_of_time or hurried)


def _linear(problem: MixedProblem, time_limit_s: float) -> Relaxed | None:
    linear = None
    if problem.n_edges >= LEAST_EDGES and is_of_bundles(problem):
        linear = relaxed_bundles(problem, time_limit_s=time_limit_s)
    return linear or relaxed(problem, time_limit_s=time_limit_s)


def _proved(problem: MixedProblem, rents: Rents, reached_fen: int, clock: "_Clock") -> tuple[Ints | None, int, bool]:
    """Return what HiGHS finds and proves; of bundles, with the edges only that could better the plan at hand."""
    limit_s = max(clock.left_s, 1.0)
    if not is_of_bundles(problem):
        return Program(problem).search(time_limit_s=limit_s)
    some, edges = within(problem, rents.lot_fen, rents.bound_fen - reached_fen)
    found, proved, late = Program(some).search(time_limit_s=limit_s)
    if found is None:
        return None, proved, late
    units = np.zeros(problem.n_edges, dtype=np.int64)
    units[edges] = found
    return ints(units), proved, late


class _Clock:
    """How long one component has taken; never asked for anything but to stop."""

    def __init__(self, limit_s: float) -> None:
        self._ends_s = time.monotonic() + limit_s

    @property
    def left_s(self) -> float:
        return self._ends_s - time.monotonic()

    @property
    def is_over(self) -> bool:
        return self.left_s <= 0


def _worth(problem: MixedProblem, units: Ints) -> int:
    return int(need_gains(problem, units).sum())


def _whole_plan(problem: MixedProblem, linear: Relaxed) -> Ints | None:
    """Return the linear optimum where it is a plan that keeps every rule and loses nothing, else nothing."""
    units = np.rint(linear.units)
    if np.abs(units - linear.units).max() > WHOLE:
        return None
    plan = ints(units.astype(np.int64))
    if mixed_faults(problem, plan) or _worth(problem, plan) < linear.bound_fen:
        return None
    return plan


def _start(problem: MixedProblem, table: Table, linear: Relaxed | None) -> Rents:
    """Return the linear prices in whole fen, or none at all where these lose less."""
    free = rents_at(problem, table, *(ints(np.zeros(n, dtype=np.int64)) for n in (problem.n_lots, problem.n_groups)))
    if linear is None:
        return free
    prices = (ints(np.rint(fen).astype(np.int64)) for fen in (linear.lot_fen, linear.group_fen))
    return min(rents_at(problem, table, *prices), free, key=lambda rents: rents.bound_fen)


def _built(problem: MixedProblem, rents: Rents, linear: Relaxed | None) -> Table:
    """Return the best of a few first plans: greedy, at parts of the rents, and from what is whole in the linear one."""
    order = np.lexsort((problem.need_key, -problem.quantity))
    best = _laid_down(problem, baselines.greedy_mixed(problem))
    for part in BUILT_AT:
        tried = table_for(problem)
        build(tried, order, rents.lot_fen * part // PARTS)
        best = max(best, tried, key=_total)
    if linear is not None:
        tried = _laid_down(problem, _whole_needs(problem, linear))
        build(tried, order[tried.gain[order] == 0], np.zeros(problem.n_lots, dtype=np.int64))
        best = max(best, tried, key=_total)
    return best


def _total(table: Table) -> int:
    return int(table.gain.sum())


def _laid_down(problem: MixedProblem, units: Ints) -> Table:
    table = table_for(problem)
    lay_down(table, units[table.wishes.edge], need_gains(problem, units))
    return table


def _units(problem: MixedProblem, table: Table) -> Ints:
    units = np.zeros(problem.n_edges, dtype=np.int64)
    units[table.wishes.edge] = table.units
    return ints(units)


def _is_nearly_whole(problem: MixedProblem, linear: Relaxed) -> bool:
    """Return whether so few needs or setups are divided in the linear optimum that HiGHS soon has the best of them."""
    in_deal = np.bincount(problem.deal, weights=linear.units, minlength=problem.n_deals)
    in_part = (in_deal > WHOLE) & (in_deal < problem.most_in_deal - WHOLE) & (problem.setup_fen > 0)
    of_edge = (np.abs(np.rint(linear.units) - linear.units) > WHOLE) | in_part[problem.deal]
    divided = np.unique(problem.need[of_edge]).size
    small = problem.n_edges <= NEARLY_WHOLE_EDGES or is_of_bundles(problem)
    return small and divided * DIVIDED_SHARE <= problem.n_needs


def _whole_needs(problem: MixedProblem, linear: Relaxed) -> Ints:
    """Return the part of the linear optimum that belongs to needs whose rules it keeps."""
    units = ints(np.rint(linear.units).astype(np.int64))
    in_deal, made = per_node(problem.deal, units, problem.n_deals), deals_made(problem, units)
    of_deal = ints(problem.need_of_leg[problem.leg_of_deal])
    too_small = per_node(of_deal, ints((made == 1) & (in_deal < problem.min_units)), problem.n_needs)
    divided = per_node(problem.need, ints(np.abs(units - linear.units) > WHOLE), problem.n_needs)
    kept = (
        (too_small + divided == 0)
        & (per_node(of_deal, made, problem.n_needs) <= problem.max_suppliers)
        & ((problem.whole == 0) | filled(problem, units))
        & (need_gains(problem, units) > 0)
    )
    return ints(np.where(kept[problem.need], units, 0))


def _searched(problem: MixedProblem, table: Table, rents: Rents, clock: _Clock, effort: int) -> tuple[Ints, bool]:
    """Better a plan; return the best one met, and whether the clock ended it."""
    best, reached = table.units.copy(), table.gain.sum()
    edges_of_need = max(problem.n_edges // problem.n_needs, 1)
    tries = max(min(TRIES_OF_NEED * problem.n_needs, MOST_EDGES_LOOKED_AT // edges_of_need), LEAST_TRIES) * effort
    heat = int(reached) // (HEAT_SHARE * problem.n_needs)
    stream = _stream(problem)
    for left in range(CHUNKS - 1, -1, -1):
        if clock.is_over or reached >= rents.bound_fen:
            break
        better(table, rents.lot_fen, stream, tries // CHUNKS, heat * left * left // CHUNKS**2)
        if table.gain.sum() > reached:
            best, reached = table.units.copy(), table.gain.sum()
    units = np.zeros(problem.n_edges, dtype=np.int64)
    units[table.wishes.edge] = best
    return ints(units), clock.is_over and reached < rents.bound_fen


def _stream(problem: MixedProblem) -> Ints:
    """Return the seed of what the search leaves to chance: the keys of all parties."""
    keys = hashlib.blake2b(problem.need_key.tobytes() + problem.lot_key.tobytes(), digest_size=7)
    return np.array([int.from_bytes(keys.digest()) | 1], dtype=np.int64)


def _settled(problem: MixedProblem, table: Table, start: Rents, reached: int, clock: _Clock) -> tuple[Rents, bool]:
    """Return the prices of least lost opportunity that a number of steps finds, and whether the clock ended them."""
    if is_of_bundles(problem):  # linear prices are those already
        return start, False
    steps = max(min(MOST_REPLIES // problem.n_needs, MOST_PRICE_STEPS), LEAST_PRICE_STEPS)
    return least_lost(problem, table, start, reached_fen=reached, steps=steps, is_over=lambda: clock.left_s <= 0)

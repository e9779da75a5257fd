"""From a market to its outcome: every component decided alone, priced, and compared with simpler ways."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.core import baselines, settle
from matching.core.build import Part, parts
from matching.core.exact import SOLVERS, Solver
from matching.core.market import Market, Parameters, Section
from matching.core.mixed import MixedProblem, need_gains
from matching.core.outcome import Outcome, PartOutcome
from matching.core.prices import NotOptimal, Prices, SolverFailed
from matching.core.problem import Ints, MatchProblem, ints, per_node
from matching.core.verify import certificate

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Task:
    """One component and all that is needed to decide it, wherever that happens."""

    part: Part
    posted: Ints
    time_limit_s: float
    solver: Solver


# How components are gone through: `map`, or its like over many machines.
Spread = Callable[[Callable[[Task], PartOutcome], Iterable[Task]], Iterable[PartOutcome]]


def solve(
    market: Market,
    *,
    solver: Solver | None = None,
    spread: Spread = map,
    told: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Decide every component of `market`.

    Args:
        market: what was gathered.
        solver: what decides components without indivisible wishes; left out, what the parameters name.
        spread: what goes through the components; it must keep their order.
        told: hears how many components are decided, of how many; what it raises ends the work.

    Notes:
        Equal inputs give equal outputs on equal library versions. A component that fails takes nothing
        else with it: its outcome is empty and says why.
    """
    chosen = solver or SOLVERS[market.parameters.solver]
    tasks = [list(_tasks(section, market.parameters, chosen)) for section in market.sections]
    in_order = [task for of_section in tasks for task in of_section]
    decided: list[PartOutcome] = []
    if told:
        told(0, len(in_order))
    for outcome in spread(decide, in_order):
        decided.append(outcome)
        if told:
            told(len(decided), len(in_order))
    following = iter(decided)
    return Outcome(tuple(tuple(next(following) for _ in of_section) for of_section in tasks))


def _tasks(section: Section, parameters: Parameters, solver: Solver) -> Iterator[Task]:
    for part in parts(section, parameters):
        yield Task(part, ints(section.needs.posted[part.needs]), parameters.time_limit_s, solver)


def decide(task: Task) -> PartOutcome:
    """Decide one component; a failure is its outcome, and logged where it happened."""
    try:
        if isinstance(task.part.problem, MixedProblem):
            return _decide_mixed(task.part, task.part.problem, task.posted, time_limit_s=task.time_limit_s)
        return _decide_exact(task.part, task.part.problem, task.posted, task.solver)
    except (SolverFailed, NotOptimal) as failure:
        logger.exception("A component could not be decided.")
        return _undecided(task.part, str(failure))


def _decide_exact(part: Part, problem: MatchProblem, posted: Ints, solver: Solver) -> PartOutcome:
    method, decision = solver(problem)
    greedy_fen, first_come_fen = baselines.simpler_ways(problem, posted)
    units, prices, middle = decision.units, decision.prices, decision.prices.middle
    if not _proves(problem, units, middle):
        raise NotOptimal(f"{method}: its prices do not prove its plan.")
    return PartOutcome(
        kind=part.kind,
        method=method,
        units=units,
        unit_price_fen=settle.unit_prices(part, units, middle.lot_fen),
        need_fen=middle.need_fen,
        lot_fen=middle.lot_fen,
        lot_low_fen=prices.lowest.lot_fen,
        lot_high_fen=prices.highest.lot_fen,
        group_fen=middle.group_fen,
        greedy_fen=greedy_fen,
        first_come_fen=first_come_fen,
    )


def _proves(problem: MatchProblem, units: Ints, prices: Prices) -> bool:
    paid = ints((problem.floor_fen + prices.lot_fen[problem.lot]) * units)
    proof = certificate(
        problem,
        units,
        need_fen=prices.need_fen,
        lot_fen=prices.lot_fen,
        group_fen=prices.group_fen,
        paid_fen=paid,
        received_fen=paid,
    )
    return proof.is_exact


def _decide_mixed(part: Part, problem: MixedProblem, posted: Ints, *, time_limit_s: float) -> PartOutcome:
    # HiGHS and Numba take a second to import, which only a process that decides rounds should pay.
    from matching.core import bundles

    plan = bundles.best_bundles(problem, time_limit_s=time_limit_s)
    units = plan.units
    greedy_fen, first_come_fen = baselines.simpler_ways(problem, posted)
    price = settle.unit_prices(part, units, plan.lot_fen)
    rent = ints((price - problem.floor_fen) * units)
    gain = need_gains(problem, units) - per_node(problem.need, rent, problem.n_needs)
    return PartOutcome(
        kind=part.kind,
        method=plan.method,
        units=units,
        unit_price_fen=price,
        need_fen=gain,
        lot_fen=plan.lot_fen,
        lot_low_fen=plan.lot_fen,
        lot_high_fen=plan.lot_fen,
        group_fen=plan.group_fen,
        greedy_fen=greedy_fen,
        first_come_fen=first_come_fen,
        out_of_time=plan.out_of_time,
    )


def _undecided(part: Part, failure: str) -> PartOutcome:
    problem = part.problem
    edges, needs, lots, groups = (
        ints(np.zeros(n, dtype=np.int64)) for n in (problem.n_edges, problem.n_needs, problem.n_lots, problem.n_groups)
    )
    return PartOutcome(
        kind=part.kind,
        method="none",
        units=edges,
        unit_price_fen=edges,
        need_fen=needs,
        lot_fen=lots,
        lot_low_fen=lots,
        lot_high_fen=lots,
        group_fen=groups,
        greedy_fen=0,
        first_come_fen=0,
        failure=failure,
    )

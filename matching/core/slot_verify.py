"""What anyone can check about a plan of reservations without trusting, or having, what made it."""

from typing import NamedTuple

import numpy as np

from matching.core.problem import Ints, ints, per_node
from matching.core.slots import (
    SlotPlan,
    SlotPrices,
    SlotProblem,
    deal_values,
    hours_used,
    quotas_used,
    run_prices,
    start_costs,
)
from matching.core.verify import UNREADABLE, Certificate

# Starts weighed at once, so that a large market needs little memory.
STARTS_AT_ONCE = 2_000_000


class Lost(NamedTuple):
    """What each could still gain at the prices, in fen: (n_needs,), (n_lots,), and (n_groups,) of quotas."""

    need_fen: Ints
    lot_fen: Ints
    group_fen: Ints


def slot_certificate(
    problem: SlotProblem, plan: SlotPlan, prices: SlotPrices, *, paid_fen: Ints, received_fen: Ints
) -> Certificate:
    """Check a plan and its prices in one pass over all possible starts.

    Args:
        problem: the market.
        plan: who gets which hours.
        prices: of hours and quotas.
        paid_fen, received_fen: (n_needs,) what each need's deal costs it, and what its lot gets; 0 without a deal.

    Notes:
        Blocking counts the needs that would rather have something else at these prices, and the lots with hours of a
        price that nobody took: each has a share in the gap.
    """
    if not _is_readable(problem, plan, prices) or not (paid_fen.shape == received_fen.shape == plan.edge.shape):
        return UNREADABLE
    faults = slot_faults(problem, plan)
    if NO_SUCH_START in faults:
        return Certificate(0, 0, 0, 0, 0, 0, faults)
    reply = best_replies(problem, prices)
    value, run = deal_values(problem, plan), run_prices(problem, plan, prices)
    primal = int(value.sum())
    dual = int((prices.hour_fen * problem.capacity).sum() + (prices.group_fen * problem.group_capacity).sum())
    dual += int(reply.sum())
    idle = per_node(_lot_of_hour(problem), _unsold_fen(problem, plan, prices), problem.n_lots)
    served = plan.edge >= 0
    edge = plan.edge[served]
    beyond = (received_fen[served] < problem.floor_fen[edge]) | (paid_fen[served] > problem.ceiling_fen[edge])
    unserved = (paid_fen[~served] != 0) | (received_fen[~served] != 0)
    negative = (prices.hour_fen < 0).sum() + (prices.group_fen < 0).sum()
    return Certificate(
        primal_fen=primal,
        dual_fen=dual,
        gap_fen=dual - primal,
        blocking=int((reply > value - run).sum() + (idle > 0).sum()),
        unfair=int(beyond.sum() + unserved.sum() + negative),
        budget_fen=int(paid_fen.sum() - received_fen.sum()),
        faults=faults,
    )


def lost_opportunities(problem: SlotProblem, plan: SlotPlan, prices: SlotPrices, rent_fen: Ints) -> Lost:
    """Return what each participant could justly complain about; all together are the gap, to the fen.

    Args:
        problem: the market.
        plan: who gets which hours.
        prices: of hours and quotas.
        rent_fen: (n_needs,) what each deal pays beyond its floor.
    """
    kept = deal_values(problem, plan) - rent_fen
    lot_of_hour = _lot_of_hour(problem)
    served = np.flatnonzero(plan.edge >= 0)
    lot = ints(problem.lot[plan.edge[served]])
    deals = per_node(lot, ints(np.ones_like(lot)), problem.n_lots)
    fee = np.append(prices.group_fen, 0)[problem.group]
    could = per_node(lot_of_hour, ints(prices.hour_fen * problem.capacity), problem.n_lots) + fee * deals
    earned = per_node(lot, ints(rent_fen[served]), problem.n_lots)
    quota = prices.group_fen * (problem.group_capacity - quotas_used(problem, plan))
    return Lost(ints(best_replies(problem, prices) - kept), ints(could - earned), ints(quota))


def best_replies(problem: SlotProblem, prices: SlotPrices) -> Ints:
    """Return (n_needs,) the most fen each need could gain at these prices."""
    before = np.concatenate([[0], np.cumsum(prices.hour_fen)])
    fee = np.append(prices.group_fen, 0)[problem.group]
    edge = problem.window_edge
    lot, hours = problem.lot[edge], problem.hours[edge]
    begin = problem.first_hour[lot] + problem.window_first
    starts = problem.window_last - problem.window_first + 1
    worth = problem.surplus_fen[edge] - problem.window_cost_fen - fee[lot]
    reply = np.zeros(problem.n_needs, dtype=np.int64)
    sheet = (np.cumsum(starts) - starts) // STARTS_AT_ONCE
    for k in np.unique(sheet):
        rows = np.flatnonzero(sheet == k)
        of = np.repeat(rows, starts[rows])
        nth = np.arange(of.size) - np.repeat(np.cumsum(starts[rows]) - starts[rows], starts[rows])
        at = begin[of] + nth
        np.maximum.at(reply, problem.need[edge[of]], worth[of] - (before[at + hours[of]] - before[at]))
    return ints(reply)


NO_SUCH_START = "a deal that begins when it may not"


def slot_faults(problem: SlotProblem, plan: SlotPlan) -> tuple[str, ...]:
    """Return the names of the rules that a plan breaks."""
    served = np.flatnonzero(plan.edge >= 0)
    edge = ints(plan.edge[served])
    nowhere = (plan.edge < -1) | ((plan.edge < 0) & (plan.start != -1))
    if nowhere.any() or (edge >= problem.n_edges).any():
        return (NO_SUCH_START,)
    if (start_costs(problem, edge, ints(plan.start[served])) < 0).any():
        return (NO_SUCH_START,)
    broken = {
        "a need gets what was offered to another": (problem.need[edge] != served).any(),
        "runs of hours overlap": (hours_used(problem, plan) > problem.capacity).any(),
        "a group gives more than its quota": (quotas_used(problem, plan) > problem.group_capacity).any(),
    }
    return tuple(name for name, holds in broken.items() if holds)


def _is_readable(problem: SlotProblem, plan: SlotPlan, prices: SlotPrices) -> bool:
    return (
        plan.edge.shape == plan.start.shape == problem.need_key.shape
        and prices.hour_fen.shape == problem.capacity.shape
        and prices.group_fen.shape == problem.group_capacity.shape
    )


def _lot_of_hour(problem: SlotProblem) -> Ints:
    return ints(np.repeat(np.arange(problem.n_lots), np.diff(problem.first_hour)))


def _unsold_fen(problem: SlotProblem, plan: SlotPlan, prices: SlotPrices) -> Ints:
    return ints(prices.hour_fen * (problem.capacity - hours_used(problem, plan)))

"""Two simpler ways to give out hours, for comparison: the most valuable deal first, and first come, first served."""

import numpy as np

from matching.core.problem import Ints, ints
from matching.core.slots import UNSERVED, SlotPlan, SlotProblem


def greedy(problem: SlotProblem) -> SlotPlan:
    """Serve the most valuable deal that is left, at the earliest of its cheapest starts; keys decide among equals."""
    edge = problem.window_edge
    value = problem.surplus_fen[edge] - problem.window_cost_fen
    order = np.lexsort(
        (problem.window_first, problem.lot_key[problem.lot[edge]], problem.need_key[problem.need[edge]], -value)
    )
    return _in_turn(problem, ints(order))


def first_come(problem: SlotProblem, posted: Ints) -> SlotPlan:
    """Let needs choose in the order in which they were posted what is worth most to them.

    Args:
        problem: the market.
        posted: (n_needs,) when each need was published.
    """
    edge = problem.window_edge
    need = problem.need[edge]
    value = problem.surplus_fen[edge] - problem.window_cost_fen
    order = np.lexsort(
        (problem.window_first, problem.lot_key[problem.lot[edge]], -value, problem.need_key[need], posted[need])
    )
    return _in_turn(problem, ints(order))


def _in_turn(problem: SlotProblem, windows: Ints) -> SlotPlan:
    """Take each window's first free start, one deal for a need."""
    free, quota = problem.capacity.copy(), np.append(problem.group_capacity, problem.n_needs)
    edges, starts = (np.full(problem.n_needs, UNSERVED, dtype=np.int64) for _ in range(2))
    need, lot, hours = problem.need, problem.lot, problem.hours
    for window in windows.tolist():
        edge = int(problem.window_edge[window])
        at, group = int(problem.first_hour[lot[edge]]), int(problem.group[lot[edge]])
        if edges[need[edge]] >= 0 or quota[group] <= 0:
            continue
        start, length = int(problem.window_first[window]), int(hours[edge])
        while start <= problem.window_last[window]:
            taken = np.flatnonzero(free[at + start : at + start + length] <= 0)
            if not taken.size:
                edges[need[edge]], starts[need[edge]] = edge, start
                free[at + start : at + start + length] -= 1
                quota[group] -= 1
                break
            start += int(taken[-1]) + 1
    return SlotPlan(ints(edges), ints(starts))

"""What people get without optimisation, so that every gain has something to be a gain over."""

import numpy as np

from matching.core.mixed import MixedProblem
from matching.core.problem import Ints, MatchProblem, ints


def greedy(problem: MatchProblem) -> Ints:
    """Return (n_edges,) units when the most valuable edge left is always served first."""
    keys = (problem.lot_key[problem.lot], problem.need_key[problem.need], -problem.surplus_fen)
    return _serve(problem, np.lexsort(keys))


def first_come(problem: MatchProblem, posted: Ints) -> Ints:
    """Return (n_edges,) units when needs choose in the order they were posted, each the best lot still free.

    Args:
        problem: the market.
        posted: (n_needs,) when each need was posted; any rising number, ties by key.
    """
    keys = (
        problem.lot_key[problem.lot],
        -problem.surplus_fen,
        problem.need_key[problem.need],
        posted[problem.need],
    )
    return _serve(problem, np.lexsort(keys))


def _serve(problem: MatchProblem, order: np.ndarray) -> Ints:
    wanted, free = problem.quantity.tolist(), problem.capacity.tolist()
    needs, lots = problem.need.tolist(), problem.lot.tolist()
    units = [0] * problem.n_edges
    for edge in order.tolist():
        moved = min(wanted[needs[edge]], free[lots[edge]])
        units[edge] = moved
        wanted[needs[edge]] -= moved
        free[lots[edge]] -= moved
    return ints(units)


def greedy_mixed(problem: MixedProblem) -> Ints:
    """Return (n_edges,) units when needs are served by what each could gain alone, the greatest first."""
    counter = _Counter(problem)
    everything = problem.capacity.tolist()
    alone = ints([counter.choose(need, everything)[1] for need in range(problem.n_needs)])
    return _serve_in_turn(counter, np.lexsort((problem.need_key, -alone)))


def first_come_mixed(problem: MixedProblem, posted: Ints) -> Ints:
    """Return (n_edges,) units when needs are served in the order they were posted."""
    return _serve_in_turn(_Counter(problem), np.lexsort((problem.need_key, posted)))


def _serve_in_turn(counter: "_Counter", needs: np.ndarray) -> Ints:
    free = counter.problem.capacity.tolist()
    units = np.zeros(counter.problem.n_edges, dtype=np.int64)
    for need in needs.tolist():
        taken, _ = counter.choose(need, free)
        for edge, moved in taken.items():
            units[edge] = moved
            free[counter.lot[edge]] -= moved
    return ints(units)


class _Counter:
    """Serves one need at a time by simple choice: for each leg the best edges that can still carry it."""

    def __init__(self, problem: MixedProblem) -> None:
        self.problem = problem
        self.lot: list[int] = problem.lot.tolist()
        self.surplus: list[int] = problem.surplus_fen.tolist()
        self.setup: list[int] = problem.setup_fen.tolist()
        self.least: list[int] = problem.min_units.tolist()
        self.most: list[int] = problem.most_units.tolist()
        self.legs_of_need: list[list[int]] = [[] for _ in range(problem.n_needs)]
        for leg, need in enumerate(problem.need_of_leg.tolist()):
            self.legs_of_need[need].append(leg)
        worth = problem.surplus_fen - problem.setup_fen / np.maximum(problem.most_units, 1)
        self.edges_of_leg: list[list[int]] = [[] for _ in range(problem.n_legs)]
        for edge in np.lexsort((problem.lot_key[problem.lot], -worth)).tolist():
            self.edges_of_leg[int(problem.leg[edge])].append(edge)

    def choose(self, need: int, free: list[int]) -> tuple[dict[int, int], int]:
        """Return the units by edge that `need` takes from `free` and its gain in fen; nothing without a gain."""
        legs = self.legs_of_need[need]
        whole = bool(self.problem.whole[need])
        suppliers = int(self.problem.max_suppliers[need])
        taken: dict[int, int] = {}
        given: dict[int, int] = {}
        full = True
        for legs_after, leg in zip(reversed(range(len(legs))), legs, strict=True):
            wanted = int(self.problem.leg_quantity[leg])
            for edge in self.edges_of_leg[leg]:
                if wanted == 0 or len(taken) + legs_after >= suppliers:
                    break
                lot = self.lot[edge]
                moved = min(wanted, self.most[edge], free[lot] - given.get(lot, 0))
                pays = self.surplus[edge] * moved > self.setup[edge]
                if moved >= self.least[edge] and (whole or pays):
                    taken[edge] = moved
                    given[lot] = given.get(lot, 0) + moved
                    wanted -= moved
            full = full and wanted == 0
        gain = sum(self.surplus[edge] * moved - self.setup[edge] for edge, moved in taken.items())
        return (taken, gain) if gain > 0 and (full or not whole) else ({}, 0)

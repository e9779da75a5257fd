"""What people get without optimisation, so that every gain has something to be a gain over."""

from collections.abc import Mapping, Sequence

import numpy as np

from matching.core.mixed import MixedProblem, need_gains
from matching.core.problem import NO_BOUND, Ints, MatchProblem, Problem, ints


def simpler_ways(problem: MatchProblem | MixedProblem, posted: Ints) -> tuple[int, int]:
    """Return the total surplus in fen of the greedy plan and of first come, first served.

    Args:
        problem: one component.
        posted: (n_needs,) when each need was published.
    """
    if isinstance(problem, MixedProblem):
        plans = greedy_mixed(problem), first_come_mixed(problem, posted)
        return int(need_gains(problem, plans[0]).sum()), int(need_gains(problem, plans[1]).sum())
    worth = problem.surplus_fen
    return int(worth @ greedy(problem)), int(worth @ first_come(problem, posted))


def greedy(problem: MatchProblem) -> Ints:
    """Return (n_edges,) units when the most valuable edge left is always served first."""
    keys = (problem.lot_key[problem.lot], problem.need_key[problem.need], -problem.surplus_fen)
    return in_order(problem, np.lexsort(keys))


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
    return in_order(problem, np.lexsort(keys))


def in_order(problem: MatchProblem, order: np.ndarray) -> Ints:
    """Return (n_edges,) units when each edge in turn carries all that both its ends have left."""
    wanted, free = problem.quantity.tolist(), Free(problem)
    needs, lots, most = problem.need.tolist(), problem.lot.tolist(), problem.max_units.tolist()
    units = [0] * problem.n_edges
    for edge in order.tolist():
        need, lot = needs[edge], lots[edge]
        if wanted[need] and (moved := min(wanted[need], most[edge], free.of(lot))):
            units[edge] = moved
            wanted[need] -= moved
            free.take(lot, moved)
    return ints(units)


class Free:
    """What lots, and the groups that share a quota, have left while a plan grows."""

    def __init__(self, problem: Problem) -> None:
        self._lot: list[int] = problem.capacity.tolist()
        self._quota: list[int] = [*problem.group_capacity.tolist(), NO_BOUND]
        self._group: list[int] = problem.group.tolist()  # -1, no group, is the last and endless quota

    def of(self, lot: int) -> int:
        return min(self._lot[lot], self._quota[self._group[lot]])

    def take(self, lot: int, units: int) -> None:
        self._lot[lot] -= units
        self._quota[self._group[lot]] -= units


def greedy_mixed(problem: MixedProblem) -> Ints:
    """Return (n_edges,) units when needs are served by what each could gain alone, the greatest first."""
    counter = _Counter(problem)
    everything, alone = Free(problem), []
    for need in range(problem.n_needs):
        taken, gain = counter.choose(need, everything)
        counter.give_back(taken, everything)
        alone.append(gain)
    return _serve_in_turn(counter, np.lexsort((problem.need_key, -ints(alone))))


def first_come_mixed(problem: MixedProblem, posted: Ints) -> Ints:
    """Return (n_edges,) units when needs are served in the order they were posted."""
    return _serve_in_turn(_Counter(problem), np.lexsort((problem.need_key, posted)))


def _serve_in_turn(counter: "_Counter", needs: np.ndarray) -> Ints:
    free = Free(counter.problem)
    units = np.zeros(counter.problem.n_edges, dtype=np.int64)
    for need in needs.tolist():
        for edge, moved in counter.choose(need, free)[0].items():
            units[edge] = moved
    return ints(units)


class _Counter:
    """Serves one need at a time by simple choice: for each leg the best deals that can still carry it."""

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
        setup_share = problem.setup_fen / np.maximum(problem.most_in_deal, 1)
        worth = problem.surplus_fen - setup_share[problem.deal]
        # Deals in order of their best edge, and the edges of each in that order too.
        self.deals_of_leg: list[dict[int, list[int]]] = [{} for _ in range(problem.n_legs)]
        for edge in np.lexsort((problem.lot_key[problem.lot], -worth)).tolist():
            deals = self.deals_of_leg[int(problem.leg[edge])]
            deals.setdefault(int(problem.deal[edge]), []).append(edge)

    def choose(self, need: int, free: Free) -> tuple[dict[int, int], int]:
        """Take for `need` from `free`; return the units by edge and the gain in fen, nothing without a gain."""
        legs = self.legs_of_need[need]
        whole = bool(self.problem.whole[need])
        suppliers = int(self.problem.max_suppliers[need])
        taken: dict[int, int] = {}
        made, gain, full = 0, 0, True
        for legs_after, leg in zip(reversed(range(len(legs))), legs, strict=True):
            wanted = int(self.problem.leg_quantity[leg])
            for deal, edges in self.deals_of_leg[leg].items():
                if wanted == 0 or made + legs_after >= suppliers:
                    break
                found = self._fill(edges, wanted, free)
                moved = sum(found.values())
                worth = sum(self.surplus[edge] * units for edge, units in found.items()) - self.setup[deal]
                if moved < self.least[deal] or not (whole or worth > 0):
                    self.give_back(found, free)
                    continue
                taken |= found
                made, gain, wanted = made + 1, gain + worth, wanted - moved
            full = full and wanted == 0
        if gain > 0 and (full or not whole):
            return taken, gain
        self.give_back(taken, free)
        return {}, 0

    def _fill(self, edges: Sequence[int], wanted: int, free: Free) -> dict[int, int]:
        found: dict[int, int] = {}
        for edge in edges:
            moved = min(wanted, self.most[edge], free.of(self.lot[edge]))
            if moved > 0:
                found[edge] = moved
                free.take(self.lot[edge], moved)
                wanted -= moved
        return found

    def give_back(self, found: Mapping[int, int], free: Free) -> None:
        for edge, units in found.items():
            free.take(self.lot[edge], -units)

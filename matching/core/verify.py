"""What anyone can check about a result without trusting, or having, the solver."""

from dataclasses import dataclass

import numpy as np

from matching.core.mixed import MixedProblem, filled, need_gains, per_node
from matching.core.problem import Ints, MatchProblem, ints


@dataclass(frozen=True)
class Certificate:
    """Six integers about a result, and every rule that it breaks.

    Attributes:
        primal_fen: surplus of the plan.
        dual_fen: what no plan can exceed, from the prices alone (weak duality).
        gap_fen: dual less primal. It equals the sum of all participants' lost opportunities, term by
            term, so 0 proves that nobody could do better at these prices.
        blocking: edges (for mixed problems: needs and lots) that would gain by leaving the plan.
        unfair: negative prices, and deals paid below the lot's floor or above the need's limit.
        budget_fen: paid by needs less received by lots; the platform keeps nothing, so 0.
        faults: names of broken rules, empty for a feasible plan.
    """

    primal_fen: int
    dual_fen: int
    gap_fen: int
    blocking: int
    unfair: int
    budget_fen: int
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Feasible, inside everybody's limits, budget balanced, and bounded by its own prices."""
        return not self.faults and self.unfair == 0 and self.budget_fen == 0 and self.gap_fen >= 0

    @property
    def is_exact(self) -> bool:
        """Sound, and proved optimal and stable."""
        return self.is_sound and self.gap_fen == 0 and self.blocking == 0


def certificate(
    problem: MatchProblem, units: Ints, *, need_fen: Ints, lot_fen: Ints, paid_fen: Ints, received_fen: Ints
) -> Certificate:
    """Check a plan and its prices in one pass over the edges.

    Args:
        problem: the market.
        units: (n_edges,) units on each edge.
        need_fen: (n_needs,) claimed gain per unit.
        lot_fen: (n_lots,) claimed rent per unit.
        paid_fen: (n_edges,) what needs pay in total on each edge.
        received_fen: (n_edges,) what lots receive in total on each edge.
    """
    need, lot = problem.need, problem.lot
    shapes_fit = (
        units.shape == paid_fen.shape == received_fen.shape == need.shape
        and need_fen.shape == problem.quantity.shape
        and lot_fen.shape == problem.capacity.shape
    )
    if not shapes_fit:
        return Certificate(0, 0, 0, 0, 0, 0, ("shapes",))
    faults = []
    if (units < 0).any():
        faults.append("negative units")
    if (per_node(need, units, problem.n_needs) > problem.quantity).any():
        faults.append("a need gets more than it wants")
    if (per_node(lot, units, problem.n_lots) > problem.capacity).any():
        faults.append("a lot gives more than it has")
    primal = int((problem.surplus_fen * units).sum())
    dual = int((problem.quantity * need_fen).sum() + (problem.capacity * lot_fen).sum())
    beyond_limits = (received_fen < problem.floor_fen * units) | (paid_fen > problem.ceiling_fen * units)
    return Certificate(
        primal_fen=primal,
        dual_fen=dual,
        gap_fen=dual - primal,
        blocking=int((need_fen[need] + lot_fen[lot] < problem.surplus_fen).sum()),
        unfair=int((need_fen < 0).sum() + (lot_fen < 0).sum() + beyond_limits.sum()),
        budget_fen=int(paid_fen.sum() - received_fen.sum()),
        faults=tuple(faults),
    )


def mixed_certificate(
    problem: MixedProblem, units: Ints, *, lot_fen: Ints, paid_fen: Ints, received_fen: Ints
) -> Certificate:
    """Check a plan with indivisible wishes against the bound that its lot prices give.

    Notes:
        Each need's best reply to the prices is bounded from above by a relaxed reply: setups spread over
        the most units an edge can carry, no minimum lots, no limit on suppliers. The bound is therefore
        valid for any prices, and a gap is honest: part of it may be relaxation, none of it is hidden.
    """
    shapes_fit = (
        units.shape == paid_fen.shape == received_fen.shape == problem.leg.shape
        and lot_fen.shape == problem.capacity.shape
    )
    if not shapes_fit:
        return Certificate(0, 0, 0, 0, 0, 0, ("shapes",))
    gain = need_gains(problem, units)
    rent_due = per_node(problem.need, lot_fen[problem.lot] * units, problem.n_needs)
    reply = best_replies(problem, lot_fen)
    primal = int(gain.sum())
    dual = int((problem.capacity * lot_fen).sum() + reply.sum())
    left_over = problem.capacity - per_node(problem.lot, units, problem.n_lots)
    floor = problem.floor_fen * units + problem.setup_fen * (units > 0)
    paid = per_node(problem.need, paid_fen, problem.n_needs)
    got = per_node(problem.need, units, problem.n_needs)
    # A need that gets part of what it wants pays at most that part of its limit.
    over_limit = [
        int(p) * int(q) > int(m) * int(g)
        for p, q, m, g in zip(paid, problem.quantity, problem.limit_fen, got, strict=True)
    ]
    return Certificate(
        primal_fen=primal,
        dual_fen=dual,
        gap_fen=dual - primal,
        blocking=int((reply > gain - rent_due).sum() + (left_over * lot_fen > 0).sum()),
        unfair=int((lot_fen < 0).sum() + (received_fen < floor).sum() + sum(over_limit)),
        budget_fen=int(paid_fen.sum() - received_fen.sum()),
        faults=_mixed_faults(problem, units),
    )


def best_replies(problem: MixedProblem, lot_fen: Ints) -> Ints:
    """Return (n_needs,) the most fen each need could gain at these lot prices, bounded from above."""
    most = problem.most_units
    # Setup spread over the most units, rounded down so that the reply is never understated.
    spread = np.where(most > 0, problem.setup_fen // np.maximum(most, 1), 0)
    net = problem.surplus_fen - spread - lot_fen[problem.lot]
    order = np.lexsort((-net, problem.leg))
    reply = np.zeros(problem.n_legs, dtype=np.int64)
    possible = np.zeros(problem.n_legs, dtype=np.int64)
    whole_leg = problem.whole[problem.need_of_leg]
    rows = zip(problem.leg[order].tolist(), net[order].tolist(), most[order].tolist(), strict=True)
    for leg, fen, units in rows:
        taken = min(units, int(problem.leg_quantity[leg] - possible[leg]))
        if fen > 0 or whole_leg[leg]:  # an all-or-nothing leg also takes what costs it
            reply[leg] += fen * taken
            possible[leg] += taken
    total = per_node(problem.need_of_leg, ints(reply), problem.n_needs)
    short = per_node(problem.need_of_leg, ints(possible < problem.leg_quantity), problem.n_needs)
    return ints(np.where((problem.whole == 1) & (short > 0), 0, np.maximum(total, 0)))


def _mixed_faults(problem: MixedProblem, units: Ints) -> tuple[str, ...]:
    used = units > 0
    got = per_node(problem.need, units, problem.n_needs)
    broken = {
        "negative units": (units < 0).any(),
        "a leg gets more than it wants": (per_node(problem.leg, units, problem.n_legs) > problem.leg_quantity).any(),
        "a lot gives more than it has": (per_node(problem.lot, units, problem.n_lots) > problem.capacity).any(),
        "a deal below the minimum lot": (used & (units < problem.min_units)).any(),
        "a deal beyond what the period holds": (used & (units > problem.max_units)).any(),
        "too many suppliers": (per_node(problem.need, ints(used), problem.n_needs) > problem.max_suppliers).any(),
        "part of an all-or-nothing need": ((problem.whole == 1) & (got > 0) & ~filled(problem, units)).any(),
    }
    return tuple(name for name, holds in broken.items() if holds)

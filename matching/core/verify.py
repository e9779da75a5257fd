"""What anyone can check about a result without trusting, or having, the solver."""

from dataclasses import dataclass

import numpy as np

from matching.core.mixed import MixedProblem, deals_made, filled, need_gains
from matching.core.problem import NONE, Ints, MatchProblem, Problem, ints, per_node


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


# A reply is made closer where that takes no more than so many numbers a leg, and in all.
CELLS_OF_LEG = 1_000_000
CELLS = 150_000_000
# Sums in a closer reply stay whole and far from the end of 64 bits.
IMPOSSIBLE = -(2**60)
CLOSE_FEN = 2**50

UNREADABLE = Certificate(0, 0, 0, 0, 0, 0, ("shapes",))


def certificate(
    problem: MatchProblem,
    units: Ints,
    *,
    need_fen: Ints,
    lot_fen: Ints,
    group_fen: Ints = NONE,
    paid_fen: Ints,
    received_fen: Ints,
) -> Certificate:
    """Check a plan and its prices in one pass over the edges.

    Args:
        problem: the market.
        units: (n_edges,) units on each edge.
        need_fen: (n_needs,) claimed gain per unit.
        lot_fen: (n_lots,) claimed rent per unit.
        group_fen: (n_groups,) the part of its lots' rents that a group's quota is claimed to make.
        paid_fen: (n_edges,) what needs pay in total on each edge.
        received_fen: (n_edges,) what lots receive in total on each edge.
    """
    need, lot = problem.need, problem.lot
    shapes_fit = (
        units.shape == paid_fen.shape == received_fen.shape == need.shape
        and need_fen.shape == problem.quantity.shape
        and lot_fen.shape == problem.capacity.shape
        and group_fen.shape == problem.group_capacity.shape
    )
    if not shapes_fit:
        return UNREADABLE
    broken = {
        "negative units": (units < 0).any(),
        "a need gets more than it wants": (per_node(need, units, problem.n_needs) > problem.quantity).any(),
        **_overdrawn(problem, units),
    }
    short = problem.surplus_fen - need_fen[need] - lot_fen[lot]
    full = problem.is_bounded & (units >= problem.max_units)
    # What a full edge brings beyond its two ends' prices is nobody's to gain by leaving: it is at its bound.
    beyond = np.maximum(short, 0) * np.where(problem.is_bounded, problem.max_units, 0)
    primal = int((problem.surplus_fen * units).sum())
    dual = int((problem.quantity * need_fen).sum() + _supply_fen(problem, lot_fen, group_fen) + beyond.sum())
    beyond_limits = (received_fen < problem.floor_fen * units) | (paid_fen > problem.ceiling_fen * units)
    return Certificate(
        primal_fen=primal,
        dual_fen=dual,
        gap_fen=dual - primal,
        blocking=int(((short > 0) & ~full).sum()),
        unfair=int((need_fen < 0).sum() + beyond_limits.sum()) + _unfair_rents(problem, lot_fen, group_fen),
        budget_fen=int(paid_fen.sum() - received_fen.sum()),
        faults=tuple(name for name, holds in broken.items() if holds),
    )


def mixed_certificate(
    problem: MixedProblem,
    units: Ints,
    *,
    lot_fen: Ints,
    group_fen: Ints = NONE,
    paid_fen: Ints,
    received_fen: Ints,
) -> Certificate:
    """Check a plan with indivisible wishes against the bound that its lot prices give.

    Notes:
        Each need's best reply to the prices is bounded from above by a relaxed reply: setups spread over
        the most units a deal can have, no minimum lots, no limit on suppliers. Where that is more than the
        need has, and quantities are not huge, a closer reply counts those rules too. The bound is valid for
        any prices, and a gap is honest: part of it may be relaxation, none of it is hidden.
    """
    shapes_fit = (
        units.shape == paid_fen.shape == received_fen.shape == problem.leg.shape
        and lot_fen.shape == problem.capacity.shape
        and group_fen.shape == problem.group_capacity.shape
    )
    if not shapes_fit:
        return UNREADABLE
    gain = need_gains(problem, units)
    rent_due = per_node(problem.need, ints(lot_fen[problem.lot] * units), problem.n_needs)
    reply = closer_replies(problem, lot_fen, best_replies(problem, lot_fen), ints(gain - rent_due))
    primal = int(gain.sum())
    dual = _supply_fen(problem, lot_fen, group_fen) + int(reply.sum())
    left_over = problem.capacity - per_node(problem.lot, units, problem.n_lots)
    own_fen = lot_fen - np.append(group_fen, 0)[problem.group]
    floor = per_node(problem.deal, ints(problem.floor_fen * units), problem.n_deals)
    floor = floor + problem.setup_fen * deals_made(problem, units)
    received = per_node(problem.deal, received_fen, problem.n_deals)
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
        blocking=int((reply > gain - rent_due).sum() + (left_over * own_fen > 0).sum()),
        unfair=int((received < floor).sum() + sum(over_limit)) + _unfair_rents(problem, lot_fen, group_fen),
        budget_fen=int(paid_fen.sum() - received_fen.sum()),
        faults=mixed_faults(problem, units),
    )


def best_replies(problem: MixedProblem, lot_fen: Ints) -> Ints:
    """Return (n_needs,) the most fen each need could gain at these lot prices, bounded from above."""
    most = problem.most_units
    # Setup spread over the most units, rounded down so that the reply is never understated.
    spread = problem.setup_fen // np.maximum(problem.most_in_deal, 1)
    net = problem.surplus_fen - spread[problem.deal] - lot_fen[problem.lot]
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


def closer_replies(problem: MixedProblem, lot_fen: Ints, reply: Ints, kept: Ints) -> Ints:
    """Return (n_needs,) bounds on replies, brought down where they exceed what needs keep.

    Args:
        problem: the market.
        lot_fen: (n_lots,) rents.
        reply: (n_needs,) bounds; kept: (n_needs,) fen that the plan leaves each need at these rents.
    """
    order = np.argsort(problem.leg, kind="stable")
    first = np.searchsorted(problem.leg[order], np.arange(problem.n_legs + 1))
    legs = np.searchsorted(problem.need_of_leg, np.arange(problem.n_needs + 1))
    net, most = problem.surplus_fen - lot_fen[problem.lot], problem.most_units
    closer, cells = reply.copy(), 0
    for need in np.flatnonzero(reply > kept).tolist():
        total = 0
        for leg in range(legs[need], legs[need + 1]):
            edges = order[first[leg] : first[leg + 1]]
            edges = edges[most[edges] > 0]
            deals = min(edges.size, int(problem.max_suppliers[need]))
            size = edges.size * (deals + 1) * int(problem.leg_quantity[leg] + 1)
            cells += size
            far = int(np.abs(net[edges]).max(initial=0)) * int(problem.leg_quantity[leg]) > CLOSE_FEN
            if size > CELLS_OF_LEG or cells > CELLS or far:
                break
            total += _closer(problem, leg, ints(edges), net, most)
        else:
            closer[need] = min(int(reply[need]), max(total, 0))
    return ints(closer)


def _closer(problem: MixedProblem, leg: int, edges: Ints, net: Ints, most: Ints) -> int:
    """Return a bound on what a leg gains from these edges; exact where each deal has one edge.

    Notes:
        best[deals, units] over the deals seen so far. A deal in several lots may be smaller here than its minimum,
        or greater than its most: the bound stays above.
    """
    wanted = int(problem.leg_quantity[leg])
    need = int(problem.need_of_leg[leg])
    others = int((problem.need_of_leg == need).sum()) - 1 if problem.whole[need] else 0
    most_deals = min(np.unique(problem.deal[edges]).size, int(problem.max_suppliers[need]) - others)
    if most_deals < 0:
        return IMPOSSIBLE
    best = np.full((most_deals + 1, wanted + 1), IMPOSSIBLE, dtype=np.int64)
    best[:, 0] = 0
    for deal in np.unique(problem.deal[edges]):
        of_deal = edges[problem.deal[edges] == deal]
        with_deal = best[:-1] - problem.setup_fen[deal]
        for edge in of_deal:
            least = int(problem.min_units[deal]) if of_deal.size == 1 else 0
            with_deal = _with_units(with_deal, int(net[edge]), least, int(most[edge]))
        np.maximum(best[1:], with_deal, out=best[1:])
    return int(best[:, -1].max() if problem.whole[need] else best.max())


def _with_units(best: Ints, net_fen: int, least: int, most: int) -> Ints:
    """Return the best values by units when `least` to `most` more of them come at so much each."""
    wanted = best.shape[1] - 1
    if least > wanted:
        return np.full_like(best, IMPOSSIBLE)
    slope = net_fen * np.arange(wanted + 1)
    found = np.full_like(best, IMPOSSIBLE)
    found[:, least:] = (best - slope)[:, : wanted + 1 - least]
    # the greatest of a window that doubles until it holds most - least + 1 values
    width, reach = 1, min(most, wanted) - least + 1
    while width < reach:
        step = min(width, reach - width)
        found[:, step:] = np.maximum(found[:, step:], found[:, :-step])
        width += step
    return np.asarray(found + slope)


def _supply_fen(problem: Problem, lot_fen: Ints, group_fen: Ints) -> int:
    """Return what all lots and quotas are worth at these prices: no plan can use more of them than there is."""
    own_fen = lot_fen - np.append(group_fen, 0)[problem.group]
    return int((problem.capacity * own_fen).sum() + (problem.group_capacity * group_fen).sum())


def _unfair_rents(problem: Problem, lot_fen: Ints, group_fen: Ints) -> int:
    """Return how many prices of lots and quotas are negative: a lot's rent holds that of its group's quota."""
    own_fen = lot_fen - np.append(group_fen, 0)[problem.group]
    return int((own_fen < 0).sum() + (group_fen < 0).sum())


def _overdrawn(problem: Problem, units: Ints) -> dict[str, np.bool_]:
    given = per_node(problem.lot, units, problem.n_lots)
    member = np.flatnonzero(problem.group >= 0)
    shared = per_node(ints(problem.group[member]), ints(given[member]), problem.n_groups)
    return {
        "a lot gives more than it has": (given > problem.capacity).any(),
        "a group gives more than its quota": (shared > problem.group_capacity).any(),
        "a deal beyond what the period holds": (units > problem.max_units).any(),
    }


def mixed_faults(problem: MixedProblem, units: Ints) -> tuple[str, ...]:
    """Return the names of the rules that a plan breaks."""
    made = deals_made(problem, units)
    in_deal = per_node(problem.deal, units, problem.n_deals)
    of_need = problem.need_of_leg[problem.leg_of_deal]
    got = per_node(problem.need, units, problem.n_needs)
    broken = {
        "negative units": (units < 0).any(),
        "a leg gets more than it wants": (per_node(problem.leg, units, problem.n_legs) > problem.leg_quantity).any(),
        "a deal below the minimum lot": ((made == 1) & (in_deal < problem.min_units)).any(),
        "too many suppliers": (per_node(ints(of_need), made, problem.n_needs) > problem.max_suppliers).any(),
        "part of an all-or-nothing need": ((problem.whole == 1) & (got > 0) & ~filled(problem, units)).any(),
        **_overdrawn(problem, units),
    }
    return tuple(name for name, holds in broken.items() if holds)

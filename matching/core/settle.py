"""From rents to what each deal costs: whole fen per unit, inside both sides' limits, same terms same price."""

import numpy as np

from matching.core.build import Part
from matching.core.mixed import MixedProblem, need_gains
from matching.core.problem import Ints, MatchProblem, ints, per_node


def unit_prices(part: Part, units: Ints, lot_fen: Ints) -> Ints:
    """Return (n_edges,) the price of one real unit in fen, setup apart, 0 on unused edges.

    Args:
        part: a component.
        units: (n_edges,) its plan.
        lot_fen: (n_lots,) rents per unit of the problem.
    """
    if isinstance(part.problem, MixedProblem):
        price = _mixed(part.problem, units, lot_fen)
    else:
        price = _exact(part, part.problem, units, lot_fen)
    return up_to_asked(part, ints(np.where(units > 0, of_deal(part, units, price), 0)))


def up_to_asked(part: Part, unit_price_fen: Ints) -> Ints:
    """Return the prices, none above what the lot is listed for: anybody may order at the listed price."""
    return ints(np.where(part.asked_fen >= 0, np.minimum(unit_price_fen, part.asked_fen), unit_price_fen))


def payments(part: Part, units: Ints, unit_price_fen: Ints) -> Ints:
    """Return (n_edges,) what is paid on each edge in total, in fen; a deal's setup with its first used edge."""
    first = first_of_deals(part, units)
    setup = np.zeros(units.size, dtype=np.int64)
    setup[first] = part.setup_fen[first]
    return ints(unit_price_fen * units * part.deal_units + setup)


def first_of_deals(part: Part, units: Ints) -> Ints:
    """Return (n,) the first used edge of each deal that a plan makes."""
    used = np.flatnonzero(units > 0)
    return ints(used[np.unique(part.deal[used], return_index=True)[1]])


def of_deal(part: Part, units: Ints, unit_fen: Ints) -> Ints:
    """Return (n_edges,) the mean of what a unit costs over the used edges of each deal, rounded down to whole fen.

    Weeks of one provider may differ in how scarce they are; the two sides agree on one price. Rounded
    down, it stays between the least and the most of what it is the mean of.
    """
    n = int(part.deal.max(initial=-1)) + 1
    total = per_node(part.deal, ints(unit_fen * units), n)
    count = per_node(part.deal, units, n)
    return ints((total // np.maximum(count, 1))[part.deal])


def _exact(part: Part, problem: MatchProblem, units: Ints, lot_fen: Ints) -> Ints:
    """Floor plus rent; a single deal is divided by its quantity and rounded up to whole fen, inside both limits.

    Both limits are whole fen per unit, but the most that is left of a limit beside a setup need not be.
    """
    goods = problem.floor_fen + lot_fen[problem.lot] - part.setup_fen
    most = (problem.ceiling_fen - part.setup_fen) // part.deal_units
    return ints(np.where(units > 0, np.minimum(-(-goods // part.deal_units), most), 0))


def _mixed(problem: MixedProblem, units: Ints, lot_fen: Ints) -> Ints:
    """Floor plus rent, the rent capped where a need would otherwise pay more than the deal is worth to it.

    With indivisible wishes no prices need support the plan. Nobody is asked to accept a loss: a need
    whose rents exceed its gain pays rents up to the highest common cap that it can bear.
    """
    gain = need_gains(problem, units)
    price = np.zeros(problem.n_edges, dtype=np.int64)
    used = np.flatnonzero(units > 0)
    for need in np.unique(problem.need[used]).tolist():
        edges = used[problem.need[used] == need]
        # no more than the edge itself brings, so that no single deal is dearer than its unit is worth
        rent = np.clip(problem.surplus_fen[edges], 0, lot_fen[problem.lot[edges]])
        cap = _highest_cap(rent.tolist(), units[edges].tolist(), int(gain[need]))
        price[edges] = problem.floor_fen[edges] + np.minimum(rent, cap)
    return ints(price)


def _highest_cap(rents: list[int], units: list[int], room_fen: int) -> int:
    """Return the highest cap on rents, 0 to the highest of them, whose total stays within `room_fen`."""
    low, high = 0, max(rents)
    while low < high:
        cap = (low + high + 1) // 2
        if sum(min(rent, cap) * u for rent, u in zip(rents, units, strict=True)) <= room_fen:
            low = cap
        else:
            high = cap - 1
    return low

"""The best reply of one need to lot prices, exactly: minimum lots, setups, few suppliers, all or nothing."""

import numpy as np

from matching.core.kernels.jit import compiled
from matching.core.problem import Ints
from matching.core.wishes import Desk, Terms, Wishes

# No set of deals can serve the leg.
IMPOSSIBLE = -(2**62)
# A leg is searched no longer than this; beyond it the reply is the best found and its bound the relaxed one.
MOST_SETS = 20_000


@compiled
def best_reply(wishes: Wishes, desk: Desk, need: int, terms: Terms) -> tuple[int, float]:
    """Return what a need gains at most at these rents from what is free, and a bound on it; put its units down.

    Notes:
        Exact unless two legs want the same lot, or several deals the same quota, beyond what is free: each leg
        counts alone on all of it, so the value is then an upper bound, and the units may overdraw.
    """
    first, last = wishes.first_leg[need], wishes.first_leg[need + 1]
    most = wishes.suppliers[need]
    coupled = 0
    for leg in range(first, last):
        coupled += min(wishes.first_deal[leg + 1] - wishes.first_deal[leg], most)
    total, bound = 0, 0.0
    if last - first == 1 or coupled <= most:
        for leg in range(first, last):
            value, above = reply_of_leg(wishes, desk, leg, most, terms)
            total, bound = _plus(total, value), bound + above
    else:
        total, bound = _shared_out(wishes, desk, need, terms)
    if total <= 0:
        terms.units[_edge_of_leg(wishes, first) : _edge_of_leg(wishes, last)] = 0
        total = 0
    return total, max(bound, 0.0)


@compiled
def _edge_of_leg(wishes: Wishes, leg: int) -> int:
    return int(wishes.first_edge[wishes.first_deal[leg]])


@compiled
def _plus(a: int, b: int) -> int:
    return IMPOSSIBLE if a == IMPOSSIBLE or b == IMPOSSIBLE else a + b  # noqa: PLR1714 (Numba)


@compiled
def _shared_out(wishes: Wishes, desk: Desk, need: int, terms: Terms) -> tuple[int, float]:
    """Share a need's deals among its legs: the best value of each leg by its number of deals, then a knapsack."""
    first, last = wishes.first_leg[need], wishes.first_leg[need + 1]
    most = wishes.suppliers[need]
    whole = wishes.whole[need] == 1
    most_in_leg = most - (last - first - 1) if whole else most
    bound = 0.0
    best = np.full((last - first + 1, most + 1), IMPOSSIBLE)
    best[0, :] = 0
    for leg in range(first, last):
        row = leg - first
        n = min(wishes.first_deal[leg + 1] - wishes.first_deal[leg], most_in_leg)
        desk.value[row, 0] = IMPOSSIBLE if whole else 0
        above = 0.0
        for deals in range(1, n + 1):
            desk.value[row, deals], above = reply_of_leg(wishes, desk, leg, deals, terms)
        bound += above
        for made in range(most + 1):
            for deals in range(min(n, made) + 1):
                value = _plus(best[row, made - deals], desk.value[row, deals])
                best[row + 1, made] = max(best[row + 1, made], value)
    total = int(best[last - first, most])
    if total <= 0:
        return total, bound
    left = most
    for leg in range(last - 1, first - 1, -1):
        row = leg - first
        deals = 0
        while _plus(best[row, left - deals], desk.value[row, deals]) != best[row + 1, left]:
            deals += 1
        reply_of_leg(wishes, desk, leg, deals, terms)
        left -= deals
    return total, bound


@compiled
def reply_of_leg(wishes: Wishes, desk: Desk, leg: int, most_deals: int, terms: Terms) -> tuple[int, float]:
    """Return the best value of one leg with so many deals at most, and a bound on it; put its units down.

    Notes:
        Depth first over sets of deals, the most valuable per unit first. For a set all minima are taken, then the
        best edges filled: exact, because what a deal brings is concave beyond its minimum. A set is not extended
        when its deals and all further ones, taken in parts with setups spread, could not beat the best found.
    """
    start, end = _edge_of_leg(wishes, leg), _edge_of_leg(wishes, leg + 1)
    terms.units[start:end] = 0
    n = _lay_out(wishes, desk, leg, terms)
    desk.chosen[0] = 0  # how many are chosen; the chosen follow
    relaxed = _bound(wishes, desk, leg, 0, most_deals)
    best = IMPOSSIBLE if wishes.whole_leg[leg] else 0
    at = sets = 0
    while True:
        made = desk.chosen[0]
        if (
            at < n
            and made < most_deals
            and sets < MOST_SETS
            and _bound(wishes, desk, leg, at, most_deals - made) >= best + 1
        ):
            made += 1
            desk.chosen[0], desk.chosen[made] = made, at
            at += 1
            sets += 1
            value = _filled(wishes, desk, leg)
            if value > best:
                best = value
                terms.units[start:end] = desk.units[: end - start]
        elif made == 0:
            break
        else:
            desk.chosen[0] = made - 1
            at = desk.chosen[made] + 1
    return best, relaxed if sets == MOST_SETS else float(best)


@compiled
def _lay_out(wishes: Wishes, desk: Desk, leg: int, terms: Terms) -> int:
    """Lay the deals that could serve a leg on the desk, in order of density; return how many they are."""
    first_deal, start = wishes.first_deal[leg], _edge_of_leg(wishes, leg)
    wanted, whole = wishes.wanted[leg], wishes.whole_leg[leg]
    n = n_net = 0
    for deal in range(first_deal, wishes.first_deal[leg + 1]):
        room = 0
        first, last = wishes.first_edge[deal], wishes.first_edge[deal + 1]
        desk.inside[deal - first_deal] = False
        for e in range(first, last):
            lot = wishes.lot[e]
            left = terms.quota[wishes.group[lot]]
            desk.can[e - start] = max(min(wishes.most[e], terms.free[lot], left), 0)
            desk.net[e - start] = wishes.surplus[e] - terms.rent[lot]
            desk.owner[e - start] = deal - first_deal
            room += desk.can[e - start]
        room = min(room, wanted, _shared_quota(wishes, first, last, terms.quota))
        if room < wishes.least[deal]:
            continue
        slope = -np.inf
        for place in range(first - start, last - start):
            if desk.can[place] > 0:
                slope = max(slope, desk.net[place])
        density = slope - wishes.setup[deal] / room
        if density <= 0 and not whole:
            continue
        for place in range(first - start, last - start):
            if desk.can[place] > 0:
                at = n_net
                while at > 0 and desk.net[desk.by_net[at - 1]] < desk.net[place]:
                    desk.by_net[at] = desk.by_net[at - 1]
                    at -= 1
                desk.by_net[at] = place
                n_net += 1
        at = n
        while at > 0 and desk.density[at - 1] < density:
            desk.deal[at], desk.room[at] = desk.deal[at - 1], desk.room[at - 1]
            desk.density[at], desk.slope[at] = desk.density[at - 1], desk.slope[at - 1]
            at -= 1
        desk.deal[at], desk.room[at] = deal, room
        desk.density[at], desk.slope[at] = density, slope
        n += 1
    desk.length[0], desk.length[1] = n_net, n
    desk.most_room[n], desk.most_worth[n] = 0, -np.inf
    for i in range(n - 1, -1, -1):
        desk.most_room[i] = max(desk.most_room[i + 1], desk.room[i])
        worth = desk.density[i] * (desk.room[i] if desk.density[i] > 0 else 1)
        desk.most_worth[i] = max(desk.most_worth[i + 1], worth)
    return n


@compiled
def _shared_quota(wishes: Wishes, first: int, last: int, quota: Ints) -> int:
    """Return what is left of the quota that all these edges share, as the weeks of one provider do; else no bound."""
    group = wishes.group[wishes.lot[first]]
    for e in range(first + 1, last):
        if wishes.group[wishes.lot[e]] != group:
            return int(quota[-1])
    return int(quota[group])


@compiled
def _bound(wishes: Wishes, desk: Desk, leg: int, at: int, further: int) -> float:
    """Return what no set can exceed that holds the chosen deals and at most so many from `at` on.

    Notes:
        The chosen deals have paid their setups and take their minima; what is left is filled by them at their best
        edge's net surplus and by the others, taken in parts, at their density.
    """
    n, whole = desk.length[1], wishes.whole_leg[leg]
    chosen = desk.chosen[1 : desk.chosen[0] + 1]
    left, total, room, worth = wishes.wanted[leg], 0.0, 0, 0.0
    for deal in chosen:
        least, slope = wishes.least[desk.deal[deal]], desk.slope[deal]
        left -= least
        total += least * slope - wishes.setup[desk.deal[deal]]
        room += desk.room[deal] - least
        worth += max((desk.room[deal] - least) * slope, 0)
    if left < 0 or (whole and left > room + desk.most_room[at] * further):
        return -np.inf
    ceiling = total + worth + max(further * desk.most_worth[at], 0.0)
    last = np.inf
    while left > 0:
        # the best chosen deal that was not filled yet, and all others that bring more
        best = -np.inf
        for deal in chosen:
            slope = desk.slope[deal]
            if best < slope < last:
                best = slope
        while left > 0 and at < n and desk.density[at] >= best:
            moved = min(left, desk.room[at])
            if not whole and desk.density[at] <= 0:
                left = 0
                break
            total += moved * desk.density[at]
            left -= moved
            at += 1
        if best == -np.inf or (best <= 0 and not whole):
            break
        for deal in chosen:
            if desk.slope[deal] == best:
                moved = min(left, desk.room[deal] - wishes.least[desk.deal[deal]])
                total += moved * best
                left -= moved
        last = best
    total = min(total, ceiling)
    # beyond what rounding could hide
    return float(total + 1e-9 * abs(total) + 0.5)


@compiled
def _filled(wishes: Wishes, desk: Desk, leg: int) -> int:
    """Put units down for the chosen deals; return their value, or that they cannot serve the leg together."""
    first_deal, start = wishes.first_deal[leg], _edge_of_leg(wishes, leg)
    n_edges = desk.length[0]
    whole = wishes.whole_leg[leg]
    chosen = desk.chosen[1 : desk.chosen[0] + 1]
    left, room = wishes.wanted[leg], 0
    for place in chosen:
        left -= wishes.least[desk.deal[place]]
        room += desk.room[place]
    if left < 0 or (whole and room < wishes.wanted[leg]):
        return IMPOSSIBLE
    value = 0
    desk.units[: _edge_of_leg(wishes, leg + 1) - start] = 0
    for place in chosen:
        deal = desk.deal[place]
        value -= wishes.setup[deal]
        desk.inside[deal - first_deal] = True
        first, last = wishes.first_edge[deal] - start, wishes.first_edge[deal + 1] - start
        missing = wishes.least[deal]
        if last - first == 1:
            desk.units[first] = missing
            value += missing * desk.net[first]
            continue
        for j in range(n_edges):
            e = desk.by_net[j]
            if missing > 0 and first <= e < last:
                moved = min(missing, desk.can[e])
                desk.units[e] = moved
                value += moved * desk.net[e]
                missing -= moved
    for j in range(n_edges):
        e = desk.by_net[j]
        if left <= 0 or (not whole and desk.net[e] <= 0):
            break
        if desk.inside[desk.owner[e]]:
            moved = min(left, desk.can[e] - desk.units[e])
            moved = min(moved, _still(wishes, desk, leg, e))
            desk.units[e] += moved
            value += moved * desk.net[e]
            left -= moved
    for place in chosen:
        desk.inside[desk.deal[place] - first_deal] = False
    return value


@compiled
def _still(wishes: Wishes, desk: Desk, leg: int, edge: int) -> int:
    """Return how many more units the deal of an edge has room for."""
    deal = wishes.first_deal[leg] + desk.owner[edge]
    start = _edge_of_leg(wishes, leg)
    first, last = wishes.first_edge[deal] - start, wishes.first_edge[deal + 1] - start
    if last - first == 1:
        return int(desk.can[edge])
    place = 0
    while desk.deal[place] != deal:
        place += 1
    return int(desk.room[place] - desk.units[first:last].sum())

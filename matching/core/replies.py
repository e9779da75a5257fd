"""The best reply of one need to lot prices, exactly: minimum lots, setups, few suppliers, all or nothing."""

import numpy as np

from matching.core.kernels.jit import compiled
from matching.core.problem import Ints
from matching.core.wishes import Desk, Terms, Wishes

# No set of deals can serve the leg.
IMPOSSIBLE = -(2**62)
# A leg is searched no longer than this; beyond it the reply is the best found and its bound the relaxed one.
MOST_SETS = 20_000
# Sets are first sought within this part of what the best could miss, then within so many times as much.
FIRST_PART, WIDENED = 16, 4


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
        A price on the leg's units and a fee on each of its deals bound every set of deals by what its deals keep after
        both. The set of all that keep something has the greatest bound; each deal that is left out or taken in against
        that costs what it keeps or lacks. Sets are tried while that cost is less than what the best found misses,
        the cheap ones first. For a set all minima are taken, then the best edges filled: exact, because what a deal
        brings is concave beyond its minimum.
    """
    start, end = _edge_of_leg(wishes, leg), _edge_of_leg(wishes, leg + 1)
    terms.units[start:end] = 0
    wanted, whole = wishes.wanted[leg], wishes.whole_leg[leg]
    best = IMPOSSIBLE if whole else 0
    n = _lay_out(wishes, desk, leg, terms)
    if n == 0 or most_deals == 0 or (whole and not _is_room(desk, wanted, most_deals)):
        return best, float(best)
    above = _priced(desk, wanted, most_deals, whole)
    if whole:
        left = wanted
        for deal in range(n):
            left -= desk.least[deal] if desk.inside[deal] else 0
        best = _filled(desk, left, whole) if left >= 0 else IMPOSSIBLE
    everything = desk.cost[:n].sum() + 1
    within, sets = max(min(above - best, everything) // FIRST_PART, 1), 0
    while True:
        best, sets = _best_within(desk, within, above, best, sets, wanted, most_deals, whole)
        if sets > MOST_SETS or within >= min(above - best, everything):
            break
        within *= WIDENED
    if best > (IMPOSSIBLE if whole else 0):
        _put_down(wishes, desk, leg, terms)
    return best, float(above) if sets > MOST_SETS else float(best)


@compiled
def _best_within(  # noqa: PLR0917 (Numba)
    desk: Desk, within: int, above: int, best: int, sets: int, wanted: int, most_deals: int, whole: bool
) -> tuple[int, int]:
    """Try all sets that cost less than `within` and could beat the best; return its value and how many sets."""
    n = desk.length[1]
    made, left, spare = 0, wanted, -wanted
    for deal in range(n):
        desk.inside[deal] = desk.kept[deal] > 0
        if desk.inside[deal]:
            made, left, spare = made + 1, left - desk.least[deal], spare + desk.room[deal]
    depth = at = cost = 0
    while True:
        if made <= most_deals and left >= 0 and (not whole or spare >= 0):
            value = _filled(desk, left, whole)
            if value > best:
                best = value
                desk.best[:n] = desk.inside[:n]
        sets += 1
        # one more deal is changed; where that costs too much, the last one is changed back and the one after it changed
        back = at == n or cost + desk.cost[at] >= min(within, above - best) or sets > MOST_SETS
        while back:
            if depth == 0:
                return best, sets
            depth -= 1
            at = desk.changed[depth]
            cost -= desk.cost[at]
            made, left, spare = _change(desk, desk.by_cost[at], made, left, spare)
            at += 1
            back = at == n or cost + desk.cost[at] >= min(within, above - best) or sets > MOST_SETS
        cost += desk.cost[at]
        made, left, spare = _change(desk, desk.by_cost[at], made, left, spare)
        desk.changed[depth] = at
        depth += 1
        at += 1


@compiled
def _change(desk: Desk, deal: int, made: int, left: int, spare: int) -> tuple[int, int, int]:
    """Take a deal into the set or out of it; return how many it has, what is left beside minima, and room to spare."""
    sign = -1 if desk.inside[deal] else 1
    desk.inside[deal] = not desk.inside[deal]
    return made + sign, left - sign * desk.least[deal], spare + sign * desk.room[deal]


@compiled
def _lay_out(wishes: Wishes, desk: Desk, leg: int, terms: Terms) -> int:
    """Lay the deals that could serve a leg on the desk; return how many they are."""
    start = _edge_of_leg(wishes, leg)
    wanted = wishes.wanted[leg]
    n = n_edges = 0
    for deal in range(wishes.first_deal[leg], wishes.first_deal[leg + 1]):
        first, last = wishes.first_edge[deal], wishes.first_edge[deal + 1]
        room, begin = 0, n_edges
        for e in range(first, last):
            lot = wishes.lot[e]
            can = min(wishes.most[e], terms.free[lot], terms.quota[wishes.group[lot]])
            if can > 0:
                room += can
                net, at = wishes.surplus[e] - terms.rent[lot], n_edges
                while at > begin and desk.net[at - 1] < net:
                    desk.net[at], desk.can[at], desk.place[at] = desk.net[at - 1], desk.can[at - 1], desk.place[at - 1]
                    at -= 1
                desk.net[at], desk.can[at], desk.place[at] = net, can, e - start
                n_edges += 1
        room = min(room, wanted, _shared_quota(wishes, first, last, terms.quota))
        if room < wishes.least[deal]:
            n_edges = begin
            continue
        least, further = wishes.least[deal], room - wishes.least[deal]
        desk.least[n], desk.room[n], desk.base[n] = least, room, -wishes.setup[deal]
        for at in range(begin, n_edges):
            desk.owner[at] = n
            desk.first[at] = min(least, desk.can[at])
            desk.further[at] = min(further, desk.can[at] - desk.first[at])
            desk.base[n] += desk.first[at] * desk.net[at]
            least, further = least - desk.first[at], further - desk.further[at]
        n += 1
    for e in range(n_edges):
        at = e
        while at > 0 and desk.net[desk.by_net[at - 1]] < desk.net[e]:
            desk.by_net[at] = desk.by_net[at - 1]
            at -= 1
        desk.by_net[at] = e
    desk.length[0], desk.length[1] = n_edges, n
    return n


@compiled
def _is_room(desk: Desk, wanted: int, most_deals: int) -> bool:
    """Return whether so many deals can fill a leg; make the roomiest that do the set inside, and the best set."""
    n = desk.length[1]
    desk.inside[:n] = False
    for _ in range(min(most_deals, n)):
        roomiest = -1
        for deal in range(n):
            if not desk.inside[deal] and (roomiest < 0 or desk.room[deal] > desk.room[roomiest]):
                roomiest = deal
        desk.inside[roomiest] = True
        wanted -= desk.room[roomiest]
        if wanted <= 0:
            desk.best[:n] = desk.inside[:n]
            return True
    return False


@compiled
def _among_greatest(greatest: Ints, n: int, most: int, value: int) -> int:
    """Put a value among the greatest, in falling order; return how many these are."""
    if n == most:
        if value <= greatest[n - 1]:
            return n
        n -= 1
    at = n
    while at > 0 and greatest[at - 1] < value:
        greatest[at] = greatest[at - 1]
        at -= 1
    greatest[at] = value
    return n + 1


@compiled
def _priced(desk: Desk, wanted: int, most_deals: int, whole: bool) -> int:
    """Return a bound on every set from a price per unit near the best one; lay down what each deal keeps after it."""
    low = high = 0
    for at in range(desk.length[0]):
        low, high = min(low, desk.net[at]), max(high, desk.net[at])
    low = 2 * low - high if whole else 0
    above_low, slope_low = _bound_at(desk, low, wanted, most_deals)
    above, price = above_low, low
    if slope_low < 0:
        above_high, slope_high = _bound_at(desk, high, wanted, most_deals)
        if above_high < above:
            above, price = above_high, high
        while slope_high > 0 and slope_low < 0 and high - low > 1:
            meet = low + (above_low - above_high + slope_high * (high - low)) // (slope_high - slope_low)
            meet = min(max(meet, low + 1), high - 1)
            here, slope = _bound_at(desk, meet, wanted, most_deals)
            if here < above:
                above, price = here, meet
            if slope < 0:
                low, above_low, slope_low = meet, here, slope
            else:
                high, above_high, slope_high = meet, here, slope
            if slope == 0:
                break
    above, _ = _bound_at(desk, price, wanted, most_deals)
    fee = desk.greatest[most_deals - 1] if desk.length[2] == most_deals else 0
    for deal in range(desk.length[1]):
        kept = desk.kept[deal] - fee
        desk.kept[deal] = kept
        cost, at = abs(kept), deal
        while at > 0 and desk.cost[at - 1] > cost:
            desk.cost[at], desk.by_cost[at] = desk.cost[at - 1], desk.by_cost[at - 1]
            at -= 1
        desk.cost[at], desk.by_cost[at] = cost, deal
    return above


@compiled
def _bound_at(desk: Desk, price: int, wanted: int, most_deals: int) -> tuple[int, int]:
    """Return the bound at a price per unit and its slope; lay down what each deal keeps."""
    n = 0
    total, slope = price * wanted, wanted
    for deal in range(desk.length[1]):
        desk.kept[deal] = desk.base[deal] - price * desk.least[deal]
        desk.taken[deal] = desk.least[deal]
    for at in range(desk.length[0]):
        if desk.net[at] > price:
            desk.kept[desk.owner[at]] += (desk.net[at] - price) * desk.further[at]
            desk.taken[desk.owner[at]] += desk.further[at]
    for deal in range(desk.length[1]):
        if desk.kept[deal] > 0:
            n = _among_greatest(desk.greatest, n, most_deals, desk.kept[deal])
    desk.length[2] = n
    least = desk.greatest[n - 1] if n > 0 else 0
    equal = n
    for i in range(n):
        total += desk.greatest[i]
        equal -= desk.greatest[i] > least
    for deal in range(desk.length[1]):
        if n > 0 and desk.kept[deal] > least:
            slope -= desk.taken[deal]
        elif n > 0 and desk.kept[deal] == least and equal > 0:
            slope -= desk.taken[deal]
            equal -= 1
    return total, slope


@compiled
def _filled(desk: Desk, left: int, whole: bool) -> int:
    """Return the value of the deals inside when all their minima are taken and what is left goes to the best edges."""
    value = 0
    for deal in range(desk.length[1]):
        if desk.inside[deal]:
            value += desk.base[deal]
    for i in range(desk.length[0]):
        at = desk.by_net[i]
        if left == 0 or (not whole and desk.net[at] <= 0):
            break
        if desk.inside[desk.owner[at]]:
            moved = min(left, desk.further[at])
            value += moved * desk.net[at]
            left -= moved
    return value


@compiled
def _put_down(wishes: Wishes, desk: Desk, leg: int, terms: Terms) -> None:
    """Put down the units of the best set found."""
    start = _edge_of_leg(wishes, leg)
    left = wishes.wanted[leg]
    for deal in range(desk.length[1]):
        if desk.best[deal]:
            left -= desk.least[deal]
    for i in range(desk.length[0]):
        at = desk.by_net[i]
        if desk.best[desk.owner[at]]:
            moved = min(left, desk.further[at]) if desk.net[at] > 0 or wishes.whole_leg[leg] else 0
            terms.units[start + desk.place[at]] = desk.first[at] + moved
            left -= moved


@compiled
def _shared_quota(wishes: Wishes, first: int, last: int, quota: Ints) -> int:
    """Return what is left of the quota that all these edges share, as the weeks of one provider do; else no bound."""
    group = wishes.group[wishes.lot[first]]
    for e in range(first + 1, last):
        if wishes.group[wishes.lot[e]] != group:
            return int(quota[-1])
    return int(quota[group])

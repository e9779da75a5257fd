"""A plan for indivisible wishes, built at guiding rents and bettered a few needs at a time; all in whole numbers."""

from typing import NamedTuple

import numpy as np

from matching.core.kernels.jit import compiled
from matching.core.mixed import MixedProblem
from matching.core.problem import NO_BOUND, Ints
from matching.core.replies import best_reply
from matching.core.wishes import Desk, Terms, Wishes, desk_for, wishes_of

MOST_TOGETHER = 6
# A try is guided by so many of 64 parts of the rents, the noise drawn anew for each lot.
PARTS, PARTS_LEAST, PARTS_MOST, PARTS_NOISE = 64, 40, 68, 16
LOW_BITS = np.int64(2**63 - 1)


class Table(NamedTuple):
    """A plan that grows and changes, beside what it leaves free.

    Attributes:
        wishes: the market by need.
        desk: room to work on one leg.
        first_place, place: where the edges of each lot lie: place[first_place[lot]] to place[first_place[lot + 1]].
        need: (n_edges,) of the edge at each place.
        free: (n_lots,) units left; `quota`: (n_groups + 1,) units left, the last without end.
        units: (n_edges,) by place.
        gain: (n_needs,) fen that the plan brings each need and its lots together.
    """

    wishes: Wishes
    desk: Desk
    first_place: Ints
    place: Ints
    need: Ints
    free: Ints
    quota: Ints
    units: Ints
    gain: Ints


def table_for(problem: MixedProblem) -> Table:
    """Return an empty plan of a problem."""
    wishes = wishes_of(problem)
    return Table(
        wishes=wishes,
        desk=desk_for(wishes),
        first_place=np.concatenate([[0], np.cumsum(np.bincount(wishes.lot, minlength=problem.n_lots))]).astype(
            np.int64
        ),
        place=np.argsort(wishes.lot, kind="stable").astype(np.int64),
        need=problem.need[wishes.edge],
        free=problem.capacity.copy(),
        quota=np.append(problem.group_capacity, NO_BOUND),
        units=np.zeros(problem.n_edges, dtype=np.int64),
        gain=np.zeros(problem.n_needs, dtype=np.int64),
    )


@compiled
def replies(table: Table, rent: Ints, capacity: Ints, quota: Ints, used: Ints) -> float:
    """Return a bound on what all needs together gain at these rents; add up in `used` what they want of each lot."""
    wishes = table.wishes
    units = np.zeros_like(table.units)
    terms = Terms(rent, capacity, quota, units)
    total = 0.0
    for need in range(table.gain.size):
        total += best_reply(wishes, table.desk, need, terms)[1]
    used[:] = 0
    for e in range(units.size):
        used[wishes.lot[e]] += units[e]
    return total


@compiled
def span(table: Table, need: int) -> tuple[int, int]:
    """Return the places of a need's edges."""
    wishes = table.wishes
    first, last = wishes.first_leg[need], wishes.first_leg[need + 1]
    return wishes.first_edge[wishes.first_deal[first]], wishes.first_edge[wishes.first_deal[last]]


@compiled
def release(table: Table, need: int) -> None:
    """Take a need's deals back."""
    first, last = span(table, need)
    for e in range(first, last):
        if table.units[e] > 0:
            lot = table.wishes.lot[e]
            table.free[lot] += table.units[e]
            table.quota[table.wishes.group[lot]] += table.units[e]
            table.units[e] = 0
    table.gain[need] = 0


@compiled
def serve(table: Table, need: int, rent: Ints) -> int:
    """Give an unserved need its best reply to these rents from what is free; return its gain in fen."""
    wishes = table.wishes
    first, last = span(table, need)
    value, _ = best_reply(wishes, table.desk, need, Terms(rent, table.free, table.quota, table.units))
    overdrawn = False
    for e in range(first, last):
        units = table.units[e]
        if units > 0:
            lot = wishes.lot[e]
            value += units * rent[lot]
            take(table, e, units)
            overdrawn |= table.free[lot] < 0 or table.quota[wishes.group[lot]] < 0
    table.gain[need] = value
    if overdrawn or value <= 0:
        release(table, need)
    return int(table.gain[need])


@compiled
def build(table: Table, order: Ints, rent: Ints) -> None:
    """Serve needs in this order."""
    for need in order:
        serve(table, need, rent)


@compiled
def lay_down(table: Table, units: Ints, gain: Ints) -> None:
    """Make this the plan of an empty table.

    Args:
        table: without any deal.
        units: (n_edges,) by place.
        gain: (n_needs,) fen that they bring.
    """
    for place in range(units.size):
        take(table, place, units[place])
    table.gain[:] = gain


@compiled
def draw(stream: Ints, n: int) -> int:
    """Return a number below `n` from a stream that only its seed decides (xorshift)."""
    x = stream[0]
    x ^= (x << np.int64(13)) & LOW_BITS
    x ^= x >> np.int64(7)
    x ^= (x << np.int64(17)) & LOW_BITS
    stream[0] = x & LOW_BITS
    return int((stream[0] >> np.int64(8)) % n)


@compiled
def better(table: Table, rent: Ints, stream: Ints, steps: int, heat: int) -> int:
    """Serve a few needs that share lots anew, many times over; return the total gained in fen, or lost.

    Args:
        table: a plan, bettered in place.
        rent: (n_lots,) fen per unit; a need served before others is guided by a varied part of it in lots that these
            could use too, and by nothing in lots that nobody comes for after it.
        stream: (1,) what chance is drawn from.
        steps: how many tries.
        heat: fen; a try that loses as much is kept once in two, twice as much once in four, and so on. 0 keeps no loss.
    """
    wishes = table.wishes
    chosen = np.empty(MOST_TOGETHER, np.int64)
    old_gain = np.empty(MOST_TOGETHER, np.int64)
    old_units = np.empty_like(table.units)
    guide = np.empty_like(rent)
    last_to_come = np.empty_like(rent)
    gained = 0
    for _ in range(steps):
        n = _together(table, stream, chosen)
        before = after = 0
        for i in range(n):
            need = chosen[i]
            first, last = span(table, need)
            old_units[first:last] = table.units[first:last]
            old_gain[i] = table.gain[need]
            before += old_gain[i]
            release(table, need)
            for e in range(first, last):
                last_to_come[wishes.lot[e]] = i
        part = PARTS_LEAST + draw(stream, PARTS_MOST - PARTS_LEAST)
        for i in range(n):
            first, last = span(table, chosen[i])
            for e in range(first, last):
                lot = wishes.lot[e]
                guide[lot] = 0
                if last_to_come[lot] > i:
                    guide[lot] = rent[lot] * (part + draw(stream, PARTS_NOISE)) // PARTS
            after += serve(table, chosen[i], guide)
        loss = 0
        while heat > 0 and draw(stream, 2) == 1:
            loss += heat
        if after >= before - loss:
            gained += after - before
            continue
        for i in range(n):
            release(table, chosen[i])
        for i in range(n):
            first, last = span(table, chosen[i])
            table.gain[chosen[i]] = old_gain[i]
            for e in range(first, last):
                take(table, e, old_units[e])
    return gained


@compiled
def take(table: Table, place: int, units: int) -> None:
    """Put units down on an edge of the plan."""
    lot = table.wishes.lot[place]
    table.units[place] = units
    table.free[lot] -= units
    table.quota[table.wishes.group[lot]] -= units


@compiled
def _together(table: Table, stream: Ints, chosen: Ints) -> int:
    """Choose a need and some that use lots it could use, in an order left to chance; return how many."""
    wanted = 2 + draw(stream, MOST_TOGETHER - 1)
    chosen[0] = draw(stream, table.gain.size)
    n = 1
    for _ in range(2 * wanted):
        first, last = span(table, chosen[draw(stream, n)])
        if first == last:
            break
        lot = table.wishes.lot[first + draw(stream, last - first)]
        start, size = table.first_place[lot], table.first_place[lot + 1] - table.first_place[lot]
        begin = draw(stream, size)
        for k in range(size):
            place = table.place[start + (begin + k) % size]
            if n < wanted and table.units[place] > 0 and not _is_in(chosen, n, table.need[place]):
                chosen[n] = table.need[place]
                n += 1
        if n == wanted:
            break
    for i in range(n - 1, 0, -1):
        j = draw(stream, i + 1)
        chosen[i], chosen[j] = chosen[j], chosen[i]
    return n


@compiled
def _is_in(chosen: Ints, n: int, need: int) -> bool:
    return bool((chosen[:n] == need).any())

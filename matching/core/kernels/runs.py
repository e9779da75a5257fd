"""Runs of hours: the best replies of needs to hour prices, and a plan of runs that needs enter and leave."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.core.kernels.jit import compiled
from matching.core.problem import Ints

Floats = NDArray[np.float64]

NOBODY = -1


class Windows(NamedTuple):
    """Ranges of starts by need, hours counted over all lots: those of need i are first[i] to first[i + 1].

    Attributes:
        begin, until: first start, and the one after the last.
        hours: length of the run; value: what the deal is worth in fen; lot: where.
    """

    first: Ints
    begin: Ints
    until: Ints
    hours: Ints
    value: Ints
    lot: Ints


class Options(NamedTuple):
    """Single starts by need, the best at the prices first: those of need i are first[i] to first[i + 1].

    Attributes:
        owner: the need; edge: (n_options,) edge of the problem; lot: where.
        begin, end: hours counted over all lots, half-open.
        value: what the deal is worth in fen; regret: how much more the need could gain at the prices.
        group: of the lot; the last one has no end.
    """

    first: Ints
    owner: Ints
    edge: Ints
    lot: Ints
    begin: Ints
    end: Ints
    value: Ints
    regret: Ints
    group: Ints


class Roster(NamedTuple):
    """A plan that changes.

    Attributes:
        choice: (n_needs,) option of each need, or -1.
        first_place: (n_hours + 1,) where the places of each hour begin; holder: need at each place, or -1.
        quota: (n_groups + 1,) deals left.
    """

    choice: Ints
    first_place: Ints
    holder: Ints
    quota: Ints


@compiled
def replies(windows: Windows, before: Floats, fee: Floats, change: Ints, deals: Ints) -> float:
    """Return what all needs together gain at most at these prices, and what they take for it.

    Args:
        windows: the market.
        before: (n_hours + 1,) sum of the prices of all hours before each.
        fee: (n_lots,) what a deal pays for its group's quota.
        change: (n_hours + 1,) takes by how many more runs hold an hour than the one before.
        deals: (n_lots,) takes how many deals each lot makes.
    """
    change[:] = 0
    deals[:] = 0
    total = 0.0
    for need in range(windows.first.size - 1):
        best, begin, chosen = 0.0, 0, NOBODY
        for w in range(windows.first[need], windows.first[need + 1]):
            hours = windows.hours[w]
            worth = windows.value[w] - fee[windows.lot[w]]
            if worth <= best:
                continue
            low, low_at = np.inf, 0
            for start in range(windows.begin[w], windows.until[w]):
                run = before[start + hours] - before[start]
                if run < low:
                    low, low_at = run, start
            if worth - low > best:
                best, begin, chosen = worth - low, low_at, w
        if chosen != NOBODY:
            total += best
            change[begin] += 1
            change[begin + windows.hours[chosen]] -= 1
            deals[windows.lot[chosen]] += 1
    return total


@compiled
def has_room(roster: Roster, hour: int) -> bool:
    """Whether an hour can hold one more run."""
    for place in range(roster.first_place[hour], roster.first_place[hour + 1]):
        if roster.holder[place] == NOBODY:
            return True
    return False


@compiled
def put(roster: Roster, options: Options, option: int) -> None:
    """Give its owner, who has nothing, an option that is free."""
    need = options.owner[option]
    roster.choice[need] = option
    roster.quota[options.group[option]] -= 1
    for hour in range(options.begin[option], options.end[option]):
        for place in range(roster.first_place[hour], roster.first_place[hour + 1]):
            if roster.holder[place] == NOBODY:
                roster.holder[place] = need
                break


@compiled
def drop(roster: Roster, options: Options, need: int) -> None:
    """Take back what a need has."""
    option = roster.choice[need]
    roster.choice[need] = NOBODY
    roster.quota[options.group[option]] += 1
    for hour in range(options.begin[option], options.end[option]):
        for place in range(roster.first_place[hour], roster.first_place[hour + 1]):
            if roster.holder[place] == need:
                roster.holder[place] = NOBODY
                break


@compiled
def serve(roster: Roster, options: Options, need: int) -> int:
    """Give a need the free option that it regrets least, if there is one; return its worth in fen, or 0."""
    for option in range(options.first[need], options.first[need + 1]):
        if roster.quota[options.group[option]] <= 0:
            continue
        hour, end = options.begin[option], options.end[option]
        while hour < end and has_room(roster, hour):
            hour += 1
        if hour == end:
            put(roster, options, option)
            return int(options.value[option])
    return 0


@compiled
def fill(roster: Roster, options: Options, order: Ints) -> int:
    """Serve needs that have nothing, in this order, with what is free; return what they gain in fen."""
    gained = 0
    for need in order:
        if roster.choice[need] == NOBODY:
            gained += serve(roster, options, need)
    return gained

"""A plan of runs bettered by stretches of one lot: cleared, planned anew in one sweep, and what that robs likewise."""

from typing import NamedTuple

import numpy as np

from matching.core.kernels.jit import compiled
from matching.core.kernels.runs import NOBODY, Options, Roster, drop, has_room, put, serve
from matching.core.neighbourhoods import draw
from matching.core.problem import Ints

# A loss of heat times chance[k] / CHANCES is kept for a k drawn evenly: the chance of keeping falls exponentially.
CHANCES = 1_024
# Parts of the prices that a need is taken to earn elsewhere.
PARTS = 64
MOST_STRETCHES = 16
UNKNOWN, NEVER = -(2**60), 2**60


class Ways(NamedTuple):
    """How a search goes about it.

    Attributes:
        tries: how many.
        heat: fen; the mean of what a try may lose.
        deep: how many stretches a try plans at most: the first one, and those that it takes needs from.
        reach: hours; a stretch goes up to so many beyond the run around which it lies, on either side.
    """

    tries: int
    heat: int
    deep: int
    reach: int


class Stretch(NamedTuple):
    """Hours [first, last) of one lot, and of 64 parts those of the prices at which needs are weighed."""

    first: int
    last: int
    part: int


class Desk(NamedTuple):
    """What a search needs beside the plan.

    Attributes:
        gain: (n_needs,) what each need could gain at the prices.
        first_hour: (n_lots + 1,) where lots begin.
        at: (n_hours + 1,) where the options that begin at an hour lie in `by_begin`.
        value, last: (n_hours + 1,) most that runs up to an hour bring, and the last of them; came: (n_options,) the
            run before each.
        elsewhere: (n_needs,) what taking a need here costs.
        seen: (n_needs,) number of the try that touched it last; touched, old: who was, and what they had before.
        queue: (MOST_STRETCHES,) options around which is planned anew.
        counts: (3,) how many were touched, tries so far, how many stretches wait.
        chance: (CHANCES,) see there.
        stream: (1,) what chance is drawn from.
    """

    gain: Ints
    first_hour: Ints
    at: Ints
    by_begin: Ints
    value: Ints
    last: Ints
    came: Ints
    elsewhere: Ints
    seen: Ints
    touched: Ints
    old: Ints
    queue: Ints
    counts: Ints
    chance: Ints
    stream: Ints


def desk_for(options: Options, gain: Ints, first_hour: Ints, seed: int) -> Desk:
    """Return a desk for these options; `gain` and `first_hour` as there."""
    n_needs, n_hours = gain.size, int(first_hour[-1])
    by_begin = np.argsort(options.begin, kind="stable")
    hours, needs = ([np.zeros(n, dtype=np.int64) for _ in range(3)] for n in (n_hours + 1, n_needs))
    return Desk(
        gain=np.array(gain),
        first_hour=np.array(first_hour),
        at=np.searchsorted(options.begin[by_begin], np.arange(n_hours + 1)),
        by_begin=by_begin,
        value=hours[0],
        last=hours[1],
        came=np.zeros(options.begin.size, dtype=np.int64),
        elsewhere=np.full(n_needs, UNKNOWN),
        seen=needs[0],
        touched=needs[1],
        old=needs[2],
        queue=np.zeros(MOST_STRETCHES, dtype=np.int64),
        counts=np.zeros(3, dtype=np.int64),
        chance=np.rint(-np.log((np.arange(CHANCES) + 0.5) / CHANCES) * CHANCES).astype(np.int64),
        stream=np.array([seed], dtype=np.int64),
    )


@compiled
def better(roster: Roster, options: Options, desk: Desk, ways: Ways) -> int:
    """Plan stretches anew, many times over; return the total gained in fen, or lost.

    Args:
        roster: a plan, changed in place.
        options: what each need could take.
        desk: room to work.
        ways: how to go about it.
    """
    total = 0
    heat, reach = ways.heat, ways.reach
    for _ in range(ways.tries):
        option = _somewhere(options, desk)
        if option == NOBODY:
            continue
        desk.counts[0] = 0
        desk.counts[1] += 1
        desk.queue[0] = option
        desk.counts[2] = 1
        part = draw(desk.stream, PARTS + 1)
        delta, done = 0, 0
        while done < desk.counts[2] and done < ways.deep:
            centre = desk.queue[done]
            lot = options.lot[centre]
            begin = max(desk.first_hour[lot], options.begin[centre] - 1 - draw(desk.stream, reach))
            end = min(desk.first_hour[lot + 1], options.end[centre] + 1 + draw(desk.stream, reach))
            delta -= _clear(roster, options, desk, begin, end)
            _sweep(roster, options, desk, Stretch(begin, end, part), heat)
            delta += _lay_down(roster, options, desk, end)
            done += 1
        n = desk.counts[0]
        for k in range(n):
            if roster.choice[desk.touched[k]] == NOBODY:
                delta += serve(roster, options, desk.touched[k])
        if delta >= -(heat * desk.chance[draw(desk.stream, CHANCES)] // CHANCES):
            total += delta
            continue
        for k in range(n):
            if roster.choice[desk.touched[k]] != NOBODY:
                drop(roster, options, desk.touched[k])
        for k in range(n):
            if desk.old[k] != NOBODY:
                put(roster, options, desk.old[k])
    return total


@compiled
def _somewhere(options: Options, desk: Desk) -> int:
    """Return an option of a need left to chance, rather one that it regrets little; -1 where it has none."""
    need = draw(desk.stream, options.first.size - 1)
    n = options.first[need + 1] - options.first[need]
    if n == 0:
        return NOBODY
    return int(options.first[need] + min(draw(desk.stream, n), draw(desk.stream, n)))


@compiled
def _touch(roster: Roster, desk: Desk, need: int) -> None:
    """Remember what a need had before this try."""
    if desk.seen[need] != desk.counts[1]:
        desk.seen[need] = desk.counts[1]
        desk.touched[desk.counts[0]] = need
        desk.old[desk.counts[0]] = roster.choice[need]
        desk.counts[0] += 1


@compiled
def _clear(roster: Roster, options: Options, desk: Desk, first: int, last: int) -> int:
    """Take one row of runs out of a stretch, one after the other; return what they were worth."""
    lost, hour = 0, first
    while hour < last:
        place, places = roster.first_place[hour], roster.first_place[hour + 1] - roster.first_place[hour]
        need = roster.holder[place + (draw(desk.stream, places) if places > 1 else 0)]
        option = NOBODY if need == NOBODY else roster.choice[need]
        if option == NOBODY or options.begin[option] < hour or options.end[option] > last:
            hour += 1
            continue
        _touch(roster, desk, need)
        lost += options.value[option]
        drop(roster, options, need)
        hour = options.end[option]
    return lost


@compiled
def _sweep(roster: Roster, options: Options, desk: Desk, stretch: Stretch, heat: int) -> None:
    """Find the row of runs that brings most in a stretch, hour by hour; a need comes once on the way to any hour.

    Notes:
        Each hour keeps its best way only, so a need that it has used is lost to what follows: a strong guess, no proof.
    """
    first, last = stretch.first, stretch.last
    desk.value[first], desk.last[first] = 0, NOBODY
    desk.value[first + 1 : last + 1] = UNKNOWN
    for hour in range(first, last):
        if desk.value[hour] > desk.value[hour + 1]:
            desk.value[hour + 1], desk.last[hour + 1] = desk.value[hour], desk.last[hour]
        if not has_room(roster, hour):
            continue
        for k in range(desk.at[hour], desk.at[hour + 1]):
            option = desk.by_begin[k]
            end = options.end[option]
            if end > last:
                continue
            need = options.owner[option]
            if desk.elsewhere[need] == UNKNOWN:
                desk.elsewhere[need] = _elsewhere(roster, options, desk, option, stretch)
                if heat > 0:
                    desk.elsewhere[need] += draw(desk.stream, heat)
            value = desk.value[hour] + options.value[option] - desk.elsewhere[need]
            if value > desk.value[end] and _may_follow(roster, options, desk, option):
                desk.value[end], desk.last[end] = value, option
                desk.came[option] = desk.last[hour]
    for k in range(desk.at[first], desk.at[last]):
        desk.elsewhere[options.owner[desk.by_begin[k]]] = UNKNOWN


@compiled
def _elsewhere(roster: Roster, options: Options, desk: Desk, option: int, stretch: Stretch) -> int:
    """Return what a need is worth where it is, or could be: partly what it has, partly what it gains at the prices."""
    need, part = options.owner[option], stretch.part
    now = roster.choice[need]
    if now == NOBODY:
        return int(desk.gain[need] * part // PARTS)
    meets = options.end[now] > stretch.first and options.begin[now] < stretch.last
    if meets and options.lot[now] == options.lot[option]:  # across an end of the stretch, or in another row of it
        return NEVER
    at_prices = desk.gain[need] - options.regret[now]
    return int((at_prices * part + options.value[now] * (PARTS - part)) // PARTS)


@compiled
def _may_follow(roster: Roster, options: Options, desk: Desk, option: int) -> bool:
    """Whether an option's hours have room, and its owner is not on the way to it yet."""
    for hour in range(options.begin[option] + 1, options.end[option]):
        if not has_room(roster, hour):
            return False
    run = desk.last[options.begin[option]]
    while run != NOBODY:
        if options.owner[run] == options.owner[option]:
            return False
        run = desk.came[run]
    return True


@compiled
def _lay_down(roster: Roster, options: Options, desk: Desk, last: int) -> int:
    """Give the runs found to their needs, and note where some were taken from; return what that brings."""
    gained = 0
    run = desk.last[last]
    while run != NOBODY:
        need = options.owner[run]
        now = roster.choice[need]
        _touch(roster, desk, need)
        if now != NOBODY:
            gained -= options.value[now]
            drop(roster, options, need)
            _enqueue(options, desk, now)
        if roster.quota[options.group[run]] > 0:
            put(roster, options, run)
            gained += options.value[run]
        run = desk.came[run]
    return gained


@compiled
def _enqueue(options: Options, desk: Desk, option: int) -> None:
    """Let the stretch around an option be planned anew, unless one that meets it is already to be."""
    n = desk.counts[2]
    for k in range(n):
        other = desk.queue[k]
        meets = options.begin[other] < options.end[option] and options.begin[option] < options.end[other]
        if meets and options.lot[other] == options.lot[option]:
            return
    if n < MOST_STRETCHES:
        desk.queue[n] = option
        desk.counts[2] += 1

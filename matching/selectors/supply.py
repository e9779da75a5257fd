"""How much each offer can still give, in which weeks, and how many deals at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from psycopg.types.range import TimestamptzRange

from marketplace.core import parts
from marketplace.core.parts import HOUR_UNIT
from marketplace.directions import Direction, Lifecycle, MatchClass
from marketplace.selectors import candidates
from marketplace.selectors.candidates import Need, Offer, Part
from matching.core.hours import WeeklyOpening
from matching.core.problem import Ints, ints, per_node

# What a need without a period, or with an open end, is taken to allow.
HORIZON = timedelta(weeks=4)
WEEK_MINUTES = 7 * 24 * 60
FIRST_MONDAY = int(parts.FIRST_MONDAY.timestamp()) // 60


@dataclass
class Held:
    """What open proposals hold of the offers, by listing id.

    Attributes:
        units: units that wait for an answer; weeks: those of them that are meant for one week, by (id, week).
        deals: how many proposals wait.
    """

    units: dict[int, int] = field(default_factory=dict)
    weeks: dict[tuple[int, int], int] = field(default_factory=dict)
    deals: dict[int, int] = field(default_factory=dict)


class Supply:
    """What a direction's offers can give to its needs.

    A lot is an offer, or one week of it where quantities may be divided and capacity is promised by the week.

    Attributes:
        lot: (n_rows,) index of each lot's offer; week: (n_rows,) its calendar week, or -1.
        capacity: (n_rows,) units of a lot, or deals where a need makes one deal only; positive.
        pair: (n_edges,) index of each edge's pair; row: (n_edges,) its lot.
        most_units: (n_edges,) most units that the lot can give to this need; positive.
    """

    def __init__(
        self,
        direction: Direction,
        parts: Sequence[tuple[Need, Part]],
        lots: Sequence[Offer],
        *,
        part: Ints,
        offer: Ints,
        places: Ints,
        held: Held,
        at: datetime,
    ) -> None:
        """Take the offers in order of id.

        Args:
            parts: what is wanted; lots: the offers.
            part, offer: (n_pairs,) rows of each pair.
            places: (n_offers,) how many deals each can serve at once.
        """
        self._lots, self._held = lots, held
        self._places, self._lot = places, offer
        period = ints([_minutes(need.period, at) for need, _ in parts]).reshape(-1, 2)
        self._start, self._end = ints(period[part, 0]), ints(period[part, 1])
        self._wanted = ints(ints([each.quantity for _, each in parts])[part])
        self._per_week = ints([-1 if lot.capacity_per_week is None else lot.capacity_per_week for lot in lots])
        self._by_hours = np.array([lot.unit == HOUR_UNIT for lot in lots], dtype=bool)
        if direction.matching == MatchClass.UNIT:
            self._single_deals(self._deals(direction))
        else:
            self._divided()

    def _single_deals(self, deals: Ints) -> None:
        """Offer every place the same share of the time: deals within their shares always fit together."""
        by_week = self._per_week[self._lot] >= 0
        pair, _, units = self._slices(np.flatnonzero(by_week))
        total = np.where(by_week, per_node(pair, units, self._lot.size), self._total())
        most = np.where(self._counts(), total // self._places[self._lot], self._wanted)
        self._keep(ints(np.arange(self._lot.size)), np.full(self._lot.size, -1), ints(most), deals[self._lot])

    def _divided(self) -> None:
        by_week = self._per_week[self._lot] >= 0
        plain = np.flatnonzero(~by_week)
        total = self._total()
        # One order is at one place at a time.
        most = np.where(self._counts(), total // self._places[self._lot], self._wanted)
        pair, week, units = self._slices(np.flatnonzero(by_week))
        self._keep(
            ints(np.concatenate([plain, pair])),
            np.concatenate([np.full(plain.size, -1), week]),
            ints(np.concatenate([most[plain], units])),
            ints(np.concatenate([total[plain], self._left(self._lot[pair], week)])),
        )

    def _keep(self, pair: Ints, week: np.ndarray, most: Ints, capacity: Ints) -> None:
        """Make lots of the offers and weeks that have something to give; a lot has the most that an edge tells of."""
        some = np.flatnonzero((most > 0) & (capacity > 0))
        # In order of offer and week.
        name = self._lot[pair[some]] * 2**20 + week[some] + 1
        rows, row = np.unique(name, return_inverse=True)
        lot, week_after = np.divmod(rows, 2**20)
        most_of_row = np.zeros(rows.size, dtype=np.int64)
        np.maximum.at(most_of_row, row, capacity[some])
        self.lot, self.week, self.capacity = ints(lot), ints(week_after - 1), ints(most_of_row)
        self.pair, self.row, self.most_units = ints(pair[some]), ints(row), ints(most[some])

    def _deals(self, direction: Direction) -> Ints:
        """Return (n_offers,) how many deals each offer can make now."""
        busy = candidates.orders_under_way([lot.id for lot in self._lots])
        found = []
        for lot, places in zip(self._lots, self._places.tolist(), strict=True):
            lifecycle = direction.lifecycle_for(lot.unit)
            if lifecycle == Lifecycle.MILESTONES:
                found.append(places - busy.get(lot.id, 0) - self._held.deals.get(lot.id, 0))
            elif lifecycle == Lifecycle.QUANTITY and lot.capacity_per_week is not None:
                found.append(1)  # deliveries fill the earliest weeks, so two deals might want the same one
            else:
                found.append(places)
        return ints(found)

    def _counts(self) -> np.ndarray:
        """Return (n_pairs,) whether hours or weekly capacity limit the offer."""
        return np.asarray(self._by_hours[self._lot] | (self._per_week[self._lot] >= 0))

    def _total(self) -> Ints:
        """Return (n_pairs,) free hours of the period over all places; for what is not counted, what is wanted."""
        held = ints([self._held.units.get(lot.id, 0) for lot in self._lots])[self._lot]
        if not self._by_hours.any():
            return self._wanted
        hours = self._hours(self._lot, self._start, self._end) - held
        return ints(np.where(self._by_hours[self._lot], hours, self._wanted))

    def _slices(self, pair: np.ndarray) -> tuple[Ints, Ints, Ints]:
        """Return (pair, calendar week, units) for each week that a need's period touches, less what is promised."""
        first, last = self._start[pair] - FIRST_MONDAY, self._end[pair] - FIRST_MONDAY
        of, nth = _repeated(ints(-(-last // WEEK_MINUTES) - first // WEEK_MINUTES))
        week = first[of] // WEEK_MINUTES + nth
        begin = np.maximum(first[of], week * WEEK_MINUTES)
        end = np.minimum(last[of], (week + 1) * WEEK_MINUTES)
        lot = ints(self._lot[pair[of]])
        per_week = self._per_week[lot]
        # As `parts.shares` rounds, so that nothing is lost over the whole period.
        units = per_week * (end - first[of]) // WEEK_MINUTES - per_week * (begin - first[of]) // WEEK_MINUTES
        units = np.minimum(units, self._left(lot, ints(week)))
        if self._by_hours.any():
            hours = self._hours(lot, ints(begin + FIRST_MONDAY), ints(end + FIRST_MONDAY))
            units = np.where(self._by_hours[lot], np.minimum(units, hours), units)
        return ints(pair[of]), ints(week), ints(np.maximum(units, 0))

    def _left(self, lot: Ints, week: Ints) -> Ints:
        """Return (n,) what is not promised yet of each offer's capacity in each calendar week."""
        row = {each.id: n for n, each in enumerate(self._lots)}
        taken: dict[tuple[int, int], int] = {}
        for (listing_id, of_week), units in self._held.weeks.items():
            if listing_id in row:
                taken[row[listing_id], of_week] = units
        for listing_id, period, quantity in candidates.planned_quantities(list(row), self._hull()):
            start, end = _whole_minutes(period)
            for of_week in range((start - FIRST_MONDAY) // WEEK_MINUTES, -((FIRST_MONDAY - end) // WEEK_MINUTES)):
                taken[row[listing_id], of_week] = taken.get((row[listing_id], of_week), 0) + quantity
        promised = [taken.get(name, 0) for name in zip(lot.tolist(), week.tolist(), strict=True)]
        return ints(self._per_week[lot] - ints(promised))

    def _hours(self, lot: Ints, start: Ints, end: Ints) -> Ints:
        """Return (n,) whole open hours in [start, end) that nobody has booked, over all places of each offer."""
        ids = [each.id for each in self._lots]
        row = {id_: n for n, id_ in enumerate(ids)}
        openings = ((row[id_], *rest) for id_, *rest in candidates.weekly_hours(ids))
        opening = WeeklyOpening(len(ids), openings)  # type: ignore[arg-type]  # four numbers each
        free = opening.minutes(lot, start, end) * self._places[lot]
        taken = sorted(
            (row[id_], *_whole_minutes(period), is_one)
            for id_, period, is_one in candidates.taken_times(ids, self._hull())
        )
        taken_lot, low, high, is_one = (ints(column) for column in _columns(taken, 4))
        first = np.searchsorted(taken_lot, lot)
        of, nth = _repeated(ints(np.searchsorted(taken_lot, lot, side="right") - first))
        each = first[of] + nth
        begin = np.maximum(start[of], low[each])
        until = np.maximum(np.minimum(end[of], high[each]), begin)
        minutes = opening.minutes(ints(lot[of]), ints(begin), ints(until))
        minutes = minutes * np.where(is_one[each] == 1, 1, self._places[lot[of]])
        return ints(np.maximum(free - per_node(of, ints(minutes), lot.size), 0) // 60)

    def _hull(self) -> TimestamptzRange:
        """Return a period that holds every need's, in whole calendar weeks."""
        first = int(self._start.min()) if self._start.size else 0
        last = int(self._end.max()) if self._end.size else 1
        return TimestamptzRange(
            datetime.fromtimestamp((first - WEEK_MINUTES) * 60, UTC),
            datetime.fromtimestamp((last + WEEK_MINUTES) * 60, UTC),
        )


def _repeated(count: Ints) -> tuple[Ints, Ints]:
    """Return for rows that stand for `count` entries each: the row of each entry, and its number in its row."""
    of = np.repeat(np.arange(count.size), count)
    first = np.cumsum(count) - count
    return ints(of), ints(np.arange(of.size) - first[of])


def _columns(rows: Sequence[tuple[int, ...]], n: int) -> Iterable[Sequence[int]]:
    return zip(*rows, strict=True) if rows else [()] * n


def _minutes(period: TimestamptzRange | None, at: datetime) -> tuple[int, int]:
    """Return a need's period from now on in minutes since 1970; an open one ends after the horizon."""
    lower: datetime = (period.lower if period else None) or at
    start = max(lower, at)
    upper: datetime = (period.upper if period else None) or start + HORIZON
    first, last = int(start.timestamp()) // 60, int(upper.timestamp()) // 60
    return first, max(first, last)


def _whole_minutes(period: TimestamptzRange) -> tuple[int, int]:
    if period.lower is None or period.upper is None:
        raise ValueError("What is booked, closed or planned has a begin and an end.")
    return int(period.lower.timestamp()) // 60, int(period.upper.timestamp()) // 60

"""How many units each offer can still give, and how many within the period of each need."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from psycopg.types.range import TimestamptzRange

from marketplace.core.parts import HOUR_UNIT
from marketplace.selectors import candidates
from marketplace.selectors.candidates import Need, Pair
from matching.core.hours import WeeklyOpening
from matching.core.problem import Ints, ints

# What a need without a period, or with an open end, is taken to allow.
HORIZON = timedelta(weeks=4)
WEEK_MINUTES = 7 * 24 * 60


class Supply:
    """What a direction's offers can give to its needs.

    Attributes:
        most_units: by pair, what the lot can give within the need's period; never negative.
        capacity: by lot, the most that any of its pairs allows: time is counted in total over the period, not
            week by week, so an order may still be refused for one busy week.
    """

    def __init__(
        self,
        needs: Sequence[Need],
        lots: Sequence[Any],
        pairs: Sequence[Pair],
        *,
        held: Mapping[int, int],
        at: datetime,
    ) -> None:
        lot_row = {lot.pk: row for row, lot in enumerate(lots)}
        self._lots = lots
        self._lot = ints([lot_row[pair.listing_id] for pair in pairs])
        period = {need.id: _minutes(need.period, at) for need in needs}
        self._start = ints([period[pair.demand_id][0] for pair in pairs])
        self._end = ints([period[pair.demand_id][1] for pair in pairs])
        wanted = {(need.id, part.leg_id): part.quantity for need in needs for part in need.parts}
        self._wanted = ints([wanted[pair.demand_id, pair.leg_id] for pair in pairs])
        most = self._by_week() - ints([held.get(pair.listing_id, 0) for pair in pairs])
        self.most_units = np.maximum(most, 0).tolist()
        capacity = np.zeros(len(lots), dtype=np.int64)
        np.maximum.at(capacity, self._lot, np.maximum(most, 0))
        self.capacity = np.maximum(capacity, 1).tolist()

    def _by_week(self) -> Ints:
        """Return (n_pairs,) units by weekly capacity, opening hours, or neither, less what is promised."""
        per_week = ints([-1 if lot.capacity_per_week is None else lot.capacity_per_week for lot in self._lots])
        by_hours = np.array([lot.unit == HOUR_UNIT for lot in self._lots], dtype=bool)
        units = self._wanted.copy()  # neither: as much as is asked for
        limited = per_week[self._lot] >= 0 if self._lots else np.zeros(0, dtype=bool)
        by_capacity = per_week[self._lot] * (self._end - self._start) // WEEK_MINUTES - self._planned()
        units = np.where(limited, by_capacity, units)
        if by_hours.any():
            units = np.where(
                by_hours[self._lot], np.where(limited, np.minimum(units, self._hours()), self._hours()), units
            )
        return ints(units)

    def _hours(self) -> Ints:
        """Return (n_pairs,) whole open hours in the need's period that nobody has booked."""
        ids = [lot.pk for lot in self._lots]
        row = {id_: n for n, id_ in enumerate(ids)}
        openings = ((row[id_], *rest) for id_, *rest in candidates.weekly_hours(ids))
        opening = WeeklyOpening(len(ids), openings)  # type: ignore[arg-type]  # four numbers each
        free = opening.minutes(self._lot, self._start, self._end).copy()
        closed: dict[int, list[tuple[int, int]]] = {}
        for id_, period in candidates.closed_times(ids, self._hull()):
            closed.setdefault(row[id_], []).append(_whole_minutes(period))
        for pair in np.flatnonzero(np.isin(self._lot, list(closed))).tolist():
            lot = int(self._lot[pair])
            for start, end in closed[lot]:
                low, high = max(start, int(self._start[pair])), min(end, int(self._end[pair]))
                if low < high:
                    free[pair] -= int(opening.minutes(ints([lot]), ints([low]), ints([high]))[0])
        return ints(free // 60)

    def _planned(self) -> Ints:
        """Return (n_pairs,) units already planned in deliveries that overlap the need's period, each in whole."""
        row = {lot.pk: n for n, lot in enumerate(self._lots)}
        planned: dict[int, list[tuple[int, int, int]]] = {}
        for id_, period, quantity in candidates.planned_quantities(list(row), self._hull()):
            planned.setdefault(row[id_], []).append((*_whole_minutes(period), quantity))
        taken = np.zeros(self._lot.size, dtype=np.int64)
        for pair in np.flatnonzero(np.isin(self._lot, list(planned))).tolist():
            for start, end, quantity in planned[int(self._lot[pair])]:
                if start < self._end[pair] and end > self._start[pair]:
                    taken[pair] += quantity
        return ints(taken)

    def _hull(self) -> TimestamptzRange:
        first = int(self._start.min()) if self._start.size else 0
        last = int(self._end.max()) if self._end.size else 1
        return TimestamptzRange(datetime.fromtimestamp(first * 60, UTC), datetime.fromtimestamp(last * 60, UTC))


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

"""How much of a week's opening falls into a period, for many pairs at once."""

from collections.abc import Iterable

import numpy as np

from matching.core.problem import Ints, ints

WEEK = 7 * 24 * 60  # minutes
# 1 January 1970, midnight in Shanghai, was a Thursday: minutes since then to minutes since a Monday.
EPOCH_OFFSET = 3 * 24 * 60 + 8 * 60


class WeeklyOpening:
    """Opening minutes of many lots that come back every week, by Shanghai time; a lot without any is always open."""

    def __init__(self, n_lots: int, openings: Iterable[tuple[int, int, int, int]]) -> None:
        """Take (lot, weekday, start minute, end minute) rows; weekday 0 is Monday, overlaps count once."""
        weeks: dict[int, set[tuple[int, int]]] = {}
        for lot, weekday, start, end in openings:
            weeks.setdefault(lot, set()).add((weekday * 1440 + start, weekday * 1440 + end))
        # Lots that share their hours share a row.
        rows: dict[frozenset[tuple[int, int]], int] = {}
        always = frozenset({(0, WEEK)})
        self._row = np.array(
            [rows.setdefault(frozenset(weeks.get(lot, always)), len(rows)) for lot in range(n_lots)], dtype=np.int64
        )
        self._before = np.zeros((len(rows), WEEK + 1), dtype=np.int32)
        for stretches, row in rows.items():
            open_ = np.zeros(WEEK, dtype=bool)
            for start, end in stretches:
                open_[start:end] = True
            np.cumsum(open_, out=self._before[row, 1:])

    def minutes(self, lot: Ints, start: Ints, end: Ints) -> Ints:
        """Return (n,) open minutes of each lot in [start, end).

        Args:
            lot: (n,) row of the lot.
            start, end: (n,) minutes since 1970 in UTC, end not before start.
        """
        first, last = start + EPOCH_OFFSET, end + EPOCH_OFFSET
        return ints(self._since_monday(lot, last) - self._since_monday(lot, first))

    def _since_monday(self, lot: Ints, minute: np.ndarray) -> np.ndarray:
        weeks, rest = np.divmod(minute, WEEK)
        row = self._row[lot]
        return np.asarray(weeks * self._before[row, WEEK].astype(np.int64) + self._before[row, rest])

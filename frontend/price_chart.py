"""The line of medians within its band of quartiles, as the numbers of an SVG drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from marketplace.core.quarters import written

# Drawn as wide as a phone, so that its letters are as large as those around it.
WIDTH, HEIGHT = 360, 208
LEFT, RIGHT, TOP, BOTTOM = 54, 350, 10, 168
_MOST_STEPS = 5


@dataclass(frozen=True)
class Chart:
    """What the template draws, in units of the view box.

    Attributes:
        lines: (y, fen) of each line across.
        quarters: (x, "Q1", year or "") of each quarter.
        bands, medians: points of a polygon or polyline for each run of quarters without a gap.
        points: (x, y, y of the lower quartile, y of the upper one, figure) of each quarter that has a figure.
    """

    lines: Sequence[tuple[int, int]]
    quarters: Sequence[tuple[int, str, str]]
    bands: Sequence[str]
    medians: Sequence[str]
    points: Sequence[tuple[int, int, int, int, Any]]


def chart(figures: Mapping[date, Any], quarters: Sequence[date]) -> Chart:
    """Return the drawing of `figures`, one at least, over `quarters`, oldest first; a quarter without one is a gap."""
    told = [figures[quarter] for quarter in quarters if quarter in figures]
    steps = _steps(min(f.lower_fen for f in told), max(f.upper_fen for f in told))
    low_fen, high_fen = steps[0], steps[-1]

    def y(fen: int) -> int:
        return round(BOTTOM - (fen - low_fen) * (BOTTOM - TOP) / (high_fen - low_fen))

    wide = (RIGHT - LEFT) / len(quarters)
    x = {quarter: round(LEFT + wide * (place + 0.5)) for place, quarter in enumerate(quarters)}
    runs = [list(run) for is_told, run in groupby(quarters, key=lambda q: q in figures) if is_told]
    return Chart(
        lines=[(y(fen), fen) for fen in steps],
        quarters=[
            (x[q], written(q)[-2:], str(q.year) if place == 0 or q.month == 1 else "")
            for place, q in enumerate(quarters)
        ],
        bands=[
            _points(
                [(x[q], y(figures[q].upper_fen)) for q in run]
                + [(x[q], y(figures[q].lower_fen)) for q in reversed(run)]
            )
            for run in runs
        ],
        medians=[_points([(x[q], y(figures[q].median_fen)) for q in run]) for run in runs],
        points=[(x[q], y(f.median_fen), y(f.lower_fen), y(f.upper_fen), f) for q in quarters if (f := figures.get(q))],
    )


def _steps(low_fen: int, high_fen: int) -> list[int]:
    """Return round prices at equal distances, two at least, that hold both ends between them."""
    step = 1
    while high_fen // step - low_fen // step + 1 >= _MOST_STEPS:
        # 1, 2, 5, 10, 20, 50 ...
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    first = low_fen // step * step
    count = max(1, -(-(high_fen - first) // step))
    return [first + step * number for number in range(count + 1)]


def _points(pairs: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in pairs)

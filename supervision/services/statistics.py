"""Statistics: one protected table per indicator and month, made once and handed out by territory ever after."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.selectors import supervised as accounts
from common.errors import Refused, gettext_noop
from common.thresholds import Method
from governance.selectors import supervised as governance
from marketplace.directions import DIRECTIONS
from marketplace.selectors import supervised as marketplace
from supervision.core import months
from supervision.core.disclosure import Contribution, leaf, protect
from supervision.core.indicators import BY_CODE, Indicator
from supervision.core.reader import Reader
from supervision.models import StatisticsAnswer
from supervision.services import reads

_GOVERNANCE = frozenset({"complaints_submitted", "complaints_closed", "ratings_opened"})


class NotPublished(Refused):
    """There is no such figure, or not yet."""


@dataclass(frozen=True)
class Table:
    """The part of an answer that lies in the reader's territory."""

    indicator: Indicator
    month: date
    method: dict[str, int]
    made_at: datetime
    cells: list[dict[str, Any]]  # division_code, direction ("" for all), value (None when withheld)


@transaction.atomic
def read(reader: Reader, indicator_code: str, month: date, *, at: datetime) -> Table:
    """Return the figures of one indicator and month in the reader's territory.

    Everybody gets the same figure for the same question, however often: the table is made once, for the whole country,
    and kept. Nothing can be learnt by repeating, by comparing agencies, or by asking before and after an event.

    Raises:
        NotPublished: unknown indicator, or a month that is not over or too long ago.
    """
    indicator = BY_CODE.get(indicator_code)
    if indicator is None or month not in months.published(at):
        raise NotPublished(
            gettext_noop("There is no such figure for this month."),
            fix=gettext_noop("Months are published once they are over, and kept for three years."),
            field="month" if indicator else "indicator",
        )
    answer = StatisticsAnswer.objects.filter(indicator=indicator.code, month=month).first() or _make(
        indicator, month, at
    )
    cells = [
        {"division_code": division, "direction": direction, "value": value}
        for division, direction, value in answer.cells
        if reader.territory.covers(division)
    ]
    asked = {"indicator": indicator.code, "month": month.isoformat()}
    reads.record(reader, resource="statistics", level="D3", query=asked, rows=len(cells), at=at)
    return Table(indicator, month, answer.method, answer.made_at, cells)


def _make(indicator: Indicator, month: date, at: datetime) -> StatisticsAnswer:
    start, end = months.span(month)
    parts = list(_contributions(indicator.code, start, end))
    divisions = {leaf(division) for division in accounts.divisions_in_use()} | {part.division_code for part in parts}
    figures = protect(parts, divisions, [direction.code for direction in DIRECTIONS], indicator.method)
    answer = StatisticsAnswer(
        indicator=indicator.code,
        month=month,
        cells=[[figure.division_code, figure.direction, figure.value] for figure in figures],
        method=asdict(indicator.method),
        made_at=at,
    )
    # Two first readers at once: the second takes what the first has made.
    StatisticsAnswer.objects.bulk_create([answer], ignore_conflicts=True)
    return StatisticsAnswer.objects.get(indicator=indicator.code, month=month)


def _contributions(code: str, start: datetime, end: datetime) -> Iterator[Contribution]:
    tally = governance.tally if code in _GOVERNANCE else marketplace.tally
    for division, direction, party, person, value in tally(code, start, end):
        yield Contribution(leaf(division), direction, party, person, value)


def methods() -> dict[str, Method]:
    """Return how each indicator is protected."""
    return {indicator.code: indicator.method for indicator in BY_CODE.values()}

"""Ratings and complaints as the supervision reads them: where the deal takes place, without a word of text."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from common.territory import within
from governance.core.complaint_states import OPEN, ComplaintState
from governance.models import Complaint, Rating

Row = dict[str, Any]


def _place(*columns: str) -> Coalesce:
    """Return the first of `columns` that holds a division code."""
    blank = Value("", output_field=CharField())
    return Coalesce(*(NullIf(F(column), blank) for column in columns), blank)


RATING_PLACE = _place("order__listing__division_code", "rated__division_code", "rater__division_code")
COMPLAINT_PLACE = _place(
    "listing__division_code", "order__listing__division_code", "respondent__division_code", "complainant__division_code"
)


def ratings(ids: Collection[int], prefixes: Collection[str]) -> list[Row]:
    """Return the opened ratings of `ids` in the territory; a sealed one is nobody's to read."""
    rows = _opened_ratings(prefixes).filter(pk__in=ids).values(
        "pk", "order_id", "rater_id", "rated_id", "of_provider", "stars", "as_described", "on_time", "quality",
        "conduct", "submitted_at", "revealed_at", "hidden_at", "division", direction=F("order__direction"),
        is_demo=F("rated__is_demo"),
    )  # fmt: skip
    return [{**row, "is_hidden": row["hidden_at"] is not None, "division_code": row["division"],
             "about": [row["rater_id"], row["rated_id"]]} for row in rows]  # fmt: skip


def complaints(ids: Collection[int], prefixes: Collection[str]) -> list[Row]:
    """Return the submitted complaints of `ids` in the territory."""
    rows = _submitted_complaints(prefixes).filter(pk__in=ids).values(
        "pk", "order_id", "listing_id", "complainant_id", "respondent_id", "category", "remedy", "claim_fen", "state",
        "since_at", "due_at", "hard_stop_at", "submitted_at", "accepted_at", "closed_at", "finding", "outlet",
        "reopened_at", "satisfaction", "division", direction=_complaint_direction(), is_demo=F("respondent__is_demo"),
    )  # fmt: skip
    return [{**row, "division_code": row["division"], "about": [row["complainant_id"], row["respondent_id"]]}
            for row in rows]  # fmt: skip


def complaints_on_the_clock(prefixes: Collection[str], limit: int) -> list[Row]:
    """Return the open complaints in the territory, the one with the nearest deadline first."""
    ids = (
        _submitted_complaints(prefixes)
        .filter(state__in=sorted(OPEN))
        .order_by(F("due_at").asc(nulls_last=True), "pk")
        .values_list("pk", flat=True)[:limit]
    )
    found = {row["pk"]: row for row in complaints(list(ids), prefixes)}
    return [found[pk] for pk in ids]


def count_ratings(prefixes: Collection[str]) -> Row:
    return _opened_ratings(prefixes).aggregate(
        total=Count("pk"), opened_before_submitted=Count("pk", filter=Q(revealed_at__lt=F("submitted_at")))
    )


def count_complaints(prefixes: Collection[str], at: datetime) -> Row:
    """Return how many complaints there are in the territory, open, late, and with a clock that cannot be right."""
    is_open = Q(state__in=sorted(OPEN))
    return _submitted_complaints(prefixes).aggregate(
        total=Count("pk"),
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_at__lt=at)),
        over_the_law=Count("pk", filter=is_open & Q(hard_stop_at__lt=at)),
        closed_before_submitted=Count("pk", filter=Q(closed_at__lt=F("submitted_at"))),
    )


def tally(what: str, start: datetime, end: datetime) -> Iterator[tuple[str, str, int, str, int]]:
    """Yield (division, direction, party, person, value) for each event of [start, end).

    Args:
        what: "complaints_submitted", "complaints_closed" or "ratings_opened".
    """
    if what == "ratings_opened":
        rows = _opened_ratings([""]).filter(revealed_at__gte=start, revealed_at__lt=end)
        values = rows.values_list("division", "order__direction", "rated_id", "written_by_id")
    else:
        column = {"complaints_submitted": "submitted_at", "complaints_closed": "closed_at"}[what]
        rows = _submitted_complaints([""]).filter(**{f"{column}__gte": start, f"{column}__lt": end})
        values = rows.annotate(way=_complaint_direction()).values_list(
            "division", "way", "respondent_id", "complainant_id"
        )
    for division, direction, party, person in values.iterator():
        yield division, direction, party, str(person), 1


def _opened_ratings(prefixes: Collection[str]) -> QuerySet[Any]:
    return Rating.objects.annotate(division=RATING_PLACE).filter(
        within("division", prefixes), revealed_at__isnull=False
    )


def _submitted_complaints(prefixes: Collection[str]) -> QuerySet[Any]:
    return Complaint.objects.annotate(division=COMPLAINT_PLACE).filter(
        within("division", prefixes), ~Q(state=ComplaintState.DRAFT), submitted_at__isnull=False
    )


def _complaint_direction() -> Coalesce:
    return Coalesce("order__direction", "listing__direction")

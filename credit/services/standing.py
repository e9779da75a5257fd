"""Computes standings from the ledger; the ledger is the truth, a standing only its present sum."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.selectors import organisations
from common import events
from common.db import advisory_lock
from credit.models import CreditEvent, Standing, StandingPoint
from credit.selectors import rules
from credit.selectors import standing as standings

BATCH = 500
_VALUES = ("mean", "low", "rating_count", "order_count", "points", "grade")


@transaction.atomic
def recompute(organisation_id: int, *, at: datetime) -> Standing:
    """Compute one party's standing at `at` and keep it; adds a point to its history when something changed."""
    (row,), moved = _recompute([organisation_id], at=at)
    _tell(moved, audience=moved)
    return row


def recompute_all(*, at: datetime) -> int:
    """Compute the standing of every party in the ledger, as facts fade and effects end; returns how many."""
    ids = sorted(set(CreditEvent.objects.order_by().values_list("organisation_id", flat=True).distinct()))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            _, moved = _recompute(ids[start : start + BATCH], at=at)
            _tell(moved, audience=())  # it runs at night: nobody's page waits for it
    return len(ids)


def _recompute(organisation_ids: Sequence[int], *, at: datetime) -> tuple[list[Standing], list[int]]:
    """Compute and keep the standing of each party; the ids ascend, so that no two runs wait for each other.

    Returns:
        The standings, and the ids of the parties whose score moved.
    """
    for organisation_id in organisation_ids:
        advisory_lock("credit.standing", organisation_id)
    version = rules.in_force(at)
    before = {row.organisation_id: row for row in Standing.objects.filter(organisation_id__in=organisation_ids)}
    rows = [
        Standing(
            organisation_id=organisation_id,
            explanation=result.explanation,
            rules=version.version,
            computed_at=at,
            **{name: getattr(result, name) for name in _VALUES},
        )
        for organisation_id, result in standings.computed(organisation_ids, at=at, version=version).items()
    ]
    Standing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation"],
        update_fields=[*_VALUES, "explanation", "rules", "computed_at"],
    )
    _add_points([row for row in rows if _shown(row) != _shown(before.get(row.organisation_id))], at=at)
    moved = [row.organisation_id for row in rows if _low(row) != _low(before.get(row.organisation_id))]
    return rows, moved


def _tell(organisation_ids: Sequence[int], *, audience: Sequence[int]) -> None:
    for party in organisations.by_ids(organisation_ids).values():
        events.publish("standing.changed", audience=audience, organisation=party.code)


def _add_points(rows: Sequence[Standing], *, at: datetime) -> None:
    names = ("grade", "mean", "low", "points")
    StandingPoint.objects.bulk_create(
        [
            StandingPoint(organisation_id=row.organisation_id, at=at, **{name: getattr(row, name) for name in names})
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["organisation", "at"],
        update_fields=names,
    )


def _shown(row: Standing | None) -> tuple[str, float] | None:
    return (row.grade, round(row.low, 2)) if row else None


def _low(row: Standing | None) -> float | None:
    return round(row.low, 3) if row else None

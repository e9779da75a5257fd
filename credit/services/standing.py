"""Computes standings from the ledger; the ledger is the truth, a standing only its present sum."""

from datetime import datetime

from django.db import transaction

from accounts.selectors import organisations
from common import events
from common.db import advisory_lock
from credit.models import CreditEvent, Standing, StandingPoint
from credit.selectors import rules
from credit.selectors import standing as standings


@transaction.atomic
def recompute(organisation_id: int, *, at: datetime) -> Standing:
    """Compute one party's standing at `at` and keep it; adds a point to its history when something changed."""
    advisory_lock("credit.standing", organisation_id)
    version = rules.in_force(at)
    result = standings.computed(organisation_id, at=at, version=version)
    values = {
        "mean": result.mean,
        "low": result.low,
        "rating_count": result.rating_count,
        "order_count": result.order_count,
        "points": result.points,
        "grade": result.grade,
    }
    before = Standing.objects.filter(organisation_id=organisation_id).first()
    row, _ = Standing.objects.update_or_create(
        organisation_id=organisation_id,
        defaults={**values, "explanation": result.explanation, "rules": version.version, "computed_at": at},
    )
    if before is None or (before.grade, round(before.low, 2)) != (row.grade, round(row.low, 2)):
        StandingPoint.objects.update_or_create(
            organisation_id=organisation_id,
            at=at,
            defaults={name: values[name] for name in ("grade", "mean", "low", "points")},
        )
    if before is None or round(before.low, 3) != round(row.low, 3):
        party = organisations.by_id(organisation_id)
        events.publish("standing.changed", audience=(organisation_id,), organisation=party.code)
    return row


def recompute_all(*, at: datetime) -> int:
    """Compute the standing of every party in the ledger, as facts fade and effects end; returns how many."""
    ids = CreditEvent.objects.order_by().values_list("organisation_id", flat=True).distinct()
    for organisation_id in ids:
        recompute(organisation_id, at=at)
    return len(ids)

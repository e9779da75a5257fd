"""Standings as the supervision reads them."""

from collections.abc import Collection
from typing import Any

from credit.models import Standing


def standings(organisation_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return grade and counts by party, for those that have a standing."""
    rows = Standing.objects.filter(organisation_id__in=organisation_ids)
    values = rows.values("organisation_id", "grade", "rating_count", "order_count")
    return {row["organisation_id"]: {**row} for row in values}

"""What the live market would propose now, as rows: written where something changed, and told to the two owners only."""

from collections.abc import Sequence

from django.db import transaction

from common import events
from common.db import copy_in, update_in
from matching.models import TentativeDeal

# What a change of rewrites a row; `since` and what somebody asked stay while the two are together.
_SHOWN = (
    "direction", "quantity", "unit", "unit_price_fen", "setup_fen", "low_unit_price_fen", "high_unit_price_fen",
    "commit_at",
)  # fmt: skip


@transaction.atomic
def rewrite(deals: Sequence[TentativeDeal]) -> int:
    """Make the table say what these unsaved rows say, and tell the owners of what changed; return how many changed.

    Notes:
        Pages hear that something of theirs changed, and nothing of what; they fetch it through their own permissions.
    """
    before = {row.demand_id: row for row in TentativeDeal.objects.select_for_update().order_by("pk")}
    new: list[TentativeDeal] = []
    changed: list[TentativeDeal] = []
    touched: list[TentativeDeal] = []
    for deal in deals:
        old = before.get(deal.demand_id)
        if old is None or _sides(old) != _sides(deal):
            new.append(deal)
            continue
        del before[deal.demand_id]
        if any(getattr(old, name) != getattr(deal, name) for name in _SHOWN):
            for name in _SHOWN:
                setattr(old, name, getattr(deal, name))
            changed.append(old)
    touched = [*before.values(), *new, *changed]
    TentativeDeal.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
    copy_in(new)
    update_in(changed, _SHOWN)
    tell(touched)
    return len(touched)


def take_out(demand_ids: Sequence[int]) -> None:
    """Remove the deals of these needs, which are proposed now; call it inside the transaction that proposes them."""
    gone = list(TentativeDeal.objects.filter(demand_id__in=demand_ids))
    TentativeDeal.objects.filter(pk__in=[row.pk for row in gone]).delete()
    tell(gone)


def tell(deals: Sequence[TentativeDeal]) -> None:
    """Tell the owners of these deals, and nobody else, that what they may see changed."""
    audience = {party for deal in deals for party in deal.party_ids()}
    if audience:
        events.publish("tentative.changed", audience=audience)


def _sides(deal: TentativeDeal) -> tuple[int, ...]:
    return (deal.listing_id, *deal.party_ids())

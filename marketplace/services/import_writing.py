"""Write imported rows as listings and demands, many at a time, and take them back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.selectors import verification
from common.errors import Refused
from marketplace.core.demand_states import DemandState
from marketplace.core.import_states import ImportKind, RowState
from marketplace.core.listing_states import ListingState
from marketplace.directions import direction
from marketplace.models import (
    Demand,
    DemandStep,
    DemandVersion,
    ImportRow,
    ImportRun,
    Listing,
    ListingStep,
    ListingVersion,
)
from marketplace.services import demands, import_rows, listings
from marketplace.services.contents import DemandContent, ListingContent

# What belongs to a listing or demand itself and goes with it.
_OWN_PARTS = (ListingVersion, ListingStep, DemandVersion, DemandStep)


def check_publishable(run: ImportRun, *, at: datetime) -> None:
    """Refuse unless the party may publish at all; raises PublishingNeedsVerification."""
    verification.require_publishable(run.owner_id, at=at)


def write(run: ImportRun, rows: Sequence[ImportRow], *, publish: bool, at: datetime) -> int:
    """Write one batch; return how many were written.

    A row that needs a licence the party has not shown stays a draft.
    """
    write_kind = _write_listings if run.kind == ImportKind.LISTINGS else _write_demands
    codes = write_kind(run, rows, publish=publish, at=at)
    for row, code in zip(rows, codes, strict=True):
        row.code, row.state = code, RowState.LOADED
    ImportRow.objects.bulk_update(rows, ["code", "state"])
    return len(rows)


def take_back(run: ImportRun, *, at: datetime) -> int:
    """Delete what came of `run`; close what others refer to. Return how many were closed."""
    model: Any = Listing if run.kind == ImportKind.LISTINGS else Demand
    mine = model.objects.filter(import_run=run)
    kept = list(mine.filter(_is_referred_to(model)).values_list("pk", flat=True))
    gone = mine.exclude(pk__in=kept)
    for part in _OWN_PARTS:
        owner = next(f.name for f in part._meta.fields if f.related_model in (Listing, Demand))
        if part._meta.get_field(owner).related_model is model:
            part._default_manager.filter(**{f"{owner}__in": gone}).delete()
    gone.delete()
    return int(mine.update(state=ListingState.CLOSED, changed_at=at))


def _write_listings(run: ImportRun, rows: Sequence[ImportRow], *, publish: bool, at: datetime) -> list[Any]:
    kind, standing = direction(run.direction), listings.standing_of(run.owner_id)
    held = verification.held_licences(run.owner_id, at=at) if publish else set()
    made = []
    for row in rows:
        content = import_rows.content_of(row.values, run.kind)
        if not isinstance(content, ListingContent):
            raise TypeError("A run of listings holds listings.")
        listing = listings.prepared(run.direction, content, owner_id=run.owner_id, at=at)
        listing.import_run, listing.standing = run, standing
        if publish and set(kind.licences(kind.parse_offer(listing.attributes))) <= held:
            listing.state, listing.published_at = ListingState.PUBLISHED, at
        made.append(listing)
    Listing.objects.bulk_create(made)
    ListingVersion.objects.bulk_create(
        ListingVersion(
            listing=listing, version=1, content=listings.snapshot(listing), made_at=at, by_user_id=run.by_user_id
        )
        for listing in made
    )
    return [listing.code for listing in made]


def _write_demands(run: ImportRun, rows: Sequence[ImportRow], *, publish: bool, at: datetime) -> list[Any]:
    made = []
    for row in rows:
        content = import_rows.content_of(row.values, run.kind)
        if not isinstance(content, DemandContent):
            raise TypeError("A run of demands holds demands.")
        demand, _ = demands.prepared(run.direction, content, owner_id=run.owner_id, at=at)
        demand.import_run = run
        if publish and not _is_over(demand, at):
            demand.state, demand.published_at = DemandState.PUBLISHED, at
        made.append(demand)
    Demand.objects.bulk_create(made)
    DemandVersion.objects.bulk_create(
        DemandVersion(
            demand=demand, version=1, content=demands.snapshot(demand, []), made_at=at, by_user_id=run.by_user_id
        )
        for demand in made
    )
    return [demand.code for demand in made]


def _is_over(demand: Demand, at: datetime) -> bool:
    try:
        demands.check_deadline(demand, at=at)
    except Refused:
        return True
    return False


def _is_referred_to(model: type[models.Model]) -> Q:
    """Tell of each row whether any other table holds on to it, now or in packages above this one."""
    found = Q(pk__in=[])
    for relation in model._meta.related_objects:
        if relation.on_delete is models.PROTECT and relation.related_model not in _OWN_PARTS:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})  # type: ignore[union-attr]  # never "self" here
            found |= Q(Exists(rows))
    return found

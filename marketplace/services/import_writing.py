"""Write imported rows as listings and demands, many at a time, and take them back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.selectors import verification
from common.db import copy_in, update_in
from common.errors import Refused, gettext_noop
from marketplace.core.demand_states import DemandState
from marketplace.core.import_states import ImportKind, RowState
from marketplace.core.listing_states import ListingState
from marketplace.directions import direction
from marketplace.models import (
    Demand,
    DemandLeg,
    DemandStep,
    DemandVersion,
    ImportRow,
    ImportRun,
    Listing,
    ListingStep,
    ListingVersion,
)
from marketplace.selectors import imports as reads
from marketplace.services import demands, import_values, listings

BATCH = 1_000
# What belongs to a listing or demand itself and goes with it.
_OWN_PARTS = (ListingVersion, ListingStep, DemandVersion, DemandStep)


class OrderRests(Refused):
    """An import cannot be taken back whole: somebody has ordered what came of it."""


def check_publishable(run: ImportRun, *, at: datetime) -> None:
    """Refuse unless the party may publish at all; raises PublishingNeedsVerification."""
    verification.require_publishable(run.owner_id, at=at)


def write(run: ImportRun, rows: Sequence[ImportRow], *, publish: bool, at: datetime) -> int:
    """Write one batch, which holds whole demands; return how many rows were written.

    A row that needs a licence the party has not shown, or whose time is over, stays a draft.
    """
    if run.kind == ImportKind.LISTINGS:
        _write_listings(run, rows, publish=publish, at=at)
    else:
        _write_demands(run, rows, publish=publish, at=at)
    for row in rows:
        row.state = RowState.LOADED
    update_in(rows, ["code", "state"])
    return len(rows)


def require_untouched(run: ImportRun) -> None:
    """Refuse when an order rests on something that came of `run`; raises OrderRests."""
    orders = reads.orders(run)
    if first := orders.first():
        made = first.listing if run.kind == ImportKind.LISTINGS else first.demand
        row = run.rows.filter(code=made.code).order_by("number").first() if made else None
        raise OrderRests(
            gettext_noop("%(n)s orders rest on what was imported, the first on row %(number)s."),
            fix=gettext_noop("Undo the rest: what has an order is then closed, and its orders go on."),
            params={"n": orders.count(), "number": row.number if row else "—"},
        )


def take_back(run: ImportRun, *, at: datetime, tell: Callable[[int], None]) -> int:
    """Delete what came of `run`; close what others refer to. Return how many were closed.

    Args:
        tell: is told how many are dealt with, after each batch.
    """
    model = _model(run)
    mine = model.objects.filter(import_run=run)
    kept = list(mine.filter(_is_referred_to(model)).values_list("pk", flat=True))
    closed = int(mine.filter(pk__in=kept).update(state=ListingState.CLOSED, changed_at=at))
    done, gone = 0, mine.exclude(pk__in=kept).order_by("pk").values_list("pk", flat=True)
    while batch := list(gone[:BATCH]):
        for part in _OWN_PARTS:
            for field in part._meta.fields:
                if field.related_model is model:
                    part._default_manager.filter(**{f"{field.name}__in": batch}).delete()
        model.objects.filter(pk__in=batch).delete()
        done += len(batch)
        tell(done)
    return closed


def _model(run: ImportRun) -> Any:
    return Listing if run.kind == ImportKind.LISTINGS else Demand


def _write_listings(run: ImportRun, rows: Sequence[ImportRow], *, publish: bool, at: datetime) -> None:
    kind, standing, today = direction(run.direction), listings.standing_of(run.owner_id), timezone.localdate(at)
    held = verification.held_licences(run.owner_id, at=at) if publish else set()
    made = []
    for row in rows:
        listing = listings.unsaved(kind, import_values.columns(row.values), owner_id=run.owner_id, at=at)
        listing.import_run, listing.standing = run, standing
        is_over = listing.valid_until is not None and listing.valid_until < today
        if publish and not is_over and set(kind.licences(kind.parse_offer(listing.attributes))) <= held:
            listing.state, listing.published_at = ListingState.PUBLISHED, at
        row.code = listing.code
        made.append(listing)
    copy_in(made)
    first: dict[str, Any] = {"version": 1, "made_at": at, "by_user_id": run.by_user_id}
    copy_in([ListingVersion(listing=listing, content=listings.snapshot(listing), **first) for listing in made])


def _write_demands(run: ImportRun, rows: Sequence[ImportRow], *, publish: bool, at: datetime) -> None:
    kind, made = direction(run.direction), []
    for _, group in groupby(rows, key=lambda row: row.head or row.number):
        fellows = list(group)
        columns = import_values.columns(fellows[0].values)
        legs = [row.values["leg"] for row in fellows if "leg" in row.values]
        columns.pop("leg", None)
        demand, parts = demands.unsaved(kind, columns, legs, owner_id=run.owner_id, at=at)
        demand.import_run = run
        if publish and not _is_over(demand, at):
            demand.state, demand.published_at = DemandState.PUBLISHED, at
        for row in fellows:
            row.code = demand.code
        made.append((demand, parts))
    copy_in([demand for demand, _ in made])
    copy_in([_of_saved(leg, demand) for demand, parts in made for leg in parts])
    first: dict[str, Any] = {"version": 1, "made_at": at, "by_user_id": run.by_user_id}
    copy_in([DemandVersion(demand=demand, content=demands.snapshot(demand, parts), **first) for demand, parts in made])


def _of_saved(leg: DemandLeg, demand: Demand) -> DemandLeg:
    leg.demand = demand
    return leg


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

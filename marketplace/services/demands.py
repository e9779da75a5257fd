"""Write, publish and close demands."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM, Actor
from accounts.core.parties import NoticeKind
from accounts.selectors import verification
from accounts.services import notifications
from common import audit, events
from common.errors import Refused, gettext_noop
from common.state_machine import TransitionRefused
from marketplace import policies
from marketplace.core.demand_states import DEMAND, EDITABLE, DemandParty, DemandState
from marketplace.directions import Direction, direction
from marketplace.models import Demand, DemandLeg, DemandStep, DemandVersion
from marketplace.services import contents, search_words
from marketplace.services.contents import DemandContent

_VERSIONED = (
    "title", "description", "attributes", "attributes_version", "quantity", "unit", "is_whole", "max_suppliers",
    "radius_m", "address", "division_code", "industry_code",
)  # fmt: skip


class DeadlinePassed(Refused):
    """Nobody could answer the demand any more."""


@transaction.atomic
def create_draft(direction_code: str, content: DemandContent, *, by: Actor, at: datetime) -> Demand:
    """Keep a new demand for the party that `by` acts for; nobody else sees it until it is published.

    Raises:
        MayNotBind: `by` may not speak for a party.
        AttributesInvalid, ContentInvalid: something given cannot be kept.
    """
    demand, legs = prepared(direction_code, content, owner_id=policies.require_binding(by), at=at)
    demand.save(force_insert=True)
    DemandLeg.objects.bulk_create(legs)
    _remember(demand, legs, by=by, at=at)
    audit.record("demand.create", demand, by=by, at=at)
    return demand


@transaction.atomic
def edit(code: UUID, content: DemandContent, *, by: Actor, at: datetime) -> Demand:
    """Replace what a demand says, its legs included.

    Raises:
        Demand.DoesNotExist: no such demand, or not the party's own.
        TransitionRefused: it is matched, closed or removed.
        AttributesInvalid, ContentInvalid: something given cannot be kept.
    """
    owner_id = policies.require_binding(by)
    demand = Demand.objects.select_for_update().defer("search").get(code=code, owner_id=owner_id)
    if demand.state not in EDITABLE:
        raise TransitionRefused(gettext_noop("A demand that is matched or closed can no longer be changed."))
    kind = direction(demand.direction)
    for name, value in _ranged(contents.demand_columns(content, kind)).items():
        setattr(demand, name, value)
    demand.version += 1
    demand.changed_at = at
    legs = _legs(demand, content)
    demand.search_text = search_words.of_demand(demand, kind, [leg.attributes for leg in legs])
    if demand.state == DemandState.PUBLISHED:
        check_deadline(demand, at=at)
    demand.save()
    demand.legs.all().delete()
    DemandLeg.objects.bulk_create(legs)
    _remember(demand, legs, by=by, at=at)
    audit.record("demand.edit", demand, by=by, at=at, version=demand.version)
    events.publish("demand.changed", audience=[demand.owner_id], demand=demand.code)
    return demand


@transaction.atomic
def publish(code: UUID, *, by: Actor, at: datetime) -> Demand:
    """Show a draft, or one that expired, to everybody and to the next match round.

    Raises:
        Demand.DoesNotExist: no such demand, or not the party's own.
        PublishingNeedsVerification: the party is not verified; says how to mend it.
        DeadlinePassed: its deadline or its period is over.
        TransitionRefused: it is in no state to be published.
    """
    return _moved(code, "publish", by=by, at=at)


@transaction.atomic
def match(code: UUID, *, by: Actor, at: datetime) -> Demand:
    """Mark a demand as covered by orders: no more proposals, no more quotes; raises as `publish`."""
    return _moved(code, "match", by=by, at=at)


@transaction.atomic
def reopen(code: UUID, *, by: Actor, at: datetime) -> Demand:
    """Look again after what covered it fell through; raises as `publish`."""
    return _moved(code, "reopen", by=by, at=at)


@transaction.atomic
def close(code: UUID, *, by: Actor, at: datetime) -> Demand:
    """End a demand for good; what was agreed goes on; raises as `publish`."""
    return _moved(code, "close", by=by, at=at)


@transaction.atomic
def take_down(code: UUID, *, reason: str, by: Actor, at: datetime) -> Demand:
    """Remove what breaks a rule, and tell its owner why; for staff; raises as `listings.take_down`."""
    return _moved(code, "remove", by=by, at=at, reason=reason)


@transaction.atomic
def restore(code: UUID, *, reason: str, by: Actor, at: datetime) -> Demand:
    """Give a removed demand back to its owner, closed; raises as `listings.take_down`."""
    return _moved(code, "restore", by=by, at=at, reason=reason)


MOVES: dict[str, Callable[..., Demand]] = {"publish": publish, "match": match, "reopen": reopen, "close": close}


def expire_due(*, at: datetime) -> int:
    """Expire every published demand whose deadline or period is over; return how many."""
    published = Demand.objects.published()
    due = published.filter(deadline_at__lte=at) | published.filter(period__endswith__lte=at)
    codes = list(due.order_by("id").values_list("code", flat=True))
    for code in codes:
        with transaction.atomic():
            _moved(code, "expire", by=SYSTEM, at=at)
    return len(codes)


# --- shared with imports -----------------------------------------------------------------------------


def prepared(
    direction_code: str, content: DemandContent, *, owner_id: int, at: datetime
) -> tuple[Demand, list[DemandLeg]]:
    """Return an unsaved draft and its unsaved legs; raises as `create_draft`."""
    kind = direction(direction_code)
    columns = contents.demand_columns(content, kind)
    legs = [contents.leg_columns(leg, kind) for leg in content.legs]
    return unsaved(kind, columns, legs, owner_id=owner_id, at=at)


def unsaved(
    kind: Direction, columns: Mapping[str, Any], legs: Sequence[Mapping[str, Any]], *, owner_id: int, at: datetime
) -> tuple[Demand, list[DemandLeg]]:
    """Return an unsaved draft and its legs, of columns that `contents` gave."""
    demand = Demand(owner_id=owner_id, direction=kind.code, created_at=at, changed_at=at, **_ranged(columns))
    demand.search_text = search_words.of_demand(demand, kind, [leg["attributes"] for leg in legs])
    return demand, [DemandLeg(demand=demand, ordinal=ordinal, **leg) for ordinal, leg in enumerate(legs)]


def snapshot(demand: Demand, legs: Sequence[DemandLeg]) -> dict[str, Any]:
    """Return what a version keeps: all that is public."""
    content = {name: getattr(demand, name) for name in _VERSIONED}
    content["place"] = [demand.place.x, demand.place.y] if demand.place else None
    content["period"] = [demand.period.lower.isoformat(), demand.period.upper.isoformat()] if demand.period else None
    content["deadline_at"] = demand.deadline_at.isoformat() if demand.deadline_at else None
    content["legs"] = [
        {"title": leg.title, "unit": leg.unit, "quantity": leg.quantity, "attributes": leg.attributes} for leg in legs
    ]
    return content


def check_deadline(demand: Demand, *, at: datetime) -> None:
    """Refuse a demand that nobody could answer any more; raises DeadlinePassed."""
    ends = [("deadline_at", demand.deadline_at), ("period", demand.period.upper if demand.period else None)]
    for name, end in ends:
        if end is not None and end <= at:
            raise DeadlinePassed(
                gettext_noop("Its time is over already."),
                fix=gettext_noop("Edit the demand and give a later date."),
                field=name,
            )


# --- within ------------------------------------------------------------------------------------------


def _ranged(columns: Mapping[str, Any]) -> dict[str, Any]:
    period = columns.get("period")
    return {**columns, "period": TimestamptzRange(*period) if period else None}


def _legs(demand: Demand, content: DemandContent) -> list[DemandLeg]:
    kind = direction(demand.direction)
    return [
        DemandLeg(demand=demand, ordinal=ordinal, **contents.leg_columns(leg, kind))
        for ordinal, leg in enumerate(content.legs)
    ]


def _moved(code: UUID, name: str, *, by: Actor, at: datetime, reason: str = "") -> Demand:
    demand = Demand.objects.select_for_update().defer("search").get(code=code)
    parties = policies.demand_parties(by, demand)
    if not parties and demand.state == DemandState.DRAFT:
        raise Demand.DoesNotExist
    source = demand.state
    target = DEMAND.target(source, name, parties)
    if name == "publish":
        verification.require_publishable(demand.owner_id, at=at)
    if target == DemandState.PUBLISHED:
        check_deadline(demand, at=at)
        demand.published_at = demand.published_at or at
    demand.state = target
    demand.changed_at = at
    demand.save(update_fields=["state", "published_at", "changed_at"])
    DemandStep.objects.create(
        demand=demand, move=name, source=source, target=target, at=at, by_user_id=by.user_id, reason=reason
    )
    audit.record(f"demand.{name}", demand, by=by, at=at)
    if name in _TOLD and DemandParty.CONSUMER not in parties:
        notifications.notify(
            organisation_ids=[demand.owner_id],
            kind=NoticeKind.ACCOUNT,
            message=_TOLD[name],
            params={"title": demand.title, "reason": reason},
            link=f"/demands/{demand.code}",
            at=at,
        )
    events.publish(f"demand.{target}", audience=[demand.owner_id], demand=demand.code)
    return demand


_TOLD = {
    "expire": gettext_noop("Your demand “%(title)s” has run out; set a new date to publish it again."),
    "remove": gettext_noop("Your demand “%(title)s” was removed by the platform: %(reason)s"),
    "restore": gettext_noop("Your demand “%(title)s” was given back to you, closed: %(reason)s"),
}


def _remember(demand: Demand, legs: Sequence[DemandLeg], *, by: Actor, at: datetime) -> None:
    DemandVersion.objects.create(
        demand=demand, version=demand.version, content=snapshot(demand, legs), made_at=at, by_user_id=by.user_id
    )

"""Write, publish, pause and close listings."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.core.actor import SYSTEM, Actor
from accounts.core.parties import NoticeKind
from accounts.selectors import verification
from accounts.services import notifications
from common import audit, events
from common.errors import Refused, gettext_noop
from common.state_machine import TransitionRefused
from credit.selectors import standing as standings
from marketplace import policies
from marketplace.core.listing_states import EDITABLE, LISTING, ListingParty, ListingState
from marketplace.directions import LICENCES, Direction, direction
from marketplace.models import Listing, ListingStep, ListingVersion
from marketplace.services import contents, search_words
from marketplace.services.contents import ListingContent

CHINA = ZoneInfo("Asia/Shanghai")
LOTTERY = 2**31
_VERSIONED = (
    "title", "summary", "description", "attributes", "attributes_version", "address", "division_code", "industry_code",
    "unit", "price_fen", "setup_fee_fen", "minimum_lot", "capacity_per_week", "lead_time_days",
    "is_allotted",
)  # fmt: skip


class ListingExpired(Refused):
    """What the listing rests on has run out."""


@transaction.atomic
def create_draft(direction_code: str, content: ListingContent, *, by: Actor, at: datetime) -> Listing:
    """Keep a new listing for the party that `by` acts for; nobody else sees it until it is published.

    Raises:
        MayNotBind: `by` may not speak for a party.
        AttributesInvalid, ContentInvalid: something given cannot be kept.
    """
    owner_id = policies.require_binding(by)
    listing = prepared(direction_code, content, owner_id=owner_id, at=at)
    listing.standing = standing_of(owner_id)
    listing.save(force_insert=True)
    _remember(listing, by=by, at=at)
    audit.record("listing.create", listing, by=by, at=at)
    return listing


@transaction.atomic
def edit(code: UUID, content: ListingContent, *, by: Actor, at: datetime) -> Listing:
    """Replace what a listing says; agreements made before keep the version they name.

    Raises:
        Listing.DoesNotExist: no such listing, or not the party's own.
        TransitionRefused: it is closed or removed.
        AttributesInvalid, ContentInvalid: something given cannot be kept.
    """
    listing = _own_locked(code, by=by)
    if listing.state not in EDITABLE:
        raise TransitionRefused(gettext_noop("A closed listing can no longer be changed."))
    for name, value in contents.listing_columns(content, direction(listing.direction)).items():
        setattr(listing, name, value)
    listing.version += 1
    listing.changed_at = at
    listing.search_text = search_words.of_listing(listing, direction(listing.direction))
    if listing.state == ListingState.PUBLISHED:
        _check_publishable(listing, at=at)
    listing.save()
    _remember(listing, by=by, at=at)
    audit.record("listing.edit", listing, by=by, at=at, version=listing.version)
    events.publish("listing.changed", audience=[listing.owner_id], listing=listing.code)
    return listing


@transaction.atomic
def publish(code: UUID, *, by: Actor, at: datetime) -> Listing:
    """Show a draft to everybody.

    Raises:
        Listing.DoesNotExist: no such listing, or not the party's own.
        PublishingNeedsVerification: the party, or a licence it needs, is not verified; says how to mend it.
        ListingExpired: its last day has passed.
        TransitionRefused: it is no draft.
    """
    return _moved(code, "publish", by=by, at=at)


@transaction.atomic
def pause(code: UUID, *, by: Actor, at: datetime, reason: str = "") -> Listing:
    """Take a listing out of search for a while; raises as `publish`."""
    return _moved(code, "pause", by=by, at=at, reason=reason)


@transaction.atomic
def resume(code: UUID, *, by: Actor, at: datetime) -> Listing:
    """Show a paused listing again; asks for the same proofs and raises as `publish`."""
    return _moved(code, "resume", by=by, at=at)


@transaction.atomic
def close(code: UUID, *, by: Actor, at: datetime) -> Listing:
    """End a listing for good; what was agreed goes on; raises as `publish`."""
    return _moved(code, "close", by=by, at=at)


@transaction.atomic
def take_down(code: UUID, *, reason: str, by: Actor, at: datetime) -> Listing:
    """Remove what breaks a rule, and tell its owner why; for staff.

    Raises:
        Listing.DoesNotExist: no such listing.
        TransitionRefused: `by` is no operator, or it is removed already.
    """
    return _moved(code, "remove", by=by, at=at, reason=reason)


@transaction.atomic
def restore(code: UUID, *, reason: str, by: Actor, at: datetime) -> Listing:
    """Give a removed listing back to its owner, paused; raises as `take_down`."""
    return _moved(code, "restore", by=by, at=at, reason=reason)


MOVES: dict[str, Callable[..., Listing]] = {"publish": publish, "pause": pause, "resume": resume, "close": close}


def lapse_due(*, at: datetime) -> int:
    """Pause every published listing whose last day, or whose owner's verification, has passed; return how many."""
    today = at.astimezone(CHINA).date()
    published = Listing.objects.published()
    due = published.filter(valid_until__lt=today) | published.filter(owner__verified_until__lt=today)
    codes = list(due.order_by("id").values_list("code", flat=True))
    for code in codes:
        with transaction.atomic():
            _moved(code, "lapse", by=SYSTEM, at=at)
    return len(codes)


@transaction.atomic
def copy_standing(organisation_id: int) -> int:
    """Bring the score that search orders by up to date with the credit ledger; return how many listings changed."""
    score = standing_of(organisation_id)
    rows = Listing.objects.of_organisation(organisation_id).exclude(standing=score)
    return rows.update(standing=score)


# --- shared with imports -----------------------------------------------------------------------------


def prepared(direction_code: str, content: ListingContent, *, owner_id: int, at: datetime) -> Listing:
    """Return an unsaved draft; raises as `create_draft`."""
    kind = direction(direction_code)
    return unsaved(kind, contents.listing_columns(content, kind), owner_id=owner_id, at=at)


def unsaved(kind: Direction, columns: Mapping[str, Any], *, owner_id: int, at: datetime) -> Listing:
    """Return an unsaved draft of columns that `contents.listing_columns` gave."""
    code = uuid.uuid4()
    listing = Listing(
        code=code,
        owner_id=owner_id,
        direction=kind.code,
        created_at=at,
        changed_at=at,
        lottery=code.int % LOTTERY,
        **columns,
    )
    listing.search_text = search_words.of_listing(listing, kind)
    return listing


def standing_of(organisation_id: int) -> int:
    """Return the party's cautious score in thousandths, as the credit ledger tells it."""
    return round(1000 * standings.of([organisation_id])[organisation_id].low)


def snapshot(listing: Listing) -> dict[str, Any]:
    """Return what a version keeps: all that is public, the last day included."""
    content = {name: getattr(listing, name) for name in _VERSIONED}
    content["place"] = [listing.place.x, listing.place.y] if listing.place else None
    content["valid_until"] = listing.valid_until.isoformat() if listing.valid_until else None
    return content


# --- within ------------------------------------------------------------------------------------------


def _own_locked(code: UUID, *, by: Actor) -> Listing:
    owner_id = policies.require_binding(by)
    return Listing.objects.select_for_update().defer("search").get(code=code, owner_id=owner_id)


def _moved(code: UUID, name: str, *, by: Actor, at: datetime, reason: str = "") -> Listing:
    listing = Listing.objects.select_for_update().defer("search").get(code=code)
    parties = policies.listing_parties(by, listing)
    if not parties and listing.state == ListingState.DRAFT:
        raise Listing.DoesNotExist
    source = listing.state
    target = LISTING.target(source, name, parties)
    if target == ListingState.PUBLISHED:
        _check_publishable(listing, at=at)
        listing.published_at = listing.published_at or at
    listing.state = target
    listing.changed_at = at
    listing.save(update_fields=["state", "published_at", "changed_at"])
    ListingStep.objects.create(
        listing=listing, move=name, source=source, target=target, at=at, by_user_id=by.user_id, reason=reason
    )
    audit.record(f"listing.{name}", listing, by=by, at=at)
    if ListingParty.PROVIDER not in parties:
        notifications.notify(
            organisation_ids=[listing.owner_id],
            kind=NoticeKind.ACCOUNT,
            message=_TOLD[name],
            params={"title": listing.title, "reason": reason},
            link=f"/listings/{listing.code}",
            at=at,
        )
    events.publish(f"listing.{target}", audience=[listing.owner_id], listing=listing.code)
    return listing


_TOLD = {
    "lapse": gettext_noop("Your listing “%(title)s” is paused: a proof it rests on has run out."),
    "pause": gettext_noop("Your listing “%(title)s” was paused by the platform: %(reason)s"),
    "remove": gettext_noop("Your listing “%(title)s” was removed by the platform: %(reason)s"),
    "restore": gettext_noop("Your listing “%(title)s” was given back to you, paused: %(reason)s"),
}


def _check_publishable(listing: Listing, *, at: datetime) -> None:
    kind = direction(listing.direction)
    codes = kind.licences(kind.parse_offer(listing.attributes, listing.attributes_version))
    licences = {code: LICENCES[code] for code in codes}
    verification.require_publishable(listing.owner_id, licences=licences, at=at)
    if listing.valid_until is not None and listing.valid_until < at.astimezone(CHINA).date():
        raise ListingExpired(
            gettext_noop("Its last day, %(day)s, has passed."),
            fix=gettext_noop("Edit the listing and give the new date."),
            field="valid_until",
            params={"day": listing.valid_until.isoformat()},
        )


def _remember(listing: Listing, *, by: Actor, at: datetime) -> None:
    ListingVersion.objects.create(
        listing=listing, version=listing.version, content=snapshot(listing), made_at=at, by_user_id=by.user_id
    )

"""Rate the other side of a completed order: sealed until both have spoken or the fortnight is over, then frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.core.actor import SYSTEM, Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common import audit, events
from common.db import advisory_lock, violated_constraint
from common.errors import Refused, gettext_noop
from common.state_machine import TransitionRefused
from credit.core.kinds import EventKind, Source
from credit.services import ledger
from governance import policies
from governance.core import stars as star_values
from governance.core.stars import LEAST, MOST
from governance.models import Rating
from governance.selectors import limits, ratings
from marketplace.selectors import orders as order_reads
from marketplace.services import orders


class RatingRefused(Refused):
    """The order cannot be rated now, or not by this party."""


class AlreadyRated(RatingRefused):
    """The party has rated this order before."""


@dataclass(frozen=True)
class RatingWords:
    """Stars from 1 to 5, overall and in four named dimensions, and a text."""

    stars: int
    as_described: int
    on_time: int
    quality: int
    conduct: int
    text: str = ""


def submit(order_code: UUID, words: RatingWords, *, by: Actor, at: datetime) -> Rating:
    """Rate the other side of a completed order; both open when both are in.

    Raises:
        Order.DoesNotExist: no such order, or not for `by` to see.
        RatingRefused: not completed, the fortnight is over, stars out of range, or `by` may not speak for a side.
        AlreadyRated: the party has rated it before.
    """
    try:
        with transaction.atomic():
            return _submit(order_code, words, by=by, at=at)
    except IntegrityError as error:
        if violated_constraint(error) != "rating_once_per_rater_and_order":
            raise
        raise _already() from error


def _submit(order_code: UUID, words: RatingWords, *, by: Actor, at: datetime) -> Rating:
    order = order_reads.get(order_code, viewer=by)
    # Two sides that speak at the same instant must see each other.
    advisory_lock("governance.rating", order.pk)
    sides = order.party_ids()
    rater_id = by.organisation_id
    is_side = rater_id in sides and len(sides) == 2 and policies.may_speak_for(by, rater_id)
    if not is_side or rater_id is None or by.user_id is None:
        raise RatingRefused(
            gettext_noop("Only the two sides of an order can rate each other."),
            fix=gettext_noop("An owner or manager of the party must do it; in a bundle, rate each leg."),
        )
    if order.completed_at is None:
        raise RatingRefused(
            gettext_noop("An order can be rated once it is completed."),
            fix=gettext_noop("Complete it first."),
        )
    opens_at = limits.deadline("rating.seal", order.completed_at)
    if at >= opens_at:
        raise RatingRefused(gettext_noop("The time for rating this order is over; what was said is open and frozen."))
    if Rating.objects.filter(order=order, rater_id=rater_id).exists():
        raise _already()
    _check(words)
    rating = Rating.objects.create(
        order=order,
        rater_id=rater_id,
        rated_id=next(side for side in sides if side != rater_id),
        of_provider=rater_id == order.consumer_id,
        stars=words.stars,
        as_described=words.as_described,
        on_time=words.on_time,
        quality=words.quality,
        conduct=words.conduct,
        text=words.text,
        written_by_id=by.user_id,
        submitted_at=at,
        opens_at=opens_at,
    )
    audit.record("rate", rating, by=by, at=at)
    both = list(Rating.objects.filter(order=order).select_related("order").order_by("id"))
    if len(both) == 2:
        _reveal(both, at=at)
        _close(order.code, at=at)
        rating.refresh_from_db()
    else:
        notifications.notify(
            organisation_ids=[rating.rated_id],
            kind=NoticeKind.DEAL,
            message=gettext_noop("The other side has rated “%(title)s”. It opens when you have rated too."),
            params={"title": order.title},
            link=f"/orders/{order.code}",
            at=at,
        )
    events.publish("rating.submitted", audience=sides, order=order.code)
    return rating


def reveal_ripe(*, at: datetime) -> int:
    """Open, as SYSTEM, every sealed rating whose fortnight is over; return how many."""
    opened = 0
    for order_id in sorted(set(ratings.ripe(at).values_list("order_id", flat=True))):
        with transaction.atomic():
            advisory_lock("governance.rating", order_id)
            rows = list(ratings.ripe(at).filter(order_id=order_id).select_related("order"))
            _reveal(rows, at=at)
            opened += len(rows)
            if rows:
                _close(rows[0].order.code, at=at)
    return opened


@transaction.atomic
def reply(code: UUID, *, text: str, by: Actor, at: datetime) -> Rating:
    """Write the one public reply of the rated party.

    Raises:
        Rating.DoesNotExist: no such rating, or it is sealed still.
        RatingRefused: `by` may not speak for the rated, a reply stands already, or the time is over.
    """
    rating = Rating.objects.select_for_update().get(code=code)
    if rating.revealed_at is None:
        raise Rating.DoesNotExist
    if not text.strip():
        raise RatingRefused(gettext_noop("A reply needs words."), field="text")
    if not ratings.may_reply(rating, by, at=at):
        raise RatingRefused(gettext_noop("One reply, by the rated party and within its time, is all there is."))
    rating.reply, rating.replied_at = text, at
    rating.save()
    audit.record("reply", rating, by=by, at=at)
    events.publish("rating.replied", audience=(rating.rater_id, rating.rated_id), rating=rating.code)
    return rating


@transaction.atomic
def hide(code: UUID, *, reason: str, by: Actor, at: datetime) -> Rating:
    """Hide the words of a rating because they are unlawful; the stars stay, and that words are hidden shows.

    Raises:
        Rating.DoesNotExist: no such rating, or `by` may not.
        RatingRefused: they are hidden already, or no reason is given.
    """
    rating = Rating.objects.select_for_update().get(code=code)
    if not policies.may_hide(by, rating) or rating.revealed_at is None:
        raise Rating.DoesNotExist
    if not reason.strip():
        raise RatingRefused(gettext_noop("Say which rule the words break."), field="reason")
    if rating.hidden_at is not None:
        raise RatingRefused(gettext_noop("These words are hidden already."))
    rating.hidden_at, rating.hidden_by_id, rating.hidden_reason = at, by.user_id, reason
    rating.save()
    audit.record("hide", rating, by=by, at=at, reason=reason)
    notifications.notify(
        organisation_ids=[rating.rater_id],
        kind=NoticeKind.DEAL,
        message=gettext_noop("The words of your rating were hidden: %(reason)s Your stars stay."),
        params={"reason": reason},
        link=f"/orders/{rating.order.code}",
        at=at,
    )
    return rating


def _reveal(rows: Iterable[Rating], *, at: datetime) -> None:
    for rating in rows:
        if rating.revealed_at is not None:
            continue
        rating.revealed_at = at
        rating.save(update_fields=["revealed_at"])
        ledger.record(
            organisation_id=rating.rated_id,
            kind=EventKind.RATING_RECEIVED,
            source=Source.RATING,
            source_code=str(rating.code),
            value=star_values.value(rating.stars),
            amount_fen=rating.order.total_fen,
            counterparty_id=rating.rater_id,
            occurred_at=at,
            at=at,
        )
        notifications.notify(
            organisation_ids=[rating.rated_id],
            kind=NoticeKind.DEAL,
            message=gettext_noop("A rating of your party for “%(title)s” is now open."),
            params={"title": rating.order.title},
            link=f"/orders/{rating.order.code}",
            at=at,
        )
        events.publish("rating.revealed", audience=(rating.rater_id, rating.rated_id), rating=rating.code)


def _close(order_code: UUID, *, at: datetime) -> None:
    try:
        orders.close(order_code, by=SYSTEM, at=at)
    except TransitionRefused:
        return  # held by a complaint, or closed by its own deadline: ratings open all the same


def _check(words: RatingWords) -> None:
    for field in ("stars", *star_values.DIMENSIONS):
        if not LEAST <= getattr(words, field) <= MOST:
            raise RatingRefused(gettext_noop("Stars go from 1 to 5."), field=field)


def _already() -> AlreadyRated:
    return AlreadyRated(gettext_noop("Your party has rated this order before; a rating is not changed."))

"""Ratings as their writers, the rated and the public see them: nothing sealed is shown to the other side."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet

from accounts.core.actor import Actor
from governance import policies
from governance.core.stars import DIMENSIONS
from governance.models import Rating
from governance.selectors import limits
from marketplace.selectors import orders


@dataclass(frozen=True)
class OrderRatings:
    """Where the two ratings of an order stand for one viewer."""

    own: Rating | None  # what the viewer's party said
    other: Rating | None  # what the other side said, once open
    other_is_in: bool  # the other side has spoken, perhaps still sealed
    opens_at: datetime | None  # None until the order is completed
    may_rate: bool
    may_reply: bool


def of_order(order_code: UUID, *, viewer: Actor, at: datetime) -> OrderRatings:
    """Return both sides' ratings of an order as `viewer` may see them.

    Raises:
        Order.DoesNotExist: no such order, or not the viewer's to see.
    """
    order = orders.get(order_code, viewer=viewer)
    found = {rating.rater_id: rating for rating in Rating.objects.filter(order=order).select_related("rater", "rated")}
    own = found.pop(viewer.organisation_id or 0, None)
    other = next(iter(found.values()), None)
    is_side = viewer.organisation_id in order.party_ids()
    opens_at = limits.deadline("rating.seal", order.completed_at) if order.completed_at else None
    may_rate = (
        is_side
        and own is None
        and policies.may_speak_for(viewer, viewer.organisation_id)
        and len(order.party_ids()) == 2
        and opens_at is not None
        and at < opens_at
    )
    visible = other if other is not None and other.revealed_at is not None else None
    return OrderRatings(
        own=own,
        other=visible,
        other_is_in=other is not None,
        opens_at=opens_at,
        may_rate=may_rate,
        may_reply=visible is not None and may_reply(visible, viewer, at=at),
    )


def may_reply(rating: Rating, viewer: Actor, *, at: datetime) -> bool:
    """Tell whether `viewer` may write the one public reply to an open rating of their party."""
    return (
        policies.may_speak_for(viewer, rating.rated_id)
        and rating.revealed_at is not None
        and not rating.reply
        and at < limits.deadline("rating.reply", rating.revealed_at)
    )


def get(code: UUID, *, viewer: Actor) -> Rating:
    """Return one rating.

    Raises:
        Rating.DoesNotExist: no such rating, or it is sealed and not the viewer's own.
    """
    rating = Rating.objects.select_related("order", "rater", "rated").get(code=code)
    if rating.revealed_at is None and rating.rater_id != viewer.organisation_id:
        raise Rating.DoesNotExist
    return rating


def to_hide(code: UUID, *, viewer: Actor) -> Rating:
    """Return an open rating whose words `viewer` may hide.

    Raises:
        Rating.DoesNotExist: no such rating, it is sealed, or `viewer` may not.
    """
    rating = get(code, viewer=viewer)
    if rating.revealed_at is None or not policies.may_hide(viewer, rating):
        raise Rating.DoesNotExist
    return rating


def public_of(organisation_id: int) -> QuerySet[Rating]:
    """Return the open ratings of a party, newest first."""
    return (
        Rating.objects.filter(rated_id=organisation_id, revealed_at__isnull=False)
        .select_related("rater", "order")
        .order_by("-revealed_at", "-id")
    )


def visible_to(viewer: Actor) -> QuerySet[Rating]:
    """Return the ratings that the viewer's party gave, and the open ones it received, newest first."""
    if viewer.organisation_id is None:
        return Rating.objects.none()
    return (
        Rating.objects.filter(
            Q(rater_id=viewer.organisation_id) | Q(rated_id=viewer.organisation_id, revealed_at__isnull=False)
        )
        .select_related("order", "rater", "rated")
        .order_by("-submitted_at", "-id")
    )


def averages(organisation_id: int) -> dict[str, float | int | None]:
    """Return the plain mean of each dimension and the count over the open ratings of a party."""
    sums = public_of(organisation_id).aggregate(
        count=Count("id"), **{name: Avg(name) for name in ("stars", *DIMENSIONS)}
    )
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in sums.items()}


def spread(organisation_id: int) -> list[tuple[int, int]]:
    """Return (stars, how many) from five to one over the open ratings of a party."""
    counts = dict(
        Rating.objects.filter(rated_id=organisation_id, revealed_at__isnull=False)
        .values_list("stars")
        .annotate(count=Count("id"))
    )
    return [(stars, counts.get(stars, 0)) for stars in range(5, 0, -1)]


def ripe(at: datetime) -> QuerySet[Rating]:
    """Return the sealed ratings whose fortnight is over."""
    return Rating.objects.filter(revealed_at__isnull=True, opens_at__lte=at).order_by("id")

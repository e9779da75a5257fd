"""Needs and offers as a match round reads them: what is open, and how much of their time is taken."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db.models import Count, Q, Sum
from psycopg.types.range import TimestamptzRange

from marketplace.core import booking_states, delivery_states, order_states
from marketplace.directions import Direction
from marketplace.models import (
    AvailabilityException,
    AvailabilityRule,
    Booking,
    Delivery,
    Demand,
    DemandLeg,
    Listing,
    Order,
)


@dataclass(frozen=True)
class Part:
    """What a need asks of one partner: the whole need, or one leg of a bundle."""

    leg_id: int | None
    name: str
    attributes: Mapping[str, Any]
    attributes_version: int
    quantity: int
    unit: str
    budget_fen: int | None


@dataclass(frozen=True)
class Need:
    """A published demand with what orders have not covered of it yet."""

    id: int
    code: UUID
    version: int
    owner_id: int
    radius_m: int | None
    posted_at: datetime
    is_whole: bool
    max_suppliers: int
    period: TimestamptzRange | None
    place: Point | None
    parts: tuple[Part, ...]


def needs(direction: Direction, *, at: datetime, without: Collection[int]) -> list[Need]:
    """Return the open needs of a direction in order of posting, less what open orders cover.

    Args:
        without: ids of demands to leave out.
    """
    open_orders = Q(orders__state__in=sorted(order_states.OPEN), orders__parent=None)
    rows = (
        Demand.objects.published()
        .filter(direction=direction.code)
        .filter(Q(deadline_at=None) | Q(deadline_at__gt=at))
        .exclude(pk__in=without)
        .annotate(ordered=Sum("orders__quantity", filter=open_orders, default=0))
        .defer("description", "search_text", "search", "address")
        .prefetch_related("legs")
        .order_by("published_at", "id")
    )
    found = []
    for row in rows:
        ordered: int = row.ordered  # type: ignore[attr-defined]  # annotated above
        parts = _legs(row) if direction.has_legs else (_whole(row, ordered),)
        is_covered = ordered > 0 if direction.has_legs else ordered >= row.quantity
        if parts and not is_covered:
            found.append(_need(row, parts))
    return found


def lots(listing_ids: Collection[int]) -> list[Listing]:
    """Return the listings in order of id, without their texts."""
    texts = ("description", "summary", "search_text", "search", "address")
    return list(Listing.objects.filter(pk__in=listing_ids).defer(*texts).order_by("id"))


def weekly_hours(listing_ids: Collection[int]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (listing id, weekday, start minute, end minute) of every weekly opening."""
    rows = AvailabilityRule.objects.filter(listing_id__in=listing_ids).order_by("listing_id", "id")
    yield from rows.values_list("listing_id", "weekday", "start_minute", "end_minute")


def taken_times(listing_ids: Collection[int], within: TimestamptzRange) -> Iterator[tuple[int, TimestamptzRange, bool]]:
    """Yield (listing id, period, is one place only) of what is booked, or closed as a whole, within a period."""
    booked = Booking.objects.filter(
        listing_id__in=listing_ids, state__in=sorted(booking_states.OCCUPYING), period__overlap=within
    )
    for listing_id, period in booked.order_by("id").values_list("listing_id", "period"):
        yield listing_id, period, True
    closed = AvailabilityException.objects.filter(listing_id__in=listing_ids, is_open=False, period__overlap=within)
    for listing_id, period in closed.order_by("id").values_list("listing_id", "period"):
        yield listing_id, period, False


def orders_under_way(listing_ids: Collection[int]) -> dict[int, int]:
    """Return how many orders each listing has that are proposed or not done yet, by listing id."""
    working = order_states.OPEN - {order_states.OrderState.COMPLETED}
    rows = Order.objects.filter(listing_id__in=listing_ids, state__in=sorted(working))
    return dict(rows.values_list("listing_id").annotate(n=Count("id")).order_by())


def planned_quantities(
    listing_ids: Collection[int], within: TimestamptzRange
) -> Iterator[tuple[int, TimestamptzRange, int]]:
    """Yield (listing id, period, quantity) of what is to be delivered within a period."""
    rows = Delivery.objects.filter(
        listing_id__in=listing_ids, state__in=sorted(delivery_states.OCCUPYING), period__overlap=within
    )
    yield from rows.order_by("id").values_list("listing_id", "period", "quantity")


def _whole(row: Demand, ordered: int) -> Part:
    left = row.quantity - ordered
    return Part(None, "", row.attributes, row.attributes_version, left, row.unit, row.budget_fen)


def _legs(row: Demand) -> tuple[Part, ...]:
    """Return the legs of a bundle; one without a budget of its own has an equal share of the whole budget."""
    legs: list[DemandLeg] = sorted(row.legs.all(), key=lambda leg: leg.ordinal)
    return tuple(
        Part(
            leg.pk,
            leg.title,
            leg.attributes,
            row.attributes_version,
            leg.quantity,
            leg.unit,
            _leg_budget(row, leg, legs),
        )
        for leg in legs
    )


def _leg_budget(row: Demand, leg: DemandLeg, legs: Sequence[DemandLeg]) -> int | None:
    if leg.budget_fen is not None or row.budget_fen is None:
        return leg.budget_fen
    return row.budget_fen * row.quantity // len(legs) // leg.quantity


def _need(row: Demand, parts: tuple[Part, ...]) -> Need:
    return Need(
        id=row.pk,
        code=row.code,
        version=row.version,
        owner_id=row.owner_id,
        radius_m=row.radius_m,
        posted_at=row.published_at or row.created_at,
        is_whole=row.is_whole or len(parts) > 1,
        max_suppliers=row.max_suppliers,
        period=row.period,
        place=row.place,
        parts=parts,
    )

"""Needs and offers as a match round reads them: what is open, and how much of their time is taken."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, FloatField, Func, Q, Sum
from psycopg.types.range import TimestamptzRange

from marketplace.core import booking_states, delivery_states, order_states
from marketplace.core.demand_states import DemandState
from marketplace.directions import Direction
from marketplace.models import (
    AvailabilityException,
    AvailabilityRule,
    Booking,
    Delivery,
    Demand,
    DemandLeg,
    Order,
)

Degrees = tuple[float, float]  # longitude, latitude


class Part(NamedTuple):
    """What a need asks of one partner: the whole need, or one leg of a bundle."""

    leg_id: int | None
    name: str
    attributes: Mapping[str, Any]
    attributes_version: int
    quantity: int
    unit: str
    budget_fen: int | None


class Need(NamedTuple):
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
    place: Degrees | None
    parts: tuple[Part, ...]


class Offer(NamedTuple):
    """A published listing as far as a round looks at it."""

    id: int
    owner_id: int
    code: UUID
    version: int
    unit: str
    standing: int
    price_fen: int | None
    floor_fen: int | None
    minimum_lot: int
    setup_fee_fen: int
    capacity_per_week: int | None
    division_code: str
    is_allotted: bool
    attributes: Mapping[str, Any]
    place: Degrees | None


def needs(direction: Direction, *, at: datetime, without: Collection[int]) -> list[Need]:
    """Return the open needs of a direction in order of posting, less what open orders cover.

    Args:
        without: ids of demands to leave out.
    """
    of_direction = Q(demand__direction=direction.code, parent=None, state__in=sorted(order_states.OPEN))
    sums = Order.objects.filter(of_direction).values_list("demand_id").annotate(n=Sum("quantity")).order_by()
    ordered = dict(sums)
    legs = _legs(direction) if direction.has_legs else {}
    rows = (
        Demand.objects.published()
        .filter(direction=direction.code)
        .filter(Q(deadline_at=None) | Q(deadline_at__gt=at))
        .exclude(pk__in=without)
        .order_by("published_at", "id")
        .values_list(*_NEED, *_DEGREES)
    )
    found = []
    for row in rows.iterator(chunk_size=_CHUNK):
        of = dict(zip(_NEED, row, strict=False))
        covered = ordered.get(of["id"], 0)
        if direction.has_legs:
            parts = _bundle(of, legs.get(of["id"], ()))
            is_covered = covered > 0
        else:
            left = of["quantity"] - covered
            version = of["attributes_version"]
            parts = (Part(None, "", of["attributes"], version, left, of["unit"], of["budget_fen"]),)
            is_covered = left <= 0
        if parts and not is_covered:
            found.append(_need(of, parts, row[-2:]))
    return found


def offers(listing_ids: Sequence[int]) -> list[Offer]:
    """Return the listings in order of id."""
    sql = """
        SELECT id, owner_id, code, version, unit, standing, price_fen, COALESCE(reserve_price_fen, price_fen),
            minimum_lot, setup_fee_fen, capacity_per_week, division_code, is_allotted,
            attributes::text,
            ST_X(place::geometry), ST_Y(place::geometry)
        FROM marketplace_listing WHERE id = ANY(%s) ORDER BY id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(listing_ids)])
        return [
            Offer._make((*row[:13], json.loads(row[13]), None if row[14] is None else (row[14], row[15])))
            for row in cursor.fetchall()
        ]


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


_NEED = (
    "id", "code", "version", "owner_id", "radius_m", "published_at", "created_at", "is_whole", "max_suppliers",
    "period", "attributes", "attributes_version", "quantity", "unit", "budget_fen",
)  # fmt: skip
_DEGREES = tuple(
    Func("place", template=f"{axis}(%(expressions)s::geometry)", output_field=FloatField()) for axis in ("ST_X", "ST_Y")
)
_LEG = ("demand_id", "id", "title", "attributes", "quantity", "unit", "budget_fen")
_CHUNK = 5_000


def _legs(direction: Direction) -> dict[int, list[tuple[Any, ...]]]:
    """Return the legs of all published bundles, by demand id, in their order."""
    rows = DemandLeg.objects.filter(demand__direction=direction.code, demand__state=DemandState.PUBLISHED)
    found: dict[int, list[tuple[Any, ...]]] = {}
    for demand_id, *leg in rows.order_by("demand_id", "ordinal").values_list(*_LEG).iterator(chunk_size=_CHUNK):
        found.setdefault(demand_id, []).append(tuple(leg))
    return found


def _bundle(of: Mapping[str, Any], legs: Sequence[tuple[Any, ...]]) -> tuple[Part, ...]:
    """Return the parts of a bundle; one without a budget of its own has an equal share of the whole budget."""
    whole_fen = None if of["budget_fen"] is None else of["budget_fen"] * of["quantity"]
    parts = []
    for leg_id, title, attributes, quantity, unit, own_fen in legs:
        budget_fen = own_fen if own_fen is not None or whole_fen is None else whole_fen // len(legs) // quantity
        parts.append(Part(leg_id, title, attributes, of["attributes_version"], quantity, unit, budget_fen))
    return tuple(parts)


def _need(of: Mapping[str, Any], parts: tuple[Part, ...], place: tuple[float | None, float | None]) -> Need:
    longitude, latitude = place
    return Need(
        id=of["id"],
        code=of["code"],
        version=of["version"],
        owner_id=of["owner_id"],
        radius_m=of["radius_m"],
        posted_at=of["published_at"] or of["created_at"],
        is_whole=of["is_whole"] or len(parts) > 1,
        max_suppliers=of["max_suppliers"],
        period=of["period"],
        place=None if longitude is None or latitude is None else (longitude, latitude),
        parts=parts,
    )

"""Needs and offers as a match round reads them: what is open, who could do it, and which filter left a need alone."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from psycopg.types.range import TimestamptzRange

from marketplace.core import booking_states, delivery_states, order_states
from marketplace.directions import Direction, narrowing
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

EARTH_M = 20_040_000  # half way round: no two places are farther apart


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
    posted_at: datetime
    is_whole: bool
    max_suppliers: int
    period: TimestamptzRange | None
    place: Point | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Pair:
    """An offer that passed every hard filter of a part of a need; no distance where one of them has no place."""

    demand_id: int
    leg_id: int | None
    listing_id: int
    distance_m: int | None


@dataclass(frozen=True)
class Hurdle:
    """The first filter that leaves a need without candidates, and the offer that came nearest to passing it.

    Attributes:
        filter: "offered", "reach", "time", "licence" or "price".
        distance_m, floor_fen: of the nearest (for price: the cheapest) offer that passes all filters before.
    """

    demand_id: int
    filter: str
    distance_m: int | None
    floor_fen: int | None


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


def pairs(
    direction: Direction,
    asked: Sequence[Need],
    *,
    nearest: int,
    radius_m: int,
    at: datetime,
    barred: Collection[int] = (),
) -> list[Pair]:
    """Return for each part of each need the `nearest` offers that pass every hard filter, in one query.

    Offers without a place work at a distance: the cheapest `nearest` of them come in addition.

    Args:
        radius_m: farthest that two places may be apart, in metres, where the need names no shorter one; 0 for none.
        barred: ids of the parties whose offers count as not there.

    Notes:
        Per need one walk over the spatial index from its place outwards, which ends after `nearest` hits
        or at the radius, so its cost does not grow with the radius. The planner, who expects few hits, would
        rather read everything within the radius and sort it; it is told not to sort.
    """
    rows = _nearest(direction, asked, FILTERS, "TRUE", nearest=nearest, radius_m=radius_m, at=at, barred=barred)
    return [
        Pair(demand_id, leg_id, listing_id, None if distance_m is None else round(distance_m))
        for demand_id, leg_id, listing_id, distance_m, *_ in rows
    ]


def hurdles(
    direction: Direction, asked: Sequence[Need], *, radius_m: int, at: datetime, barred: Collection[int] = ()
) -> dict[int, Hurdle]:
    """Return, by demand id, which filter leaves each need without any candidate among the LOOKED_AT nearest offers.

    A need of several legs is answered for the first leg that nobody can serve.
    """
    passes = ", ".join(f"COALESCE({_CONDITIONS[name]}, {name == 'reach'})" for name in FILTERS[1:])
    columns = f"ARRAY[{passes}], {FLOOR}"
    rows = _nearest(direction, asked, ("offered",), columns, nearest=LOOKED_AT, radius_m=radius_m, at=at, barred=barred)
    near: dict[tuple[int, int | None], list[_Offer]] = {}
    for demand_id, leg_id, _, distance_m, passed, floor_fen in rows:
        near.setdefault((demand_id, leg_id), []).append(_Offer(distance_m, tuple(passed), floor_fen))
    found: dict[int, Hurdle] = {}
    for need in asked:
        first = (_hurdle(need.id, near.get((need.id, part.leg_id), [])) for part in need.parts)
        hurdle = next((each for each in first if each), None)
        if hurdle:
            found[need.id] = hurdle
    return found


LOOKED_AT = 50


@dataclass(frozen=True)
class _Offer:
    """One offer near a need, with whether it passes each filter after the first."""

    distance_m: float | None
    passed: tuple[bool, ...]
    floor_fen: int | None


def _hurdle(demand_id: int, offers: Sequence[_Offer]) -> Hurdle | None:
    """Return the first filter after which nothing is left, or None where something is."""
    left, name = list(offers), FILTERS[0]
    for number, following in enumerate(FILTERS[1:]):
        if not left:
            break
        name = following
        kept = [offer for offer in left if offer.passed[number]]
        if not kept:
            distances = [offer.distance_m for offer in left if offer.distance_m is not None]
            floors = [offer.floor_fen for offer in left if offer.floor_fen is not None]
            nearest_m = round(min(distances)) if distances else None
            return Hurdle(demand_id, name, nearest_m, min(floors) if floors else None)
        left = kept
    return None if left else Hurdle(demand_id, name, None, None)


def _nearest(
    direction: Direction,
    asked: Sequence[Need],
    filters: Sequence[str],
    columns: str,
    *,
    nearest: int,
    radius_m: int,
    at: datetime,
    barred: Collection[int],
) -> list[tuple[Any, ...]]:
    """Return (demand id, leg id, listing id, distance, *columns) of the nearest offers that pass the filters.

    Offers at a distance, and all offers for a need without a place, come cheapest first instead.
    """
    anywhere = _passing(*(name for name in filters if name != "reach"))
    cheapest = f"ORDER BY {FLOOR} NULLS LAST, l.lottery, l.id LIMIT %(nearest)s"
    sql = f"""
        {_wanted(direction)}
        SELECT wanted.demand_id, wanted.leg_id, found.*
        FROM wanted CROSS JOIN LATERAL (
            SELECT l.id, l.place <-> wanted.place AS distance_m, {columns} FROM marketplace_listing l
            WHERE {_passing(*filters)} AND l.place IS NOT NULL
            ORDER BY l.place <-> wanted.place LIMIT %(nearest)s
        ) found WHERE wanted.place IS NOT NULL
        UNION ALL
        SELECT wanted.demand_id, wanted.leg_id, found.*
        FROM wanted CROSS JOIN LATERAL (
            SELECT l.id, NULL::float8, {columns} FROM marketplace_listing l
            WHERE {anywhere} AND l.place IS NULL {cheapest}
        ) found
        UNION ALL
        SELECT wanted.demand_id, wanted.leg_id, found.*
        FROM wanted CROSS JOIN LATERAL (
            SELECT l.id, NULL::float8, {columns} FROM marketplace_listing l
            WHERE {anywhere} AND l.place IS NOT NULL {cheapest}
        ) found WHERE wanted.place IS NULL
        ORDER BY 1, 2 NULLS FIRST, 3
    """  # noqa: S608  only constants and names of schema fields are put in
    rows = [(need.id, part.leg_id, part.budget_fen) for need in asked for part in need.parts]
    arguments: dict[str, Any] = {
        "demand_ids": [row[0] for row in rows],
        "leg_ids": [row[1] for row in rows],
        "budgets": [row[2] for row in rows],
        "radius_m": radius_m or EARTH_M,
        "at": at,
        "nearest": nearest,
        "barred": sorted(barred),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Told not to sort, the planner counts sorts as endless cost, and would compile every query because of it.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL jit = off")
        cursor.execute(sql, arguments)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.execute("SET LOCAL enable_sort TO DEFAULT; SET LOCAL jit TO DEFAULT")
    return found


FILTERS = ("offered", "reach", "time", "licence", "price")
FLOOR = "COALESCE(l.reserve_price_fen, l.price_fen)"
_CONDITIONS = {
    "offered": "l.family = wanted.family AND l.owner_id <> wanted.owner_id AND l.owner_id <> ALL(%(barred)s::bigint[])",
    "reach": "ST_DWithin(l.place, wanted.place, wanted.radius_m)",
    "time": "(wanted.until IS NULL OR wanted.until > %(at)s + l.lead_time_days * INTERVAL '1 day')",
    "licence": "(l.valid_until IS NULL OR l.valid_until >= (GREATEST(wanted.since, %(at)s) AT TIME ZONE 'Asia/Shanghai')::date)",  # noqa: E501
    "price": f"(wanted.budget_fen >= {FLOOR} OR {FLOOR} IS NULL)",
}


def _wanted(direction: Direction) -> str:
    source = "leg" if direction.has_legs else "d"
    return f"""
        WITH wanted AS MATERIALIZED (
            SELECT d.id AS demand_id, leg.id AS leg_id, d.owner_id, d.place, asked.budget_fen,
                LEAST(d.radius_m, %(radius_m)s) AS radius_m, lower(d.period) AS since, upper(d.period) AS until,
                d.direction || '/' || {source}.unit || '/'
                    || split_part({source}.attributes ->> '{narrowing(direction)}', '.', 1) AS family
            FROM unnest(%(demand_ids)s::bigint[], %(leg_ids)s::bigint[], %(budgets)s::bigint[])
                AS asked (demand_id, leg_id, budget_fen)
            JOIN marketplace_demand d ON d.id = asked.demand_id
            LEFT JOIN marketplace_demandleg leg ON leg.id = asked.leg_id
        )
    """  # noqa: S608


def _passing(*names: str) -> str:
    return " AND ".join(_CONDITIONS[name] for name in names)


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
        posted_at=row.published_at or row.created_at,
        is_whole=row.is_whole or len(parts) > 1,
        max_suppliers=row.max_suppliers,
        period=row.period,
        place=row.place,
        parts=parts,
    )

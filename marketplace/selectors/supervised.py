"""Listings, demands and orders as the supervision reads them: within a territory, no free text, no secret price."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import BigIntegerField, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.core.parties import OrganisationKind
from common.territory import within
from marketplace.core.demand_states import DemandState
from marketplace.core.listing_states import ListingState
from marketplace.core.order_states import BINDING, OPEN
from marketplace.models import Agreement, Booking, Demand, Listing, Order

Row = dict[str, Any]
_BLANK = Value("", output_field=CharField())


def listings(ids: Collection[int], prefixes: Collection[str]) -> list[Row]:
    """Return the listings of `ids` in the territory that were ever published."""
    rows = _listings(prefixes).filter(pk__in=ids).values(
        "pk", "owner_id", "owner__kind", "direction", "state", "division_code", "industry_code", "place", "unit",
        "price_fen", "setup_fee_fen", "minimum_lot", "capacity_per_week", "lead_time_days", "valid_until",
        "published_at", "changed_at", "is_demo",
    )  # fmt: skip
    return [{**row, "place": _point(row["place"], row["owner__kind"]), "about": [row["owner_id"]]} for row in rows]


def demands(ids: Collection[int], prefixes: Collection[str]) -> list[Row]:
    """Return the demands of `ids` in the territory that were ever published."""
    rows = _demands(prefixes).filter(pk__in=ids).values(
        "pk", "owner_id", "owner__kind", "direction", "state", "division_code", "industry_code", "place", "quantity",
        "unit", "period", "is_whole", "max_suppliers", "deadline_at", "published_at", "changed_at", "is_demo",
    )  # fmt: skip
    return [
        {**row, **_span(row["period"]), "place": _point(row["place"], row["owner__kind"]), "about": [row["owner_id"]]}
        for row in rows
    ]


def orders(ids: Collection[int], prefixes: Collection[str]) -> list[Row]:
    """Return the orders of `ids` that take place in the territory."""
    digest = Agreement.objects.filter(order=OuterRef("pk")).order_by("-version").values("sha256")[:1]
    rows = _orders(prefixes).filter(pk__in=ids).annotate(agreement_sha256=Subquery(digest)).values(
        "pk", "consumer_id", "provider_id", "listing_id", "demand_id", "parent_id", "direction", "lifecycle", "state",
        "division", "quantity", "unit", "unit_price_fen", "setup_fen", "total_fen", "cancel_fee_fen", "source",
        "period", "proposed_at", "agreed_at", "completed_at", "ended_at", "due_at", "agreement_sha256",
        is_demo=F("consumer__is_demo"),
    )  # fmt: skip
    return [
        {**row, **_span(row["period"]), "division_code": row["division"],
         "about": [party for party in (row["consumer_id"], row["provider_id"]) if party]}
        for row in rows
    ]  # fmt: skip


def activity(prefixes: Collection[str]) -> list[Row]:
    """Return what stands open now by division and direction: listings, demands, orders."""
    found: dict[tuple[str, str], Row] = {}
    published_listings = _listings(prefixes).filter(state=ListingState.PUBLISHED)
    published_demands = _demands(prefixes).filter(state=DemandState.PUBLISHED)
    open_orders = _orders(prefixes).filter(state__in=sorted(OPEN))
    for name, rows, column in (
        ("listings", published_listings, "division_code"),
        ("demands", published_demands, "division_code"),
        ("orders", open_orders, "division"),
    ):
        for division, direction, number in rows.values_list(column, "direction").annotate(n=Count("pk")).order_by():
            empty = {"division_code": division, "direction": direction, "listings": 0, "demands": 0, "orders": 0}
            found.setdefault((division, direction), empty)[name] = number
    return [found[key] for key in sorted(found)]


def count_listings(prefixes: Collection[str], at: datetime) -> Row:
    """Return how many listings there are, and those whose data cannot be right."""
    return _listings(prefixes).aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(state=ListingState.PUBLISHED)),
        no_division=Count("pk", filter=Q(division_code="")),
        no_place=Count("pk", filter=Q(place__isnull=True)),
        no_industry=Count("pk", filter=Q(industry_code="")),
        zero_price=Count("pk", filter=Q(price_fen=0)),
        in_the_future=Count("pk", filter=Q(published_at__gt=at) | Q(changed_at__gt=at)),
        licence_expired=Count("pk", filter=Q(state=ListingState.PUBLISHED, valid_until__lt=at.date())),
    )


def count_demands(prefixes: Collection[str], at: datetime) -> Row:
    """Return how many demands there are, and those whose data cannot be right."""
    return _demands(prefixes).aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(state=DemandState.PUBLISHED)),
        no_division=Count("pk", filter=Q(division_code="")),
        no_period=Count("pk", filter=Q(period__isnull=True)),
        zero_budget=Count("pk", filter=Q(budget_fen=0)),
        in_the_future=Count("pk", filter=Q(published_at__gt=at) | Q(changed_at__gt=at)),
    )


def count_orders(prefixes: Collection[str], at: datetime) -> Row:
    """Return how many orders there are, what the agreed ones are worth, and those whose data cannot be right."""
    orders_there = _orders(prefixes)
    agreed = Q(state__in=sorted(BINDING)) & Q(provider__isnull=False)
    hashes = Agreement.objects.filter(order__in=orders_there.values("pk")).values("sha256")
    return orders_there.aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(state__in=sorted(OPEN))),
        agreed_fen=Coalesce(Sum("total_fen", filter=agreed), Value(0)),
        no_division=Count("pk", filter=Q(division="")),
        zero_total=Count("pk", filter=agreed & Q(total_fen=0)),
        agreed_before_proposed=Count("pk", filter=Q(agreed_at__lt=F("proposed_at"))),
        completed_before_agreed=Count("pk", filter=Q(completed_at__lt=F("agreed_at"))),
        in_the_future=Count("pk", filter=Q(proposed_at__gt=at) | Q(agreed_at__gt=at) | Q(completed_at__gt=at)),
        late=Count("pk", filter=Q(due_at__lt=at)),
    ) | {"duplicate_agreement_hash": hashes.annotate(n=Count("order", distinct=True)).filter(n__gt=1).count()}


def tally(what: str, start: datetime, end: datetime) -> Iterator[tuple[str, str, int, str, int]]:
    """Yield (division, direction, party, person, value) for each event of [start, end).

    Args:
        what: "listings_published", "demands_published", "orders_agreed", "orders_completed", "orders_value_fen" or
            "hours_used".
    """
    for division, direction, party, person, value in _TALLIES[what](start, end).iterator():
        yield division, direction, party, str(person), value


def _published(rows: QuerySet[Any], start: datetime, end: datetime) -> QuerySet[Any]:
    first_hand = Coalesce(Subquery(_first_version_by(rows.model)), F("owner_id"), output_field=BigIntegerField())
    there = rows.filter(published_at__gte=start, published_at__lt=end).annotate(person=first_hand, one=Value(1))
    values: QuerySet[Any] = there.values_list("division_code", "direction", "owner_id", "person", "one")
    return values


def _first_version_by(model: Any) -> QuerySet[Any]:
    versions = model._meta.get_field("versions").related_model.objects
    owner = model._meta.model_name
    first: QuerySet[Any] = versions.filter(**{owner: OuterRef("pk")}).order_by("version")
    return first.values("by_user_id")[:1]


def _moved(column: str, value: str, start: datetime, end: datetime) -> QuerySet[Any]:
    there = _orders([""]).filter(**{f"{column}__gte": start, f"{column}__lt": end}, provider__isnull=False)
    counted = there.annotate(one=Value(1))
    values: QuerySet[Any] = counted.values_list("division", "direction", "provider_id", "consumer_id", value)
    return values


def _hours(start: datetime, end: datetime) -> QuerySet[Any]:
    there = Booking.objects.filter(ended_at__gte=start, ended_at__lt=end)
    return there.annotate(
        used_hours=Coalesce(F("used_s") / 3600, F("hours"), output_field=BigIntegerField())
    ).values_list("listing__division_code", "listing__direction", "listing__owner_id", "consumer_id", "used_hours")


_TALLIES = {
    "listings_published": lambda start, end: _published(_listings([""]), start, end),
    "demands_published": lambda start, end: _published(_demands([""]), start, end),
    "orders_agreed": lambda start, end: _moved("agreed_at", "one", start, end),
    "orders_completed": lambda start, end: _moved("completed_at", "one", start, end),
    "orders_value_fen": lambda start, end: _moved("agreed_at", "total_fen", start, end),
    "hours_used": _hours,
}


def _listings(prefixes: Collection[str]) -> QuerySet[Listing]:
    return Listing.objects.filter(within("division_code", prefixes), published_at__isnull=False)


def _demands(prefixes: Collection[str]) -> QuerySet[Demand]:
    return Demand.objects.filter(within("division_code", prefixes), published_at__isnull=False)


def _orders(prefixes: Collection[str]) -> QuerySet[Order]:
    """Orders where the work is done: at the listing's place, else the provider's, the demand's, the consumer's."""
    columns = ("listing__division_code", "provider__division_code", "demand__division_code", "consumer__division_code")
    place = Coalesce(*(NullIf(F(column), _BLANK) for column in columns), _BLANK)
    return Order.objects.annotate(division=place).filter(within("division", prefixes))


def _point(place: Point | None, kind: str) -> tuple[float, float] | None:
    """Return (lng, lat); a person's listing is too close to where they live to give more than the district."""
    return None if place is None or kind == OrganisationKind.PERSON else (place.x, place.y)


def _span(period: Any) -> Row:
    return {"period_start": period.lower if period else None, "period_end": period.upper if period else None}

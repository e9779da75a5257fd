"""Search over published listings: one page of results, their places, and how many each further filter would leave."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib.gis.db.models.functions import Distance
from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, F, FloatField, Func, Q, Value

from marketplace.core.search import Filters, Sort, from_params, to_params
from marketplace.directions import CODES, DIRECTIONS, FieldSpec, Kind, direction, field_of
from marketplace.models import Listing
from marketplace.models.listing import ListingQuerySet
from marketplace.selectors.search_query import matching, point_of

PER_PAGE = 24
MOST_PAGES = 50
MOST_COUNTED = 10_000
MOST_PLACES = 500
FACETS_FRESH_S = 60
LOTTERY = 2**31

T = TypeVar("T")


@dataclass(frozen=True)
class Results:
    """One page of what was found.

    Attributes:
        listings: with `owner` joined, and `distance` (metres, a Distance) where the search names a place.
        total: how many there are, counted up to MOST_COUNTED; `is_total_exact` tells whether that was all.
        page, n_pages: from 1; at most MOST_PAGES pages can be turned, further filters lead further.
    """

    listings: list[Listing]
    total: int
    is_total_exact: bool
    page: int
    n_pages: int


@dataclass(frozen=True)
class Spot:
    """A result on the map."""

    code: str
    title: str
    direction: str
    lng: float
    lat: float
    price_fen: int | None
    unit: str


@dataclass(frozen=True)
class Facet:
    """A filter on one attribute, each value with the number of results that have it, the most frequent first."""

    field: FieldSpec
    options: tuple[tuple[str, str, int, bool], ...]  # value, label in the reader's language, count, is chosen


def read(params: Mapping[str, Sequence[str]]) -> Filters:
    """Return the filters that an address asks for; unknown directions and attributes are left out."""
    code = (params.get("direction") or [""])[-1]
    return replace(
        from_params(params, facets=direction(code).facets if code in CODES else ()),
        direction=code if code in CODES else "",
    )


def find(filters: Filters, *, page: int = 1, at: datetime) -> Results:
    """Return one page of the published listings that pass `filters`, the same for every viewer.

    Two queries; one or two more where the neutral order of many pages comes round to its beginning.

    Args:
        at: decides, by its day, from where the neutral order starts.
    """
    found = matching(filters)
    total = found.order_by()[: MOST_COUNTED + 1].count()
    n_pages = max(1, min(MOST_PAGES, -(-min(total, MOST_COUNTED) // PER_PAGE)))
    page = min(max(page, 1), n_pages)
    start = (page - 1) * PER_PAGE
    shown = found.joined().defer("search", "search_text", "description", "reserve_price_fen")
    return Results(
        listings=_slice(shown, filters, start, min(PER_PAGE, total - start), total=total, at=at, take=list),
        total=min(total, MOST_COUNTED),
        is_total_exact=total <= MOST_COUNTED,
        page=page,
        n_pages=n_pages,
    )


def spots(filters: Filters, *, total: int, at: datetime) -> list[Spot]:
    """Return where the first of `total` results lie, at most MOST_PLACES, in the order of the list."""
    placed = matching(filters).filter(place__isnull=False)
    columns = ("code", "title", "direction", _ordinate("X"), _ordinate("Y"), "price_fen", "unit")
    found = _slice(placed, filters, 0, MOST_PLACES, total=total, at=at, take=lambda rows: rows.values_list(*columns))
    return [Spot(str(code), *rest) for code, *rest in found]


def _ordinate(axis: str) -> Func:
    return Func(F("place"), template=f"ST_{axis}(%(expressions)s::geometry)", output_field=FloatField())


def facets(filters: Filters) -> list[Facet]:
    """Return the filters of the chosen direction with their counts; nothing while no direction is chosen.

    Counted over at most MOST_COUNTED results and kept for a minute: a count guides, it promises nothing.
    """
    if not filters.direction:
        return []
    kind = direction(filters.direction)
    counts = _cached("facets", filters, lambda: _counts(filters, kind.facets))
    return [_facet(field_of(kind.offer, name), counts.get(name, {}), filters.facet(name)) for name in kind.facets]


def direction_counts(filters: Filters) -> dict[str, int]:
    """Return how many results each direction would have under the other filters; kept for a minute."""
    anywhere = replace(filters, direction="", facets=())

    def count() -> dict[str, int]:
        rows = matching(anywhere).order_by().values_list("direction").annotate(Count("id"))
        return dict(rows)

    found = _cached("directions", anywhere, count)
    return {entry.code: found.get(entry.code, 0) for entry in DIRECTIONS}


def _ordered(listings: ListingQuerySet, filters: Filters) -> ListingQuerySet:
    if filters.has_place:
        listings = listings.annotate(distance=Distance("place", point_of(filters)))
    if filters.order == Sort.DISTANCE and filters.has_place:
        nearness = Func(
            F("place"),
            Value(point_of(filters).ewkt),
            template="%(expressions)s::geography",
            arg_joiner=" <-> ",
            output_field=FloatField(),
        )
        return listings.filter(place__isnull=False).order_by(nearness, "id")
    if filters.order == Sort.PRICE:
        return listings.order_by(F("price_fen").asc(nulls_last=True), "id")
    if filters.order == Sort.STANDING:
        return listings.order_by("-standing", "id")
    if filters.order == Sort.NEWEST:
        return listings.order_by("-published_at", "-id")
    return listings.order_by("lottery", "id")


def _slice(
    listings: ListingQuerySet,
    filters: Filters,
    start: int,
    count: int,
    *,
    total: int,
    at: datetime,
    take: Callable[[ListingQuerySet], Iterable[T]],
) -> list[T]:
    """Return `count` rows from `start` on, in the order that is asked for, as `take` reads them.

    Neutral: every listing has its fixed draw; each day the list starts at another number, for everybody the same, and
    comes round. As two stretches, so that an index serves both; as one where all results are asked for, since then
    every row is read anyway.
    """
    ordered = _ordered(listings, filters)
    if count <= 0:
        return []
    if filters.order != Sort.NEUTRAL:
        return list(take(ordered[start : start + count]))
    first = int(sha256(at.date().isoformat().encode()).hexdigest(), 16) % LOTTERY
    if not start and total <= count:
        is_behind = ExpressionWrapper(Q(lottery__lt=first), output_field=BooleanField())
        return list(take(ordered.order_by(is_behind, "lottery", "id")[:count]))
    ahead = ordered.filter(lottery__gte=first)
    found = list(take(ahead[start : start + count]))
    if len(found) < count:
        n_ahead = start + len(found) if found or not start else ahead.order_by().count()
        begin = max(start - n_ahead, 0)
        found += take(ordered.filter(lottery__lt=first)[begin : begin + count - len(found)])
    return found


def _counts(filters: Filters, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count the values of each attribute, as if nothing were chosen for it. One query."""
    parts, arguments = [], []
    for chosen, counted in _alike(filters, names):
        others = replace(filters, facets=tuple(entry for entry in filters.facets if entry[0] != chosen))
        rows, inner = matching(others).order_by().values("attributes")[:MOST_COUNTED].query.sql_with_params()
        parts.append(f"""
            SELECT asked.name, item, count(*) FROM ({rows}) AS found
            CROSS JOIN unnest(%s::text[]) AS asked (name)
            CROSS JOIN LATERAL (SELECT found.attributes -> asked.name) AS held (value)
            CROSS JOIN LATERAL jsonb_array_elements_text(
                CASE jsonb_typeof(held.value) WHEN 'array' THEN held.value ELSE jsonb_build_array(held.value) END
            ) AS item
            WHERE held.value IS NOT NULL AND item IS NOT NULL GROUP BY 1, 2
        """)  # noqa: S608  the inner statement is Django's
        arguments += [*inner, counted]
    counts: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), arguments)
        for name, value, count in cursor.fetchall():
            counts.setdefault(name, {})[value] = count
    return counts


def _alike(filters: Filters, names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield which attribute's choice to leave out, with the attributes counted so; those not chosen go together."""
    chosen = {name for name, _ in filters.facets}
    if free := [name for name in names if name not in chosen]:
        yield "", free
    yield from ((name, [name]) for name in names if name in chosen)


def _facet(spec: FieldSpec, counts: Mapping[str, int], chosen: Sequence[str]) -> Facet:
    labels = dict(spec.choices)
    names = list(labels if spec.kind in (Kind.CHOICE, Kind.CHOICES) else counts)
    shown = [(v, str(labels.get(v, v)), counts.get(v, 0), v in chosen) for v in names if counts.get(v) or v in chosen]
    return Facet(spec, tuple(sorted(shown, key=lambda option: -option[2])))


def _cached(name: str, filters: Filters, count: Any) -> Any:
    asked = repr(sorted(to_params(replace(filters, order=Sort.NEUTRAL)).items()))
    return cache.get_or_set(f"search.{name}.{sha256(asked.encode()).hexdigest()}", count, FACETS_FRESH_S)

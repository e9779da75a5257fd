"""The agreed orders of a quarter, summed up by family and place: what the price index is made from, and not public."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, Left

from marketplace.core.order_states import OrderState
from marketplace.core.prices import ELSEWHERE, NATION, Cell
from marketplace.core.quarters import span
from marketplace.directions import DIRECTIONS
from marketplace.models import Order, OrderStep
from marketplace.models.listing import class_of


class Family(NamedTuple):
    """What has one usual price: a class of a direction, by its unit."""

    direction: str
    class_code: str
    unit: str


def of_quarter(quarter: date) -> Mapping[Family, Sequence[Cell]]:
    """Return the cells of the quarter that begins on the day: of each family the cities and the country.

    Notes:
        One statement: 2.5 s for the 236,000 orders of a quarter among a million, with or without an index on
        `agreed_at`; too slow for a page, and quick for once a quarter.
    """
    deals, arguments = _deals(quarter).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_CELLS.format(deals=deals), arguments)
        rows = cursor.fetchall()
    found: dict[Family, list[Cell]] = defaultdict(list)
    for (
        direction,
        class_code,
        unit,
        city,
        n,
        providers,
        consumers,
        by_provider,
        by_consumer,
        quartiles,
        is_demo,
    ) in rows:
        found[Family(direction, class_code, unit)].append(
            Cell(
                division_code=city or NATION,
                n_orders=n,
                n_providers=len(providers),
                n_consumers=len(consumers),
                n_parties=len({*providers, *consumers}),
                most_by_provider=by_provider,
                most_by_consumer=by_consumer,
                quartiles_fen=tuple(quartiles),
                is_demo=is_demo,
            )
        )
    return found


def _deals(quarter: date) -> QuerySet[Order, dict[str, Any]]:
    """Orders that both sides agreed to in the quarter and that were not called off before they began."""
    start, end = span(quarter)
    begun = OrderStep.objects.filter(order=OuterRef("pk"), part="", move="start")
    called_off = Q(state__in=(OrderState.CANCELLED, OrderState.EXPIRED)) & ~Exists(begun)
    class_code = Case(
        *(When(direction=each.code, then=class_of(each, "listing__attributes")) for each in DIRECTIONS),
        output_field=TextField(),
    )
    city = Case(
        When(provider__division_code="", then=Value(ELSEWHERE)),
        default=Concat(Left("provider__division_code", 4), Value("00")),
    )
    orders = Order.objects.filter(~called_off, agreed_at__gte=start, agreed_at__lt=end, listing__isnull=False)
    named = orders.annotate(class_code=class_code, city=city, is_demo=F("listing__is_demo"))
    return named.filter(class_code__gt="").values(
        "direction", "class_code", "unit", "city", "provider_id", "consumer_id", "unit_price_fen", "is_demo"
    )


# GROUPING SETS make the cities and the country in one pass; the windows count beforehand what one party has of each. A
# provider has one city, a consumer buys in several.
_CELLS = """
WITH deal AS ({deals}), counted AS (
    SELECT *,
        count(*) OVER (PARTITION BY direction, class_code, unit, city, consumer_id) AS consumer_in_city,
        count(*) OVER (PARTITION BY direction, class_code, unit, provider_id) AS by_provider,
        count(*) OVER (PARTITION BY direction, class_code, unit, consumer_id) AS consumer_in_country
    FROM deal
)
SELECT direction, class_code, unit, city, count(*), array_agg(DISTINCT provider_id), array_agg(DISTINCT consumer_id),
    max(by_provider),
    CASE GROUPING(city) WHEN 0 THEN max(consumer_in_city) ELSE max(consumer_in_country) END,
    percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY unit_price_fen),
    bool_or(is_demo)
FROM counted
GROUP BY GROUPING SETS ((direction, class_code, unit, city), (direction, class_code, unit))
"""

"""Everything a party owns in the market, as tables that an import here would read again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from accounts.core.actor import Actor
from marketplace import policies
from marketplace.directions import DIRECTIONS, Attributes, Direction, fields
from marketplace.models import (
    AvailabilityException,
    AvailabilityRule,
    Booking,
    Demand,
    ImportRun,
    Listing,
    Order,
    SavedSearch,
)

CHUNK = 1_000
Cell = str | int | float | bool | None


@dataclass(frozen=True)
class ExportTable:
    """One table: a name for its file or sheet, its header and its rows, which are read while they are written."""

    name: str
    header: Sequence[str]
    rows: Iterator[Sequence[Cell]]


def tables_of(viewer: Actor) -> list[ExportTable]:
    """Return all tables of the party the viewer acts for; limits that only the party sees are in them.

    Raises:
        MayNotBind: the viewer may not speak for the party.
    """
    owner_id = policies.require_binding(viewer)
    tables = [table for kind in DIRECTIONS for table in (_listings(kind, owner_id), _demands(kind, owner_id))]
    rules = AvailabilityRule.objects.filter(listing__owner_id=owner_id)
    exceptions = AvailabilityException.objects.filter(listing__owner_id=owner_id)
    orders = Order.objects.of_organisation(owner_id)
    return [
        *(table for table in tables if table is not None),
        _table("weekly_hours", rules.select_related("listing"), _RULE),
        _table("exceptions", exceptions.select_related("listing"), _EXCEPTION),
        _table("orders", orders.joined(), _ORDER),
        _table("bookings", Booking.objects.filter(order__in=orders).select_related("order"), _BOOKING),
        _table(
            "saved_searches", SavedSearch.objects.filter(organisation_id=owner_id, user_id=viewer.own_user_id), _SEARCH
        ),
        _table("imports", ImportRun.objects.filter(owner_id=owner_id), _IMPORT),
    ]


_RULE = ("listing.code", "weekday", "start_minute", "end_minute", "from_date", "until_date")
_EXCEPTION = ("listing.code", "period.lower", "period.upper", "is_open", "reason")
_ORDER = (
    "code", "direction", "state", "title", "listing.code", "demand.code", "consumer.name", "provider.name", "quantity",
    "unit", "unit_price_fen", "setup_fen", "total_fen", "period.lower", "period.upper", "proposed_at", "agreed_at",
    "completed_at",
)  # fmt: skip
_BOOKING = ("order.code", "code", "state", "period.lower", "period.upper", "hours", "used_s")
_SEARCH = ("name", "filters", "wants_alerts", "created_at")
_IMPORT = ("code", "filename", "kind", "direction", "state", "n_rows", "n_loaded", "created_at")
# The header under which an import knows a column, where it is not the column's own name.
_KNOWN_AS = {"period.lower": "start", "period.upper": "end", "deadline_at": "deadline"}
_LISTING = (
    "code", "state", "title", "summary", "description", "unit", "minimum_lot", "capacity_per_week", "lead_time_days",
    "valid_until", "address", "division_code", "industry_code", "published_at", "version",
)  # fmt: skip
_DEMAND = (
    "code", "state", "title", "description", "quantity", "unit", "is_whole", "max_suppliers", "address",
    "division_code", "industry_code", "period.lower", "period.upper", "deadline_at", "published_at", "version",
)  # fmt: skip
_WHOLE = tuple(column for column in _DEMAND if column not in ("quantity", "unit", "is_whole"))
_LEG = ("title", "quantity", "unit")


def _listings(kind: Direction, owner_id: int) -> ExportTable | None:
    rows = Listing.objects.of_organisation(owner_id).filter(direction=kind.code).defer("search", "search_text")
    money = ("price_fen", "reserve_price_fen", "setup_fee_fen")
    specs = [spec.name for spec in fields(kind.offer)]

    def line(row: Listing) -> list[Cell]:
        return [*_described(row, _LISTING, specs), *(_yuan(getattr(row, column)) for column in money)]

    header = [*_headers(_LISTING, specs), *map(_in_yuan, money)]
    return _lines(f"listings_{kind.code}", rows, header, lambda row: [line(row)])


def _demands(kind: Direction, owner_id: int) -> ExportTable | None:
    rows = Demand.objects.of_organisation(owner_id).filter(direction=kind.code).defer("search", "search_text")
    specs = [spec.name for spec in fields(kind.need)]
    if kind.leg is not None:
        return _legs(kind, kind.leg, rows, specs)
    header = [*_headers(_DEMAND, specs), "budget_cny", "radius_km"]
    return _lines(f"demands_{kind.code}", rows, header, lambda row: [[*_described(row, _DEMAND, specs), *_limits(row)]])


def _legs(kind: Direction, schema: type[Attributes], rows: QuerySet[Any], specs: Sequence[str]) -> ExportTable | None:
    """Return bundles with one row for each leg; the rows of one `reference` are one demand."""
    leg_specs = [spec.name for spec in fields(schema)]

    def lines(row: Demand) -> Iterator[list[Cell]]:
        whole = [str(row.code), row.quantity, *_described(row, _WHOLE, specs), *_limits(row)]
        for leg in sorted(row.legs.all(), key=lambda leg: leg.ordinal):
            own: list[Cell] = [leg.title, leg.quantity, leg.unit, _yuan(leg.budget_fen)]
            yield [*whole, *own, *(_plain(leg.attributes.get(spec)) for spec in leg_specs)]

    header = [
        "reference", "bundles", *_headers(_WHOLE, specs), "budget_cny", "radius_km", *(f"leg_{name}" for name in _LEG),
        "leg_budget_cny", *leg_specs,
    ]  # fmt: skip
    return _lines(f"demands_{kind.code}", rows.prefetch_related("legs"), header, lines)


def _lines(
    name: str, rows: QuerySet[Any], header: Sequence[str], lines: Callable[[Any], Iterable[Sequence[Cell]]]
) -> ExportTable | None:
    if not rows.exists():
        return None
    content = (line for row in rows.order_by("id").iterator(chunk_size=CHUNK) for line in lines(row))
    return ExportTable(name, header, content)


def _headers(columns: Sequence[str], specs: Sequence[str]) -> list[str]:
    return [*(_KNOWN_AS.get(column, column) for column in columns), "lat", "lng", *specs]


def _described(row: Any, columns: Sequence[str], specs: Sequence[str]) -> list[Cell]:
    """Return the columns, the place as two of them, and each attribute."""
    place = [row.place.y, row.place.x] if row.place else [None, None]
    return [*(_cell(row, column) for column in columns), *place, *(_plain(row.attributes.get(spec)) for spec in specs)]


def _limits(row: Demand) -> list[Cell]:
    return [_yuan(row.budget_fen), None if row.radius_m is None else row.radius_m / 1000]


def _in_yuan(column: str) -> str:
    return f"{column.removesuffix('_fen')}_cny"


def _table(name: str, rows: QuerySet[Any], columns: Sequence[str]) -> ExportTable:
    lines = ([_cell(row, column) for column in columns] for row in rows.order_by("id").iterator(chunk_size=CHUNK))
    return ExportTable(name, [column.replace(".", "_") for column in columns], lines)


def _cell(row: Model, path: str) -> Cell:
    value: Any = row
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return _plain(value)


def _plain(value: Any) -> Cell:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen // 100}.{fen % 100:02d}"

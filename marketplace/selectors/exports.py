"""Everything a party owns in the market, as tables that an import here would read again."""

from collections.abc import Iterator, Sequence
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
    DemandLeg,
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
        _table("demand_legs", DemandLeg.objects.filter(demand__owner_id=owner_id).select_related("demand"), _LEG),
        _table("weekly_hours", rules.select_related("listing"), _RULE),
        _table("exceptions", exceptions.select_related("listing"), _EXCEPTION),
        _table("orders", orders.joined(), _ORDER),
        _table("bookings", Booking.objects.filter(order__in=orders).select_related("order"), _BOOKING),
        _table(
            "saved_searches", SavedSearch.objects.filter(organisation_id=owner_id, user_id=viewer.own_user_id), _SEARCH
        ),
        _table("imports", ImportRun.objects.filter(owner_id=owner_id), _IMPORT),
    ]


_LEG = ("demand.code", "ordinal", "title", "quantity", "unit", "budget_fen", "attributes")
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
_LISTING = (
    "code", "state", "title", "summary", "description", "unit", "minimum_lot", "capacity_per_week", "lead_time_days",
    "valid_until", "address", "division_code", "industry_code", "published_at", "version",
)  # fmt: skip
_DEMAND = (
    "code", "state", "title", "description", "quantity", "unit", "is_whole", "max_suppliers", "address",
    "division_code", "industry_code", "period.lower", "period.upper", "deadline_at", "published_at", "version",
)  # fmt: skip


def _listings(kind: Direction, owner_id: int) -> ExportTable | None:
    rows = Listing.objects.of_organisation(owner_id).filter(direction=kind.code).defer("search", "search_text")
    money = ("price_fen", "reserve_price_fen", "setup_fee_fen")
    return _described(f"listings_{kind.code}", rows, _LISTING, money, kind.offer) if rows.exists() else None


def _demands(kind: Direction, owner_id: int) -> ExportTable | None:
    rows = Demand.objects.of_organisation(owner_id).filter(direction=kind.code).defer("search", "search_text")
    return _described(f"demands_{kind.code}", rows, _DEMAND, ("budget_fen",), kind.need) if rows.exists() else None


def _described(
    name: str, rows: QuerySet[Any], columns: Sequence[str], money: Sequence[str], schema: type[Attributes]
) -> ExportTable:
    """Return a table with money in yuan, the place as two columns and each attribute under its own name."""
    specs = [spec.name for spec in fields(schema)]

    def lines() -> Iterator[Sequence[Cell]]:
        for row in rows.order_by("id").iterator(chunk_size=CHUNK):
            place = [row.place.y, row.place.x] if row.place else [None, None]
            yield [
                *(_cell(row, column) for column in columns),
                *(_yuan(getattr(row, column)) for column in money),
                *place,
                *(_plain(row.attributes.get(spec)) for spec in specs),
            ]

    return ExportTable(name, [*columns, *money, "lat", "lng", *specs], lines())


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

"""What a listing or a demand says, as it comes from a form, the API or a file, and whether it may be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.gis.geos import Point

from common.errors import Refused, gettext_noop
from common.reference import divisions, industries
from marketplace.directions import Direction, plain

LONGEST_TITLE = 120
LONGEST_SUMMARY = 240
LONGEST_DESCRIPTION = 8000
LONGEST_ADDRESS = 240
MOST_FEN = 2**53 - 1
MOST_UNITS = 10**12
MOST_LEGS = 20


class ContentInvalid(Refused):
    """Something that was given cannot be kept; `field` names the first one."""


@dataclass(frozen=True)
class ListingContent:
    """Everything a provider says about a listing; money in fen per unit, quantities in `unit`, places WGS-84."""

    title: str
    unit: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    summary: str = ""
    description: str = ""
    place: Point | None = None
    address: str = ""
    division_code: str = ""
    industry_code: str = ""
    price_fen: int | None = None
    reserve_price_fen: int | None = None
    setup_fee_fen: int = 0
    minimum_lot: int = 1
    capacity_per_week: int | None = None
    lead_time_days: int = 0
    valid_until: date | None = None
    is_allotted: bool = False


@dataclass(frozen=True)
class LegContent:
    """One part of a bundle; the budget is the most per unit."""

    title: str
    unit: str
    quantity: int
    attributes: Mapping[str, Any] = field(default_factory=dict)
    budget_fen: int | None = None


@dataclass(frozen=True)
class DemandContent:
    """Everything a consumer says about a demand; the budget is the most per unit, the period half-open."""

    title: str
    unit: str
    quantity: int = 1
    attributes: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    budget_fen: int | None = None
    is_whole: bool = False
    max_suppliers: int = 1
    period: tuple[datetime, datetime] | None = None
    place: Point | None = None
    radius_m: int | None = None
    address: str = ""
    division_code: str = ""
    industry_code: str = ""
    deadline_at: datetime | None = None
    legs: Sequence[LegContent] = ()


def listing_columns(content: ListingContent, direction: Direction) -> dict[str, Any]:
    """Return the columns of Listing for `content`, its attributes parsed and written plainly.

    Raises:
        AttributesInvalid: attributes that do not follow the direction's schema.
        ContentInvalid: anything else that cannot be kept.
    """
    columns = _shared(content, direction)
    _bounded("price_fen", content.price_fen, MOST_FEN)
    _bounded("reserve_price_fen", content.reserve_price_fen, MOST_FEN)
    _bounded("setup_fee_fen", content.setup_fee_fen, MOST_FEN)
    _bounded("minimum_lot", content.minimum_lot, MOST_UNITS, at_least=1)
    _bounded("capacity_per_week", content.capacity_per_week, MOST_UNITS)
    _bounded("lead_time_days", content.lead_time_days, 3650)
    if content.price_fen is not None and (content.reserve_price_fen or 0) > content.price_fen:
        raise _invalid("reserve_price_fen", gettext_noop("The reserve price is above the price."))
    if content.capacity_per_week is not None and content.minimum_lot > max(content.capacity_per_week, 1) * 52:
        raise _invalid("minimum_lot", gettext_noop("The minimum lot is more than a year's capacity."))
    return columns | {
        "summary": _text("summary", content.summary, LONGEST_SUMMARY),
        "attributes": plain(direction.parse_offer(content.attributes)),
        "attributes_version": direction.offer.version,
        "price_fen": content.price_fen,
        "reserve_price_fen": content.reserve_price_fen,
        "setup_fee_fen": content.setup_fee_fen,
        "minimum_lot": content.minimum_lot,
        "capacity_per_week": content.capacity_per_week,
        "lead_time_days": content.lead_time_days,
        "valid_until": content.valid_until,
        "is_allotted": content.is_allotted,
    }


def demand_columns(content: DemandContent, direction: Direction) -> dict[str, Any]:
    """Return the columns of Demand for `content`, without its legs; raises as `listing_columns`."""
    columns = _shared(content, direction)
    _bounded("quantity", content.quantity, MOST_UNITS, at_least=1)
    _bounded("budget_fen", content.budget_fen, MOST_FEN)
    _bounded("max_suppliers", content.max_suppliers, direction.most_suppliers, at_least=1)
    _bounded("radius_m", content.radius_m, 20_000_000)
    if content.radius_m is not None and content.place is None:
        raise _invalid("radius_m", gettext_noop("A radius needs a place around which it is drawn."))
    if content.period is not None and content.period[0] >= content.period[1]:
        raise _invalid("period", gettext_noop("The period ends before it begins."))
    if direction.has_legs and not content.legs:
        raise _invalid("legs", gettext_noop("A bundle needs at least one leg."))
    if content.legs and not direction.has_legs:
        raise _invalid("legs", gettext_noop("A demand of this direction has no legs."))
    if len(content.legs) > MOST_LEGS:
        raise _invalid("legs", gettext_noop("A bundle has at most %(most)s legs."), most=MOST_LEGS)
    return columns | {
        "attributes": plain(direction.parse_need(content.attributes)),
        "attributes_version": direction.need.version,
        "quantity": content.quantity,
        "budget_fen": content.budget_fen,
        "is_whole": content.is_whole or direction.has_legs,
        "max_suppliers": content.max_suppliers,
        "period": content.period,
        "radius_m": content.radius_m,
        "deadline_at": content.deadline_at,
    }


def leg_columns(leg: LegContent, direction: Direction) -> dict[str, Any]:
    """Return the columns of one DemandLeg; raises as `listing_columns`."""
    _unit(leg.unit, direction)
    _bounded("quantity", leg.quantity, MOST_UNITS, at_least=1)
    _bounded("budget_fen", leg.budget_fen, MOST_FEN)
    return {
        "title": _text("title", leg.title, 64, is_required=True),
        "unit": leg.unit,
        "quantity": leg.quantity,
        "budget_fen": leg.budget_fen,
        "attributes": plain(direction.parse_leg(leg.attributes)),
    }


def _shared(content: ListingContent | DemandContent, direction: Direction) -> dict[str, Any]:
    _unit(content.unit, direction)
    if content.division_code and not divisions.is_known(content.division_code):
        raise _invalid("division_code", gettext_noop("There is no administrative division with this code."))
    if content.industry_code and not industries.is_known(content.industry_code):
        raise _invalid("industry_code", gettext_noop("There is no industry with this code."))
    if content.place is not None and not (abs(content.place.x) <= 180 and abs(content.place.y) <= 90):
        raise _invalid("place", gettext_noop("The place is not on the globe."))
    return {
        "title": _text("title", content.title, LONGEST_TITLE, is_required=True),
        "description": _text("description", content.description, LONGEST_DESCRIPTION),
        "unit": content.unit,
        "place": content.place,
        "address": _text("address", content.address, LONGEST_ADDRESS),
        "division_code": content.division_code,
        "industry_code": content.industry_code,
    }


def _unit(unit: str, direction: Direction) -> None:
    if unit not in direction.units:
        raise _invalid("unit", gettext_noop("This direction is not counted in %(unit)s."), unit=unit)


def _text(name: str, text: str, longest: int, *, is_required: bool = False) -> str:
    text = text.strip()
    if is_required and not text:
        raise _invalid(name, gettext_noop("This is needed."))
    if len(text) > longest:
        raise _invalid(name, gettext_noop("At most %(most)s characters."), most=longest)
    if "\x00" in text:
        raise _invalid(name, gettext_noop("The text holds a character that cannot be kept."))
    return text


def _bounded(name: str, value: int | None, most: int, *, at_least: int = 0) -> None:
    if value is not None and not at_least <= value <= most:
        raise _invalid(name, gettext_noop("Give a number from %(least)s to %(most)s."), least=at_least, most=most)


def _invalid(name: str, message: str, **params: object) -> ContentInvalid:
    return ContentInvalid(message, field=name, params=params)

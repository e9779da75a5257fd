"""Listings and demands, with fixed boring defaults."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.gis.geos import Point

from accounts.models import Organisation
from marketplace.models import Demand, Listing
from marketplace.services import demands, listings
from marketplace.services.contents import DemandContent, LegContent, ListingContent
from tests.make.accounts import MONDAY_9AM, XIAMEN, actor, organisation

OFFERS: dict[str, dict[str, Any]] = {
    "instruments": {
        "category": "analytical.mass",
        "instrument_name": "液相色谱-质谱联用仪",
        "operation_modes": ["send_in"],
    },
    "skills": {"field": "design", "specialities": ["design.structure"], "software": ["SolidWorks"]},
    "equipment": {"machine": "cutting.five_axis", "axes": 5, "travel_x_mm": 800, "materials": ["aluminium"]},
    "resources": {"leg": "operation", "services": ["operation.storage"], "storage_area_m2": 2000},
    "capacity": {"process": "metal.milling", "materials": ["aluminium"], "certificates": ["iso9001"]},
}
NEEDS: dict[str, dict[str, Any]] = {
    "instruments": {"category": "analytical.mass"},
    "skills": {"field": "design", "speciality": "design.structure"},
    "equipment": {"machine": "cutting.five_axis", "material": "aluminium"},
    "resources": {"project": "新品上市"},
    "capacity": {"process": "metal.milling", "material": "aluminium"},
}
LEGS: dict[str, list[LegContent]] = {
    "resources": [
        LegContent(
            title="仓储",
            unit="m2",
            quantity=500,
            budget_fen=3_000,
            attributes={"leg": "operation", "service": "operation.storage", "area_m2": 500},
        )
    ]
}
UNITS = {
    "instruments": "machine_hour",
    "skills": "task",
    "equipment": "machine_hour",
    "resources": "m2",
    "capacity": "piece",
}

_numbers = count(1)


def listing_content(direction: str = "equipment", **fields: Any) -> ListingContent:
    """A complete offer of the direction, in Xiamen, at 200 yuan a unit."""
    defaults: dict[str, Any] = {
        "title": f"五轴加工中心空闲机时{next(_numbers)}",
        "unit": UNITS[direction],
        "attributes": OFFERS[direction],
        "place": XIAMEN,
        "address": "厦门市湖里区测试路 1 号",
        "division_code": "350206",
        "industry_code": "C3421",
        "price_fen": 20_000,
        "reserve_price_fen": 15_000,
    }
    return ListingContent(**(defaults | fields))


def listing(
    owner: Organisation | None = None, direction: str = "equipment", *, published: bool = True, **fields: Any
) -> Listing:
    """A listing, published unless told otherwise; `fields` replace parts of its content."""
    by = actor(owner or organisation())
    made = listings.create_draft(direction, listing_content(direction, **fields), by=by, at=MONDAY_9AM)
    return listings.publish(made.code, by=by, at=MONDAY_9AM) if published else made


def demand_content(direction: str = "equipment", **fields: Any) -> DemandContent:
    """A complete need of the direction, in Xiamen, of 10 units at 300 yuan, within the next four weeks."""
    defaults: dict[str, Any] = {
        "title": f"铝合金壳体加工{next(_numbers)}",
        "unit": "bundle" if direction in LEGS else UNITS[direction],
        "quantity": 1 if direction in LEGS else 10,
        "attributes": NEEDS[direction],
        "budget_fen": 30_000,
        "period": (MONDAY_9AM + timedelta(days=1), MONDAY_9AM + timedelta(days=29)),
        "place": Point(118.1, 24.5, srid=4326),
        "radius_m": 50_000,
        "division_code": "350203",
        "legs": LEGS.get(direction, ()),
    }
    return DemandContent(**(defaults | fields))


def demand(
    owner: Organisation | None = None, direction: str = "equipment", *, published: bool = True, **fields: Any
) -> Demand:
    """A demand, published unless told otherwise; `fields` replace parts of its content."""
    by = actor(owner or organisation())
    made = demands.create_draft(direction, demand_content(direction, **fields), by=by, at=MONDAY_9AM)
    return demands.publish(made.code, by=by, at=MONDAY_9AM) if published else made

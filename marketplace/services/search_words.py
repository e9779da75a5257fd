"""The words under which listings and demands are found."""

from collections.abc import Iterable, Mapping
from typing import Any

from common import segmentation
from common.reference import divisions, industries
from marketplace.directions import Direction, words
from marketplace.models import Demand, Listing


def of_listing(listing: Listing, direction: Direction) -> str:
    """Return `search_text` of a listing, from what it says, its attributes, where it is and its industry."""
    texts = [listing.title, listing.summary, listing.description, *words(direction.offer, listing.attributes)]
    return _joined(texts, direction, listing.address, listing.division_code, listing.industry_code)


def of_demand(demand: Demand, direction: Direction, legs: Iterable[Mapping[str, Any]] = ()) -> str:
    """Return `search_text` of a demand, with the attributes of its legs."""
    texts = [demand.title, demand.description, *words(direction.need, demand.attributes)]
    if direction.leg is not None:
        texts += [word for leg in legs for word in words(direction.leg, leg)]
    return _joined(texts, direction, demand.address, demand.division_code, demand.industry_code)


def _joined(texts: list[str], direction: Direction, address: str, division_code: str, industry_code: str) -> str:
    places = [division.name for division in divisions.path(division_code)] if division_code else []
    industry = industries.find(industry_code) if industry_code else None
    return segmentation.joined(
        [*texts, direction.label.zh, direction.label.en, address, *places, industry.name if industry else ""]
    )

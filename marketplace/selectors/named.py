"""Listings and demands by their public codes, with the little that a past match round needs to be told about."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, TextField, Value, When

from marketplace.core.prices import ELSEWHERE
from marketplace.directions import DIRECTIONS
from marketplace.models import Demand, Listing
from marketplace.models.listing import class_of


@dataclass(frozen=True)
class NamedListing:
    """A listing as it stands now, in whatever state.

    Attributes:
        class_code: of its direction's main choice.
        city_code: GB/T 2260 code of the city that it is in; ELSEWHERE of the price index where it names none.
    """

    code: UUID
    title: str
    unit: str
    owner_id: int
    direction: str
    class_code: str
    division_code: str
    city_code: str


def listings(codes: Collection[str | UUID]) -> dict[str, NamedListing]:
    """Return the listings of these codes, by code as text."""
    of_direction = (When(direction=each.code, then=class_of(each)) for each in DIRECTIONS)
    class_code = Case(*of_direction, default=Value(""), output_field=TextField())
    rows = Listing.objects.filter(code__in=set(codes)).annotate(class_code=class_code)
    names = ("code", "title", "unit", "owner_id", "direction", "class_code", "division_code")
    return {
        str(code): NamedListing(code, title, unit, owner_id, direction, kind or "", division, _city(division))
        for code, title, unit, owner_id, direction, kind, division in rows.values_list(*names)
    }


@dataclass(frozen=True)
class NamedDemand:
    """A demand as it stands now, in whatever state."""

    title: str
    owner_id: int
    division_code: str


def demands(codes: Collection[str | UUID]) -> dict[str, NamedDemand]:
    """Return the demands of these codes, by code as text."""
    rows = Demand.objects.filter(code__in=set(codes)).values_list("code", "title", "owner_id", "division_code")
    return {str(code): NamedDemand(title, owner_id, division) for code, title, owner_id, division in rows}


def _city(division_code: str) -> str:
    return f"{division_code[:4]}00" if division_code else ELSEWHERE

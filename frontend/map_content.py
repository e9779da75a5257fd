"""What a map shows, as the JSON that its module reads."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse

from frontend.templatetags.yuli import money, unit_label
from marketplace.core.search import Filters
from marketplace.selectors.search import Spot


def of_places(listings: Iterable[Any]) -> dict[str, Any]:
    """Return one point per listing that has a place."""
    return {"points": [_point(listing) for listing in listings if listing.place]}


def of_demand(demand: Any) -> dict[str, Any]:
    """Return the place of a demand, with the circle within which it looks."""
    if not demand.place:
        return {"points": []}
    at = [demand.place.x, demand.place.y]
    point = {"code": str(demand.code), "at": at, "title": demand.title, "kind": "need", "mark": ""}
    return {"points": [point]} | ({"circle": {"at": at, "radius_m": demand.radius_m}} if demand.radius_m else {})


def of_spots(spots: Iterable[Spot], filters: Filters) -> dict[str, Any]:
    """Return one point per result, and the circle that was searched."""
    # One address, put in place of none: hundreds of points would each ask the router for theirs.
    nil = str(UUID(int=0))
    address = reverse("listing", args=[nil])
    points = [
        {
            "code": spot.code,
            "at": [spot.lng, spot.lat],
            "title": spot.title,
            "href": address.replace(nil, spot.code),
            "note": _price(spot.price_fen, spot.unit),
            "kind": "offer",
        }
        for spot in spots
    ]
    if not (filters.has_place and filters.radius_m):
        return {"points": points}
    return {"points": points, "circle": {"at": [filters.lng, filters.lat], "radius_m": filters.radius_m}}


def _price(price_fen: int | None, unit: str) -> str:
    return "" if price_fen is None else f"{money(price_fen)} / {unit_label(unit)}"


def _point(listing: Any) -> dict[str, Any]:
    return {
        "code": str(listing.code),
        "at": [listing.place.x, listing.place.y],
        "title": listing.title,
        "href": reverse("listing", args=[listing.code]),
        "note": _price(listing.price_fen, listing.unit),
        "kind": "offer",
    }

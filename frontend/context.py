"""What every page knows: the site, the map, who is here and what waits for them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.selectors import notifications
from frontend.requests import actor


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the values that base.html and the map read on every page."""
    theme = request.COOKIES.get("theme", "")
    return {
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
        "theme": theme if theme in {"light", "dark"} else "",
        "map_tile_url": settings.MAP_TILE_URL,
        "map_tile_attribution": settings.MAP_TILE_ATTRIBUTION,
        "map_tile_datum": settings.MAP_TILE_DATUM,
        # Read only where a template shows them; the error pages have no actor to ask about.
        "unread": SimpleLazyObject(lambda: _unread(request)),
        "acting_name": SimpleLazyObject(lambda: _acting_name(request)),
    }


def _unread(request: HttpRequest) -> int:
    return notifications.unread_count(actor(request)) if hasattr(request, "actor") else 0


def _acting_name(request: HttpRequest) -> str:
    return actor(request).organisation_name if hasattr(request, "actor") else ""

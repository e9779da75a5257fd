"""What every page knows: the site, the map, who is here and what waits for them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


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
    }

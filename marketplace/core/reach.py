"""What a search asks of any listing at the least: a few plain values by which an index can look searches up."""

from math import asin, cos, degrees, radians, sin

from common import segmentation
from marketplace.core.search import Filters

EARTH_M = 6_371_000
_MARGIN = 1.01  # the earth is no sphere

Box = tuple[float, float, float, float]


def words(filters: Filters) -> str:
    """Return all words that are looked for, one blank between them."""
    return " ".join(segmentation.words_of_query(filters.words))


def division(filters: Filters) -> str:
    """Return how the code of every listing found begins; 0000 and 00 at the end stand for a whole province or city."""
    return filters.division.removesuffix("00").removesuffix("00")


def divisions(code: str) -> list[str]:
    """Return every beginning of a code that a search may ask for, the empty one included."""
    return ["", *(code[:length] for length in (2, 4, 6) if len(code) >= length)]


def box(filters: Filters) -> Box | None:
    """Return (west, south, east, north) in degrees around the circle of a search; None where it bounds nothing.

    Notes:
        A circle that reaches a pole or the 180th meridian has no such box.

    Source:
        J. P. Snyder, Map Projections: A Working Manual, USGS 1987, eq. 5-3: the widest longitude of a small circle.
    """
    if filters.lat is None or filters.lng is None or not filters.radius_m:
        return None
    reach = filters.radius_m * _MARGIN / EARTH_M
    south, north = filters.lat - degrees(reach), filters.lat + degrees(reach)
    if south <= -89 or north >= 89:
        return None
    aside = degrees(asin(sin(reach) / cos(radians(filters.lat))))
    west, east = filters.lng - aside, filters.lng + aside
    return (west, south, east, north) if west >= -180 and east <= 180 else None

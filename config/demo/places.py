"""Where the demo takes place: districts of Xiamen and Chongqing, with points near their industrial areas (WGS 84)."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Place:
    """A district with a point in it."""

    city: str
    district: str
    division_code: str
    lng: float
    lat: float


XIAMEN = (
    Place("厦门", "思明区", "350203", 118.118, 24.462),
    Place("厦门", "海沧区", "350205", 117.993, 24.489),
    Place("厦门", "湖里区", "350206", 118.136, 24.523),
    Place("厦门", "集美区", "350211", 118.062, 24.612),
    Place("厦门", "同安区", "350212", 118.128, 24.702),
    Place("厦门", "翔安区", "350213", 118.232, 24.648),
)
CHONGQING = (
    Place("重庆", "渝中区", "500103", 106.562, 29.553),
    Place("重庆", "江北区", "500105", 106.617, 29.603),
    Place("重庆", "沙坪坝区", "500106", 106.404, 29.571),
    Place("重庆", "九龙坡区", "500107", 106.442, 29.486),
    Place("重庆", "南岸区", "500108", 106.621, 29.508),
    Place("重庆", "北碚区", "500109", 106.432, 29.792),
    Place("重庆", "渝北区", "500112", 106.628, 29.716),
    Place("重庆", "巴南区", "500113", 106.528, 29.391),
    Place("重庆", "江津区", "500116", 106.259, 29.289),
    Place("重庆", "璧山区", "500120", 106.227, 29.592),
)
PLACES = XIAMEN + CHONGQING


def near(place: Place, random: Random) -> tuple[float, float]:
    """Return a point (lng, lat) within about 3 km of the district's point."""
    return round(place.lng + random.uniform(-0.028, 0.028), 6), round(place.lat + random.uniform(-0.025, 0.025), 6)

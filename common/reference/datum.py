"""Between WGS-84, China's shifted GCJ-02 and Baidu's BD-09, which shifts that once more."""

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import NamedTuple

# Krasovsky 1940, the ellipsoid of the shift.
_AXIS_M = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU = pi * 3000.0 / 180.0


class Datum(StrEnum):
    """What a pair of coordinates refers to; CGCS2000 differs from WGS-84 by centimetres and counts as it."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Degrees(NamedTuple):
    """A place, latitude first as people write it."""

    lat: float
    lng: float


def to_wgs84(place: Degrees, datum: str) -> Degrees:
    """Return `place`, given in `datum`, in WGS-84; the way there and back differs by less than a millimetre.

    Raises:
        ValueError: no such datum.
    """
    known = Datum(datum)
    if known is Datum.BD09:
        place = bd09_to_gcj02(place)
    return place if known is Datum.WGS84 else gcj02_to_wgs84(place)


def wgs84_to_gcj02(place: Degrees) -> Degrees:
    """Return the shifted place; outside of mainland China nothing is shifted."""
    if not is_shifted(place):
        return place
    lat_m, lng_m = _shift_m(place.lng - 105.0, place.lat - 35.0)
    radians = place.lat / 180.0 * pi
    magic = 1 - _ECCENTRICITY_2 * sin(radians) ** 2
    root = sqrt(magic)
    lat = lat_m * 180.0 / ((_AXIS_M * (1 - _ECCENTRICITY_2)) / (magic * root) * pi)
    lng = lng_m * 180.0 / (_AXIS_M / root * cos(radians) * pi)
    return Degrees(place.lat + lat, place.lng + lng)


def gcj02_to_wgs84(place: Degrees) -> Degrees:
    """Return the place that `wgs84_to_gcj02` shifts to `place`."""
    return _inverse(place, wgs84_to_gcj02)


def gcj02_to_bd09(place: Degrees) -> Degrees:
    radius = hypot(place.lng, place.lat) + 0.00002 * sin(place.lat * _BAIDU)
    angle = atan2(place.lat, place.lng) + 0.000003 * cos(place.lng * _BAIDU)
    return Degrees(radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065)


def bd09_to_gcj02(place: Degrees) -> Degrees:
    """Return the place that `gcj02_to_bd09` shifts to `place`."""
    return _inverse(place, gcj02_to_bd09)


def wgs84_to_bd09(place: Degrees) -> Degrees:
    return gcj02_to_bd09(wgs84_to_gcj02(place))


def bd09_to_wgs84(place: Degrees) -> Degrees:
    return gcj02_to_wgs84(bd09_to_gcj02(place))


def is_shifted(place: Degrees) -> bool:
    """Tell whether `place` lies in the rectangle in which the shift is applied."""
    return 0.8293 <= place.lat <= 55.8271 and 72.004 <= place.lng <= 137.8347


def _inverse(target: Degrees, shift: Callable[[Degrees], Degrees]) -> Degrees:
    """Find what `shift` moves to `target`; the shift changes so slowly that each step gains three digits."""
    guess = target
    for _ in range(8):
        moved = shift(guess)
        guess = Degrees(guess.lat + target.lat - moved.lat, guess.lng + target.lng - moved.lng)
    return guess


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Return the shift north and east in metres, `x` and `y` counted in degrees from 105 E, 35 N."""
    shared = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + shared
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + shared
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return north, east

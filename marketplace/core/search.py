"""What somebody looks for, as one plain value that an address or a saved search can hold."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar


class Sort(StrEnum):
    """How results are ordered; the first one looks neither at who asks nor at who offers."""

    NEUTRAL = "neutral"
    DISTANCE = "distance"
    PRICE = "price"
    STANDING = "standing"
    NEWEST = "newest"


@dataclass(frozen=True)
class Filters:
    """The filters of a search page; everything left empty does not restrict.

    Attributes:
        facets: attribute name -> wanted values; within one name any of them will do.
        lat, lng, radius_m: WGS-84 degrees and metres; the place also serves the order by distance.
        division: GB/T 2260 code; 0000 and 00 at its end mean the whole province or city.
        industry: GB/T 4754 code or the beginning of one.
        free_from, free_until: a period in which it is open and not booked.
    """

    words: str = ""
    direction: str = ""
    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lat: float | None = None
    lng: float | None = None
    radius_m: int | None = None
    division: str = ""
    industry: str = ""
    unit: str = ""
    price_from_fen: int | None = None
    price_to_fen: int | None = None
    free_from: datetime | None = None
    free_until: datetime | None = None
    order: Sort = Sort.NEUTRAL

    @property
    def has_place(self) -> bool:
        return self.lat is not None and self.lng is not None

    @property
    def has_period(self) -> bool:
        return self.free_from is not None and self.free_until is not None and self.free_from < self.free_until

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is looked for in particular; the order does not count."""
        return all(getattr(self, f.name) in ("", None, ()) for f in fields(self) if f.name != "order")

    def facet(self, name: str) -> tuple[str, ...]:
        return dict(self.facets).get(name, ())


FACET_PREFIX = "a."
LONGEST_WORDS = 100
MOST_FACET_VALUES = 20
LARGEST_RADIUS_M = 3_000_000
MOST_FEN = 2**53 - 1
T = TypeVar("T")


def from_params(params: Mapping[str, Sequence[str]], *, facets: Sequence[str] = ()) -> Filters:
    """Return the filters that an address asks for; what cannot be read is left out.

    Args:
        params: every parameter with all its values, as `dict(request.GET.lists())` gives them.
        facets: names of attributes that may be asked for, in the address behind "a.".
    """

    def one(name: str) -> str:
        values = params.get(name) or [""]
        return values[-1].replace("\x00", "").strip()

    lat, lng = _read(one("lat"), _degrees(90)), _read(one("lng"), _degrees(180))
    radius = _read(one("radius_m"), _whole(LARGEST_RADIUS_M))
    wanted = [
        (name, tuple(dict.fromkeys(v for v in params.get(f"{FACET_PREFIX}{name}", ()) if 0 < len(v) <= 80)))
        for name in facets
    ]
    return Filters(
        words=one("words")[:LONGEST_WORDS],
        direction=one("direction")[:32],
        facets=tuple((name, values[:MOST_FACET_VALUES]) for name, values in wanted if values),
        lat=lat if lng is not None else None,
        lng=lng if lat is not None else None,
        radius_m=radius or None if lat is not None and lng is not None else None,
        division=_digits(one("division")),
        industry=one("industry")[:8] if one("industry").isalnum() else "",
        unit=one("unit")[:32],
        price_from_fen=_read(one("price_from_fen"), _whole(MOST_FEN)),
        price_to_fen=_read(one("price_to_fen"), _whole(MOST_FEN)),
        free_from=_read(one("free_from"), _instant),
        free_until=_read(one("free_until"), _instant),
        order=_read(one("order"), Sort) or Sort.NEUTRAL,
    )


def to_params(filters: Filters) -> dict[str, list[str]]:
    """Return the parameters from which `from_params` reads the same filters; the inverse of it."""
    found: dict[str, list[str]] = {}
    for entry in fields(filters):
        value = getattr(filters, entry.name)
        if entry.name == "facets":
            found |= {f"{FACET_PREFIX}{name}": list(values) for name, values in value}
        elif isinstance(value, datetime):
            found[entry.name] = [value.isoformat()]
        elif value not in ("", None) and value != Sort.NEUTRAL:
            found[entry.name] = [str(value)]
    return found


def _read(text: str, kind: Callable[[str], T]) -> T | None:
    try:
        return kind(text) if text else None
    except (ValueError, OverflowError):
        return None


def _degrees(limit: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not math.isfinite(value) or abs(value) > limit:
            raise ValueError
        return value

    return read


def _whole(limit: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not 0 <= value <= limit:
            raise ValueError
        return value

    return read


def _instant(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None or not 1900 <= value.year < 2200:
        raise ValueError
    return value.astimezone(UTC)  # PostgreSQL reads no offset beyond 16 hours


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) in (2, 4, 6) else ""

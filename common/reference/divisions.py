"""Administrative divisions by GB/T 2260 code: names, what lies in what, and roughly where."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

_TABLE = Path(__file__).parent / "divisions.csv"
_COUNTRY = ""


@dataclass(frozen=True)
class Division:
    """A province (two digits and 0000), city (four and 00) or district; the centre is WGS-84, None when not known."""

    code: str
    name: str
    parent: str
    lat: float | None
    lng: float | None


@cache
def all_divisions() -> dict[str, Division]:
    """Return every division by its code, in order of code."""
    with _TABLE.open(newline="", encoding="utf-8") as file:
        return {
            row["code"]: Division(
                row["code"],
                row["name"],
                row["parent"],
                float(row["lat"]) if row["lat"] else None,
                float(row["lng"]) if row["lng"] else None,
            )
            for row in csv.DictReader(file)
        }


def find(code: str) -> Division | None:
    """Return the division `code`; None where there is none."""
    return all_divisions().get(code)


def is_known(code: str) -> bool:
    return code in all_divisions()


def children(code: str = _COUNTRY) -> list[Division]:
    """Return what lies directly in `code`; the provinces for an empty one."""
    return [all_divisions()[child] for child in _children().get(code, ())]


def path(code: str) -> list[Division]:
    """Return the division and all above it, the province first; empty for an unknown code."""
    found: list[Division] = []
    division = find(code)
    while division is not None:
        found.insert(0, division)
        division = find(division.parent)
    return found


def full_name(code: str) -> str:
    """Return the names from the province down, without the "市辖区" that names no place; the code when unknown."""
    names = [division.name for division in path(code) if division.name not in _FILLERS]
    return "".join(names) or code


def prefix(code: str) -> str:
    """Return the digits that every division within `code` begins with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def by_name(text: str) -> Division | None:
    """Return the division that `text` names most exactly, as "厦门市湖里区" does; None when none or unclear."""
    text = "".join(text.split())
    best: list[Division] = []
    depth = 0
    for division in all_divisions().values():
        chain = [step.name for step in path(division.code) if step.name not in _FILLERS]
        short = [_stem(name) for name in chain]
        if not short or division.name in _FILLERS or short[-1] not in text:
            continue
        score = sum(2 if name in text else 1 for name, stem in zip(chain, short, strict=True) if stem in text)
        if score > depth:
            best, depth = [division], score
        elif score == depth:
            best.append(division)
    return best[0] if len(best) == 1 else None


def nearest(lat: float, lng: float, *, within_m: float = 60_000) -> Division | None:
    """Return the district whose centre lies nearest to a WGS-84 place; a guess, for want of outlines."""
    found: tuple[float, Division] | None = None
    for division in all_divisions().values():
        if division.code.endswith("00") or division.lat is None or division.lng is None:
            continue
        if abs(division.lat - lat) > 1 or abs(division.lng - lng) > 1.5:
            continue
        away = distance_m(lat, lng, division.lat, division.lng)
        if away <= within_m and (found is None or away < found[0]):
            found = (away, division)
    return found[1] if found else None


def distance_m(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """Return the great-circle distance in metres, on a sphere of 6371008.8 m."""
    north, east = radians(other_lat - lat), radians(other_lng - lng)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * 6371008.8 * asin(min(1.0, sqrt(half)))


_FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_SUFFIXES = ("壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "省", "市", "区", "县")


def _stem(name: str) -> str:
    """Return a name without what it is called by, such as 厦门 for 厦门市; at least two characters stay."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


@cache
def _children() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for division in _rows():
        found.setdefault(division.parent, []).append(division.code)
    return found


def _rows() -> Iterator[Division]:
    yield from all_divisions().values()

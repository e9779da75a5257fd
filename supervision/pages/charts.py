"""What the charts and the map of the pages are drawn from; a table beside each says the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.reference import divisions
from marketplace.directions import DIRECTIONS

Row = Mapping[str, Any]
KINDS = ("listings", "demands", "orders")


def kind_words() -> dict[str, str]:
    return {"listings": _("Listings"), "demands": _("Demands"), "orders": _("Orders")}


def by_direction(activity: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the sums over all divisions, one row per direction in the order of the registry."""
    sums = _sums(activity, "direction")
    return [{"direction": d.code, **{kind: sums[d.code][kind] for kind in KINDS}} for d in DIRECTIONS]


def by_division(activity: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the sums over all directions, the busiest division first."""
    sums = _sums(activity, "division_code")
    rows = [
        {"division_code": code, "name": place_name(code), "total": sum(counts.values()), **counts}
        for code, counts in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row["total"], row["division_code"]))


def place_name(code: str) -> str:
    """Name a division of a table; the rest of one, which lies in none of its parts, is said as such."""
    if code.endswith("~"):
        return _("%(place)s, not further known") % {"place": place_name(code[:-1])}
    if code in ("", "000000"):
        return _("The whole country") if code else _("No place given")
    return divisions.full_name(code) or code


def direction_bars(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the ECharts option of listings, demands and orders by direction."""
    return {
        "aria": {"enabled": True},
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [_direction(row["direction"]) for row in rows]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"type": "bar", "name": word, "data": [row[kind] for row in rows], "barMaxWidth": 32}
            for kind, word in kind_words().items()
        ],
    }


def map_points(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the points of the map: one per division at its centre, marked with how much goes on there."""
    points = []
    for row in rows:
        place = divisions.find(row["division_code"])
        if place is None or place.lat is None or place.lng is None:
            continue
        note = " · ".join(f"{word} {row[kind]}" for kind, word in kind_words().items() if row[kind])
        points.append(
            {
                "code": row["division_code"],
                "at": [place.lng, place.lat],
                "title": row["name"],
                "mark": str(row["total"]),
                "note": note,
            }
        )
    return {"points": points}


def statistics_bars(cells: list[dict[str, Any]], top: str) -> dict[str, Any]:
    """Return the ECharts option of one division's figures by direction; a withheld one has no bar."""
    shown = {cell["direction"]: cell["value"] for cell in cells if cell["division_code"] == top}
    return {
        "aria": {"enabled": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [_direction(d.code) for d in DIRECTIONS]},
        "yAxis": {"type": "value"},
        "series": [{"type": "bar", "name": place_name(top), "data": [shown.get(d.code) for d in DIRECTIONS]}],
    }


def _direction(code: str) -> str:
    return next((str(d.label) for d in DIRECTIONS if d.code == code), code)


def _sums(activity: Iterable[Row], column: str) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(KINDS, 0))
    for row in activity:
        for kind in KINDS:
            sums[row[column]][kind] += row[kind]
    return sums

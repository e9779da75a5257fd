"""The checked columns of a listing, demand or leg, as a row keeps them between its check and its commit."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.gis.geos import Point


def kept(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return `columns` as JSON, without what was left empty."""
    return {name: _plain(value) for name, value in columns.items() if value not in (None, "")}


def columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `kept` was given."""
    return {name: _READ[name](value) if name in _READ else value for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Point):
        return [value.x, value.y]
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


_READ: Mapping[str, Any] = {
    "place": lambda xy: Point(xy[0], xy[1], srid=4326),
    "valid_until": date.fromisoformat,
    "deadline_at": datetime.fromisoformat,
    "period": lambda ends: tuple(map(datetime.fromisoformat, ends)),
}

"""From a selected row to the row that leaves: exactly the fields of the list, names replaced, places coarsened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from supervision.core import cells
from supervision.core.fields import Field, Kind, Resource
from supervision.core.pseudonym import pseudonym


def shape(resource: Resource, values: Mapping[str, Any], *, key: bytes, last_updated: datetime) -> dict[str, Any]:
    """Return the fields of `resource` and nothing else.

    Args:
        values: what the owning package selected; keys that no field names stay behind.
        key: of the agency's pseudonyms.
        last_updated: when the row changed last.

    Raises:
        KeyError: a field of the list was not selected.
    """
    row = {field.name: _value(field, values[field.key], key) for field in resource.fields}
    return {**row, "last_updated": last_updated}


def _value(field: Field, value: Any, key: bytes) -> Any:
    if value is None or (value == "" and field.may_lack):
        return None
    if field.kind == Kind.NAME:
        return pseudonym(key, field.of, str(value))
    if field.kind == Kind.CELL:
        corner = cells.cell(*value)
        return {"lng": corner.lng, "lat": corner.lat}
    return value

"""Limits of law and of service, each with its source and the days it is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class LimitUnit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    YEARS = "years"


class LimitKind(StrEnum):
    LAW = "law"
    SERVICE = "service"


@dataclass(frozen=True)
class Limit:
    """One row of the table; `is_verified` is false where nobody has read the number in the text itself."""

    code: str
    value: int
    unit: LimitUnit
    kind: LimitKind
    source: str
    is_verified: bool
    in_force_from: date
    in_force_until: date | None
    note: str


def parse(row: Mapping[str, Any]) -> Limit:
    """Return the limit that one row of the data file holds."""
    until = row["in_force_until"]
    return Limit(
        **{
            **row,
            "unit": LimitUnit(row["unit"]),
            "kind": LimitKind(row["kind"]),
            "in_force_from": date.fromisoformat(row["in_force_from"]),
            "in_force_until": date.fromisoformat(until) if until else None,
        }
    )


def in_force(limits: Iterable[Limit], code: str, day: date) -> Limit:
    """Return the limit `code` in force on `day`.

    Raises:
        LookupError: the table has none for that day.
    """
    for limit in limits:
        if (
            limit.code == code
            and limit.in_force_from <= day
            and (limit.in_force_until is None or day < limit.in_force_until)
        ):
            return limit
    raise LookupError(f"no limit {code} in force on {day}")

"""What one kind of demo offer and the need for it look like, read from `offers/*.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.directions import DIRECTIONS

FOLDER = Path(__file__).parent / "offers"


@dataclass(frozen=True)
class LegSeed:
    """One part of a bundle that a need asks for."""

    title: str
    unit: str
    quantity: tuple[int, int]
    budget_yuan: int
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class Seed:
    """One kind of offer with the need that it meets.

    Attributes:
        price_yuan: usual price of one `unit`.
        need_quantity: least and most that a need asks for, in `unit`.
        capacity_per_week: usual weekly capacity in `unit`; None where opening hours decide.
        legs: what a need for a bundle consists of; empty elsewhere.
    """

    title: str
    summary: str
    unit: str
    price_yuan: int
    offer: Mapping[str, Any]
    need_title: str
    need: Mapping[str, Any]
    need_quantity: tuple[int, int]
    capacity_per_week: int | None = None
    minimum_lot: int = 1
    setup_yuan: int = 0
    lead_time_days: int = 1
    legs: Sequence[LegSeed] = field(default_factory=tuple)


@cache
def seeds() -> Mapping[str, tuple[Seed, ...]]:
    """Return the seeds of every registered direction, by its code."""
    return {direction.code: _read(FOLDER / f"{direction.code}.json") for direction in DIRECTIONS}


def _read(path: Path) -> tuple[Seed, ...]:
    return tuple(
        Seed(**{**entry, "legs": tuple(LegSeed(**leg) for leg in entry.get("legs", ()))})
        for entry in json.loads(path.read_text())
    )

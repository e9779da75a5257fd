"""The five directions: the written-out registry and what others may ask of it."""

from marketplace.directions._fields import FieldSpec, Kind, described, field_of, fields, words
from marketplace.directions._spec import (
    Attributes,
    AttributesInvalid,
    Direction,
    Fit,
    FitTerm,
    Label,
    Lifecycle,
    MatchClass,
    Word,
    plain,
)
from marketplace.directions._terms import LICENCES, UNITS
from marketplace.directions.capacity import CAPACITY
from marketplace.directions.equipment import EQUIPMENT
from marketplace.directions.instruments import INSTRUMENTS
from marketplace.directions.resources import RESOURCES
from marketplace.directions.skills import SKILLS

DIRECTIONS: tuple[Direction, ...] = (INSTRUMENTS, SKILLS, EQUIPMENT, RESOURCES, CAPACITY)
CODES = tuple(entry.code for entry in DIRECTIONS)


def direction(code: str) -> Direction:
    """Return the direction called `code`; KeyError where there is none."""
    return _BY_CODE[code]


_BY_CODE = {entry.code: entry for entry in DIRECTIONS}

__all__ = [
    "CODES",
    "DIRECTIONS",
    "LICENCES",
    "UNITS",
    "Attributes",
    "AttributesInvalid",
    "Direction",
    "FieldSpec",
    "Fit",
    "FitTerm",
    "Kind",
    "Label",
    "Lifecycle",
    "MatchClass",
    "Word",
    "described",
    "direction",
    "field_of",
    "fields",
    "plain",
    "words",
]

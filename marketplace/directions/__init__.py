"""The five directions: the written-out registry and what others may ask of it."""

from marketplace.directions._arrays import PairFits
from marketplace.directions._classes import CLASSES
from marketplace.directions._fields import FieldSpec, Kind, described, field_of, fields, words
from marketplace.directions._fit import Fit, FitTerm
from marketplace.directions._labels import Label, Word
from marketplace.directions._spec import (
    Attributes,
    AttributesInvalid,
    Direction,
    Lifecycle,
    MatchClass,
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


def narrowing(entry: Direction) -> str:
    """Return the name of the choice that offer and need must share for any fit at all.

    By convention this is the facet that both schemas require as one choice; what stands before the first
    full stop of the value is the class that must be the same.
    """
    offer, wanted = ({f.name: f for f in fields(s)} for s in (entry.offer, entry.leg or entry.need))
    (name,) = (
        name
        for name in entry.facets
        if name in offer
        and name in wanted
        and all(f.kind == Kind.CHOICE and f.is_required for f in (offer[name], wanted[name]))
    )
    return name


def classes(entry: Direction) -> dict[str, Label]:
    """Return the classes that `narrowing` tells apart, each with its name."""
    named = CLASSES.get(entry.code, {})
    choices = field_of(entry.offer, narrowing(entry)).choices
    return {(code := value.split(".")[0]): named.get(code, label) for value, label in choices}


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
    "PairFits",
    "Word",
    "classes",
    "described",
    "direction",
    "field_of",
    "fields",
    "narrowing",
    "plain",
    "words",
]

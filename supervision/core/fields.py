"""What a field of a supervised row is: its type, where its value comes from, and why an authority needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from supervision.core.reader import Scope


class Kind(StrEnum):
    """How a value leaves the house."""

    TEXT = "string"  # a code or a name from a fixed list, never free text
    NUMBER = "integer"
    YES_NO = "boolean"
    INSTANT = "date-time"
    DAY = "date"
    NAME = "pseudonym"
    CELL = "cell"
    CODES = "list"
    FACTS = "object"


@dataclass(frozen=True)
class Field:
    """One field that a scope opens; what is not named here never leaves."""

    name: str
    kind: Kind
    zh: str
    en: str
    source: str = ""  # the key of the selected value; the field's own name when empty
    of: str = ""  # whose pseudonym it is
    may_lack: bool = False

    @property
    def key(self) -> str:
        return self.source or self.name


@dataclass(frozen=True)
class Resource:
    """One kind of row with the scope that opens it and the fields that it shows."""

    name: str
    kind: str  # in the journal of changes
    scope: Scope
    zh: str
    en: str
    fields: tuple[Field, ...]

    level: str = "D1"

    @property
    def has_direction(self) -> bool:
        return any(field.name == "direction" for field in self.fields)


def text(name: str, zh: str, en: str, **more: str | bool) -> Field:
    return _field(name, Kind.TEXT, zh, en, more)


def number(name: str, zh: str, en: str, **more: str | bool) -> Field:
    return _field(name, Kind.NUMBER, zh, en, more)


def yes_no(name: str, zh: str, en: str, **more: str | bool) -> Field:
    return _field(name, Kind.YES_NO, zh, en, more)


def instant(name: str, zh: str, en: str, **more: str | bool) -> Field:
    return _field(name, Kind.INSTANT, zh, en, more)


def day(name: str, zh: str, en: str, **more: str | bool) -> Field:
    return _field(name, Kind.DAY, zh, en, more)


def name_of(of: str, name: str, source: str, zh: str, en: str, **more: str | bool) -> Field:
    return _field(name, Kind.NAME, zh, en, {"of": of, "source": source, **more})


def cell(name: str, zh: str, en: str, **more: str | bool) -> Field:
    return _field(name, Kind.CELL, zh, en, more)


def codes(name: str, zh: str, en: str) -> Field:
    return _field(name, Kind.CODES, zh, en, {})


def facts(name: str, zh: str, en: str) -> Field:
    return _field(name, Kind.FACTS, zh, en, {})


def _field(name: str, kind: Kind, zh: str, en: str, more: Mapping[str, str | bool]) -> Field:
    return Field(
        name,
        kind,
        zh,
        en,
        source=str(more.get("source", "")),
        of=str(more.get("of", "")),
        may_lack=bool(more.get("may_lack", False)),
    )

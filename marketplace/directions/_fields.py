"""Fields of a schema as plain values: what forms, import columns, comparison tables and search are drawn from."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from marketplace.directions._labels import Label, Word
from marketplace.directions._spec import Attributes

LONGEST_TEXT = 200
LONGEST_NOTE = 2000
MOST_ENTRIES = 40


class Kind(StrEnum):
    """What a form shows for a field; the plural ones hold several values."""

    TEXT = "text"
    NOTE = "note"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXTS = "texts"


@dataclass(frozen=True)
class FieldSpec:
    """One field of a schema.

    Attributes:
        unit: as people write it, such as "mm"; empty where the field has none.
        choices: (stored value, label) of CHOICE and CHOICES.
        default: what counts when the field is left empty, as it is stored; None where nothing does.
    """

    name: str
    kind: Kind
    label: Label
    help: Label
    unit: str
    is_required: bool
    choices: tuple[tuple[str, Label], ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    default: Any = None

    def text(self, value: Any) -> str:
        """Return a stored value as the reader's language writes it."""
        if value in (None, "", [], ()):
            return ""
        labels = dict(self.choices)
        if self.kind == Kind.CHOICE:
            return str(labels.get(value, value))
        if self.kind in (Kind.CHOICES, Kind.TEXTS):
            return "、".join(str(labels.get(item, item)) for item in value)
        if self.kind == Kind.FLAG:
            return str(YES if value else NO)
        return f"{value} {self.unit_word}".strip()

    @property
    def unit_word(self) -> str:
        """The unit in the reader's language; symbols are the same in all."""
        return str(UNIT_WORDS.get(self.unit, self.unit))


YES, NO = Label("是", "yes"), Label("否", "no")
# Units of fields that are words, most of them measure words: English often needs none.
UNIT_WORDS = {
    unit: Label(unit, en)
    for unit, en in {
        "万元": "× 10,000 CNY",
        "个": "",
        "人": "people",
        "台": "",
        "天": "days",
        "年": "years",
        "把": "tools",
        "条": "lines",
        "班": "shifts",
        "轴": "axes",
    }.items()
}


def asked(
    zh: str, en: str, default: Any = ..., *, unit: str = "", help_zh: str = "", help_en: str = "", **limits: Any
) -> Any:
    """Declare a schema field with its labels; without a default it is required."""
    extra = {"zh": zh, "en": en, "unit": unit, "help_zh": help_zh, "help_en": help_en}
    return Field(default, title=en, description=help_en or None, json_schema_extra=dict(extra), **limits)


def text(zh: str, en: str, default: Any = "", **more: Any) -> Any:
    """Declare one line of text."""
    return asked(zh, en, default, **({"max_length": LONGEST_TEXT} | more))


def note(zh: str, en: str, default: Any = "", **more: Any) -> Any:
    """Declare a longer text."""
    return asked(zh, en, default, **({"max_length": LONGEST_NOTE} | more))


def several(zh: str, en: str, default: Any = (), **more: Any) -> Any:
    """Declare a list of values."""
    return asked(zh, en, default, **({"max_length": MOST_ENTRIES} | more))


@cache
def fields(schema: type[Attributes]) -> tuple[FieldSpec, ...]:
    """Return the fields of `schema` in the order in which they are asked."""
    return tuple(_spec(name, info) for name, info in schema.model_fields.items())


def field_of(schema: type[Attributes], name: str) -> FieldSpec:
    """Return one field; KeyError where the schema has no such name."""
    return {spec.name: spec for spec in fields(schema)}[name]


def described(schema: type[Attributes], attributes: Mapping[str, Any]) -> list[tuple[Label, str]]:
    """Return label and text of every stored attribute that says something, in order."""
    found = [(spec, spec.text(attributes.get(spec.name))) for spec in fields(schema)]
    return [(spec.label, written) for spec, written in found if written]


def words(schema: type[Attributes], attributes: Mapping[str, Any]) -> Iterable[str]:
    """Yield what a searcher may type: texts, and the labels of choices in both languages."""
    for spec in fields(schema):
        value = attributes.get(spec.name)
        labels = dict(spec.choices)
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, str) and item in labels:
                yield labels[item].zh
                yield labels[item].en
            elif isinstance(item, str):
                yield item


def _spec(name: str, info: FieldInfo) -> FieldSpec:
    extra: Any = info.json_schema_extra or {}
    limits = {type(limit): limit for limit in info.metadata}
    kind, choices = _kind(info.annotation, limits)
    low: Any = limits.get(Ge) or limits.get(Gt)
    high: Any = limits.get(Le) or limits.get(Lt)
    longest: Any = limits.get(MaxLen)
    return FieldSpec(
        name=name,
        kind=kind,
        label=Label(extra.get("zh", name), extra.get("en", name)),
        help=Label(extra.get("help_zh", ""), extra.get("help_en", "")),
        unit=extra.get("unit", ""),
        is_required=info.default is PydanticUndefined and info.default_factory is None,
        choices=choices,
        minimum=getattr(low, "ge", getattr(low, "gt", None)),
        maximum=getattr(high, "le", getattr(high, "lt", None)),
        max_length=getattr(longest, "max_length", None),
        default=_default(info),
    )


def _default(info: FieldInfo) -> Any:
    found = None if info.is_required() else info.get_default(call_default_factory=True)
    if isinstance(found, tuple):
        return [str(item) for item in found] or None
    return str(found) or None if isinstance(found, str) else found


def _kind(annotation: Any, limits: Mapping[type, Any]) -> tuple[Kind, tuple[tuple[str, Label], ...]]:
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        if isinstance(inner, type) and issubclass(inner, Word):
            return Kind.CHOICES, _choices(inner)
        return Kind.TEXTS, ()
    if isinstance(annotation, type) and issubclass(annotation, Word):
        return Kind.CHOICE, _choices(annotation)
    if annotation is str:
        longest = limits.get(MaxLen)
        return (Kind.NOTE if longest and longest.max_length > LONGEST_TEXT else Kind.TEXT), ()
    plain = {bool: Kind.FLAG, int: Kind.INTEGER, float: Kind.DECIMAL, date: Kind.DATE}
    return plain[annotation], ()


def _choices(words_: type[Word]) -> tuple[tuple[str, Label], ...]:
    return tuple((word.value, word.label) for word in words_)

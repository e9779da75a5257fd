"""What a direction is: labels, the schemas of offer and need, and how one of them fits the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, ValidationError

from common.errors import Refused, gettext_noop


@dataclass(frozen=True)
class Label:
    """A word in both languages; as a text it is the one of the reader."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


class Word(StrEnum):
    """One of a trade's own terms: `NAME = "stored_value", "中文", "English"`."""

    label: Label

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Label(zh, en)
        return member


class Attributes(BaseModel):
    """Base of all schemas: frozen, without unknown keys, without blanks around texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    version: ClassVar[int] = 1

    @classmethod
    def upgrade(cls, stored: Mapping[str, Any], version: int) -> Mapping[str, Any]:
        """Return attributes of an older `version` as this one writes them; there is no older one yet."""
        return stored


class AttributesInvalid(Refused):
    """The attributes do not follow the direction's schema.

    Attributes:
        errors: field name -> English sentences.
    """

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        name, sentences = next(iter(errors.items()))
        super().__init__(
            gettext_noop("%(field)s: %(problem)s"), field=name, params={"field": name, "problem": sentences[0]}
        )
        self.errors = {key: list(value) for key, value in errors.items()}


class Lifecycle(StrEnum):
    """How a deal of the direction is cut into parts."""

    SLOTS = "slots"
    MILESTONES = "milestones"
    QUANTITY = "quantity"
    BUNDLE = "bundle"


class MatchClass(StrEnum):
    """Which kind of decision a round takes: one deal each, divisible, all-or-nothing bundles, split orders."""

    UNIT = "unit"
    DIVISIBLE = "divisible"
    BUNDLE = "bundle"
    SPLIT = "split"


@dataclass(frozen=True)
class FitTerm:
    """One aspect of a fit: how well it is met, between 0 and 1, and how much it counts."""

    code: str
    label: Label
    score: float
    weight: float = 1.0


@dataclass(frozen=True)
class Fit:
    """How well an offer meets a need.

    Attributes:
        score: 0 where a hard wish is not met, else the weighted mean of the terms.
        terms: every aspect that the need asked about, or that always counts.
        reasons: what the offer would have to have; empty where the score is above 0.
        is_remote: the work is done at a distance, so that the way does not count.
    """

    score: float
    terms: tuple[FitTerm, ...] = ()
    reasons: tuple[Label, ...] = ()
    is_remote: bool = False


@dataclass
class Comparison:
    """Collects the terms of one fit; a need that asks for nothing more is met in full."""

    is_remote: bool = False
    _terms: list[FitTerm] = field(default_factory=list)
    _reasons: list[Label] = field(default_factory=list)

    def require(self, code: str, label: Label, *, holds: bool, reason: Label) -> None:
        """A hard wish: met or not."""
        self._terms.append(FitTerm(code, label, 1.0 if holds else 0.0))
        if not holds:
            self._reasons.append(reason)

    def grade(self, code: str, label: Label, score: float, *, weight: float = 1.0) -> None:
        """A soft wish: met by `score`."""
        self._terms.append(FitTerm(code, label, min(max(score, 0.0), 1.0), weight))

    def at_least(self, code: str, label: Label, offered: float | None, wanted: float | None, *, reason: Label) -> None:
        """A number that must reach `wanted`; one that is not stated counts half."""
        if wanted is None:
            return
        if offered is None:
            self.grade(code, label, 0.5)
        else:
            self.require(code, label, holds=offered >= wanted, reason=reason)

    def at_most(self, code: str, label: Label, offered: float | None, wanted: float | None, *, reason: Label) -> None:
        """A number that must not pass `wanted`; one that is not stated counts half."""
        if wanted is None:
            return
        if offered is None:
            self.grade(code, label, 0.5)
        else:
            self.require(code, label, holds=offered <= wanted, reason=reason)

    def all_of(self, code: str, label: Label, offered: Sequence[str], wanted: Sequence[str], *, reason: Label) -> None:
        """Every one of `wanted` must be offered."""
        if wanted:
            self.require(code, label, holds=set(wanted) <= set(offered), reason=reason)

    def share_of(
        self, code: str, label: Label, offered: Sequence[str], wanted: Sequence[str], *, weight: float = 1.0
    ) -> None:
        """The more of `wanted` is offered the better; letters' case does not count."""
        if wanted:
            have = {item.casefold() for item in offered}
            met = sum(item.casefold() in have for item in wanted)
            self.grade(code, label, met / len(wanted), weight=weight)

    def within(self, code: str, label: Label, offered: float | None, wanted: float | None) -> None:
        """A span, such as days, that is better short: in proportion once it passes `wanted`."""
        if wanted is not None:
            self.grade(code, label, 0.5 if offered is None else min(1.0, max(wanted, 1) / max(offered, 1)))

    def fit(self) -> Fit:
        if self._reasons:
            return Fit(0.0, tuple(self._terms), tuple(self._reasons), self.is_remote)
        weight = sum(term.weight for term in self._terms)
        total = sum(term.score * term.weight for term in self._terms)
        return Fit(round(total / weight, 4) if weight else 1.0, tuple(self._terms), (), self.is_remote)


def _no_licence(offer: Any) -> tuple[str, ...]:
    return ()


def _one_place(offer: Any) -> int:
    return 1


@dataclass(frozen=True)
class Direction:
    """One kind of idle capacity, and everything that only this kind has.

    Attributes:
        units: codes of `_terms.UNITS`, the usual one first.
        matching: which decision a round takes about it.
        is_exclusive: two uses of one listing may not overlap in time.
        is_metered: billed by metered instead of booked time.
        is_sealed: quotes stay closed until the call's deadline.
        offer, need: schemas; need is of the whole demand.
        leg: schema of one part of a bundle; None where a demand is not cut into legs.
        facets: attribute names that search offers as filters; each is a choice or several.
        compare: fit of a parsed offer for a parsed need (for a parsed leg where there are legs).
        licences: codes of `_terms.LICENCES` that an offer may not be published without.
        places: how many deals an offer can serve at once: machines of the same kind, tasks taken on together.
        most_suppliers: how many partners one demand may have.
        unit_lifecycles: units whose deals are cut otherwise than the direction's usual way.
    """

    code: str
    label: Label
    about: Label
    icon: str
    units: tuple[str, ...]
    lifecycle: Lifecycle
    matching: MatchClass
    offer: type[Attributes]
    need: type[Attributes]
    compare: Callable[[Any, Any], Fit]
    facets: tuple[str, ...]
    is_exclusive: bool = False
    is_metered: bool = False
    is_sealed: bool = False
    leg: type[Attributes] | None = None
    licences: Callable[[Any], tuple[str, ...]] = _no_licence
    places: Callable[[Any], int] = _one_place
    most_suppliers: int = 1
    unit_lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)

    def lifecycle_for(self, unit: str) -> Lifecycle:
        """Return how a deal counted in `unit` is cut into parts."""
        return self.unit_lifecycles.get(unit, self.lifecycle)

    @property
    def unit(self) -> str:
        return self.units[0]

    @property
    def has_legs(self) -> bool:
        return self.leg is not None

    def parse_offer(self, attributes: Mapping[str, Any], version: int | None = None) -> Attributes:
        """Return `attributes` of a listing, checked.

        Raises:
            AttributesInvalid: they do not follow the schema.
        """
        return parse(self.offer, attributes, version)

    def parse_need(self, attributes: Mapping[str, Any], version: int | None = None) -> Attributes:
        """Return `attributes` of a demand, checked; raises as `parse_offer`."""
        return parse(self.need, attributes, version)

    def parse_leg(self, attributes: Mapping[str, Any]) -> Attributes:
        """Return `attributes` of a bundle's leg, checked; raises as `parse_offer`."""
        if self.leg is None:
            raise AttributesInvalid({"legs": [gettext_noop("A demand of this direction has no legs.")]})
        return parse(self.leg, attributes, None)

    def fit(self, offer: Attributes, need: Attributes) -> Fit:
        """Return how well `offer` meets `need`, both parsed; pure and without side effects."""
        return self.compare(offer, need)


def parse(schema: type[Attributes], attributes: Mapping[str, Any], version: int | None) -> Attributes:
    """Return `attributes` as `schema` reads them.

    Raises:
        AttributesInvalid: a key is unknown, missing or of the wrong kind.
    """
    if version is not None and version < schema.version:
        attributes = schema.upgrade(attributes, version)
    try:
        return schema.model_validate(attributes)
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for problem in error.errors(include_url=False, include_context=False, include_input=False):
            problems.setdefault(str(problem["loc"][0]) if problem["loc"] else "", []).append(problem["msg"])
        raise AttributesInvalid(problems) from error


def plain(attributes: Attributes) -> dict[str, Any]:
    """Return parsed attributes as JSON stores them, without what was left empty."""
    stored = attributes.model_dump(mode="json")
    return {name: value for name, value in stored.items() if value not in (None, "", [])}

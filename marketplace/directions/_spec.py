"""What a direction is: labels, the schemas of offer and need, and the terms of how one of them fits the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from common.errors import Refused, gettext_noop
from marketplace.directions._fit import Fit, Remote, Term, fit_of
from marketplace.directions._labels import Label


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
        terms: what a fit of an offer for a need (for a leg where there are legs) is made of, in order.
        remote: when a deal is work at a distance; None where it never is.
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
    terms: tuple[Term, ...]
    facets: tuple[str, ...]
    remote: Remote | None = None
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
        return fit_of(self.terms, self.remote, offer, need)


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

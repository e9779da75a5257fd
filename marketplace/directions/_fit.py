"""How well an offer fits a need: a table of terms, each a pure function of a few fields of both.

A term comes in one of three kinds, by what its function works on; each is evaluated for one pair here and for many in
`_arrays`, from the same function. A score that is not a number means that the term does not count for this pair.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from marketplace.directions._labels import Label

DOES_NOT_COUNT = float("nan")
FULL_BP = 10_000


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Reading:
    """What a term reads of one side: the values of some fields, made into one value."""

    fields: tuple[str, ...]
    make: Callable[..., Any] = _as_it_is

    def of(self, attributes: Any) -> Any:
        """Return what parsed attributes say, hashable; None where that is nothing: left out, empty or no."""
        return self.said(*[getattr(attributes, name) for name in self.fields])

    def said(self, *values: Any) -> Any:
        """Return what values of the fields say, as `of` does."""
        value = self.make(*values)
        return None if value is None or value is False or value in ("", ()) else value


@dataclass(frozen=True)
class ByNumber:
    """Judges two numbers: `score(offered, wanted)` of float64 arrays; what is not stated is not a number."""

    score: Callable[[Any, Any], Any]

    def one(self, offered: float | None, wanted: float) -> float:
        return float(self.score(np.float64(np.nan if offered is None else offered), np.float64(wanted)))


@dataclass(frozen=True)
class ByItems:
    """Judges two lists of words: `score(met, wanted, offered)` of int64 arrays.

    They are how many of the wanted words are offered, how many are wanted, and how many are offered.
    """

    score: Callable[[Any, Any, Any], Any]

    def one(self, offered: tuple[str, ...] | None, wanted: tuple[str, ...]) -> float:
        have = set(offered or ())
        return float(self.score(sum(item in have for item in wanted), len(wanted), len(offered or ())))


@dataclass(frozen=True)
class ByValue:
    """Judges two values of any kind, the offered one None where nothing is said: `score(offered, wanted)`, plain."""

    score: Callable[[Any, Any], float]

    def one(self, offered: Any, wanted: Any) -> float:
        return float(self.score(offered, wanted))


@dataclass(frozen=True)
class Term:
    """One aspect of how well offers of a direction meet needs.

    Attributes:
        offered, wanted: what it reads of the offer and of the need; a need that says nothing there does not ask.
        judge: the score, between 0 and 1, of what both say.
        reason: of a hard wish, what an offer that scores 0 would have to have; None where the wish is soft.
    """

    code: str
    label: Label
    offered: Reading
    wanted: Reading
    judge: ByNumber | ByItems | ByValue
    weight: float = 1.0
    reason: Label | None = None

    def score(self, offer: Any, need: Any) -> float | None:
        """Return how well `offer` meets this aspect of `need`, both parsed; None where it does not count."""
        wanted = self.wanted.of(need)
        found = DOES_NOT_COUNT if wanted is None else self.judge.one(self.offered.of(offer), wanted)
        return None if isnan(found) else found


@dataclass(frozen=True)
class Remote:
    """When the work is done at a distance: where both sides, read so, say something."""

    offered: Reading
    wanted: Reading

    def holds(self, offer: Any, need: Any) -> bool:
        return self.offered.of(offer) is not None and self.wanted.of(need) is not None


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
        score_bp: basis points: 0 where a hard wish is not met, else the weighted mean of the terms.
        terms: every aspect that the need asked about, or that always counts.
        reasons: what the offer would have to have; empty where the score is above 0.
        is_remote: the work is done at a distance, so that the way does not count.
    """

    score_bp: int
    terms: tuple[FitTerm, ...] = ()
    reasons: tuple[Label, ...] = ()
    is_remote: bool = False

    @property
    def score(self) -> float:
        """Between 0 and 1."""
        return self.score_bp / FULL_BP


def fit_of(terms: Iterable[Term], remote: Remote | None, offer: Any, need: Any) -> Fit:
    """Return how well `offer` meets `need`, both parsed; a need that asks for nothing is met in full."""
    found, reasons = [], []
    total = weight = 0.0
    for term in terms:
        score = term.score(offer, need)
        if score is not None:
            found.append(FitTerm(term.code, term.label, score, term.weight))
            total += score * term.weight
            weight += term.weight
            if term.reason and score == 0:
                reasons.append(term.reason)
    is_remote = remote is not None and remote.holds(offer, need)
    score_bp = 0 if reasons else int(mean_bp(np.float64(total), np.float64(weight)))
    return Fit(score_bp, tuple(found), tuple(reasons), is_remote)


def mean_bp(total: Any, weight: Any) -> Any:
    """Return `total / weight` of float64 arrays in whole basis points, halves upwards; full where nothing weighs."""
    mean = np.divide(total, weight, out=np.ones_like(total), where=np.asarray(weight > 0))
    return np.floor(mean * FULL_BP + 0.5)

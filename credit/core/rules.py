"""The published rules of credit: what a fact weighs, and which points make which grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import log1p
from typing import Any

from credit.core.kinds import Cause, EventKind, Grade


@dataclass(frozen=True)
class KindRule:
    """Points of one fact of a kind when fresh, and the most that all facts of the kind may move."""

    points: float
    at_most: float


@dataclass(frozen=True)
class RestrictionRule:
    """What a single new order of a restricted party may come to at most; 0 fen: none at all."""

    cause: Cause
    most_order_fen: int
    source: str


@dataclass(frozen=True)
class Rules:
    """One dated version; names end in their unit, weights have none."""

    version: str
    in_force_from: date
    in_force_until: date | None
    source: str
    prior_mean: float
    prior_weight: float
    half_life_days: float
    low_quantile: float
    pair_decay: float
    pair_window_days: float
    ring_factor: float
    weight_full_at_fen: int
    weight_least: float
    weight_most: float
    forget_after_days: float
    grade_needs_orders: int
    base_points: float
    rating_points: float
    kinds: Mapping[EventKind, KindRule]
    grades: tuple[tuple[Grade, float], ...]  # best first: grade and the points it needs
    restrictions: tuple[RestrictionRule, ...]  # the strictest first

    def order_weight(self, amount_fen: int) -> float:
        """Return what a rating of an order of `amount_fen` weighs: grows as the logarithm, capped at both ends."""
        share = log1p(amount_fen / 100) / log1p(self.weight_full_at_fen / 100)
        return min(self.weight_most, self.weight_least + (1 - self.weight_least) * share)


def parse(row: Mapping[str, Any]) -> Rules:
    """Return the rules that one row of the data file holds."""
    until = row["in_force_until"]
    return Rules(
        **{
            **row,
            "in_force_from": date.fromisoformat(row["in_force_from"]),
            "in_force_until": date.fromisoformat(until) if until else None,
            "kinds": {EventKind(kind): KindRule(**rule) for kind, rule in row["kinds"].items()},
            "grades": tuple((Grade(grade), points) for grade, points in row["grades"]),
            "restrictions": tuple(
                RestrictionRule(**{**rule, "cause": Cause(rule["cause"])}) for rule in row["restrictions"]
            ),
        }
    )


def in_force(versions: tuple[Rules, ...], day: date) -> Rules:
    """Return the version in force on `day`; before the first, the first.

    Raises:
        LookupError: the last version ended before `day`.
    """
    for rules in versions:
        if rules.in_force_until is None or day < rules.in_force_until:
            return rules
    raise LookupError(f"no credit rules in force on {day}")

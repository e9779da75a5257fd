"""From facts to a score, points and a grade, each with its explanation; the same facts give the same bytes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from credit.core.kinds import EventKind, Grade
from credit.core.rules import Rules

_DIGITS = 9  # rounding keeps the answer equal across processors
_LISTED = 50
_ENDED_BY_EXPIRY = frozenset({EventKind.VERIFICATION_PASSED, EventKind.CERTIFICATE})


@dataclass(frozen=True)
class Fact:
    """One event of the ledger as the score sees it."""

    code: str
    kind: EventKind
    occurred_at: datetime
    value: float | None = None
    weight: float = 1.0
    counterparty: int | None = None
    effect_until: datetime | None = None
    is_void: bool = False  # an objection against it was upheld
    source_code: str = ""


@dataclass(frozen=True)
class Score:
    """What the facts amount to at one instant."""

    mean: float
    low: float
    rating_count: int
    order_count: int
    points: float
    grade: Grade
    explanation: dict[str, Any]


def score(facts: Iterable[Fact], *, at: datetime, rules: Rules, damped: Collection[int] = ()) -> Score:
    """Return the score of one party.

    Args:
        facts: all that the ledger holds about the party, in any order; later than `at` is left out.
        damped: ids of raters that belong to a suspected ring.

    Notes:
        Beta posterior: alpha = m w + sum(w_i v_i), beta = (1 - m) w + sum(w_i (1 - v_i)), with the prior mean m of
        weight w. w_i = order weight x 2^(-age / half-life) x pair decay^k x ring factor, where k counts the same
        rater's earlier ratings within the pair window. A later good rating therefore never lowers the mean.

    Source:
        A. Jøsang, R. Ismail, The Beta Reputation System, Bled 2002; forgetting and pair decay are our own measures.
    """
    known = sorted((f for f in facts if f.occurred_at <= at), key=lambda f: (f.occurred_at, f.code))
    counting = in_effect(known, at=at, rules=rules)
    ratings = [f for f in counting if f.kind is EventKind.RATING_RECEIVED and f.value is not None]
    terms = _rating_terms(ratings, at=at, rules=rules, damped=frozenset(damped))
    alpha = rules.prior_mean * rules.prior_weight + sum(t["weight"] * t["value"] for t in terms)
    beta = (1 - rules.prior_mean) * rules.prior_weight + sum(t["weight"] * (1 - t["value"]) for t in terms)
    mean = alpha / (alpha + beta)
    # Half a second to import, which only who computes scores should pay.
    from scipy.special import betaincinv

    low = float(betaincinv(alpha, beta, rules.low_quantile))
    groups = _point_terms(counting, at=at, rules=rules)
    rating_points = rules.rating_points * (mean - rules.prior_mean)
    points = rules.base_points + rating_points + sum(group["points"] for group in groups)
    orders = sum(f.kind is EventKind.ORDER_COMPLETED for f in counting)
    grade = _grade(points, orders, rules)
    explanation = {
        "rules": rules.version,
        "prior": {"mean": rules.prior_mean, "weight": rules.prior_weight},
        "alpha": _round(alpha),
        "beta": _round(beta),
        "base_points": rules.base_points,
        "rating_points": _round(rating_points),
        "kinds": groups,
        "ratings": terms[-_LISTED:],
        "rating_count": len(terms),
        "void_count": sum(f.is_void for f in known),
        "orders": orders,
        "orders_needed": rules.grade_needs_orders,
        "thresholds": [[grade, least] for grade, least in rules.grades],
    }
    return Score(_round(mean), _round(low), len(ratings), orders, _round(points), grade, explanation)


def in_effect(facts: Iterable[Fact], *, at: datetime, rules: Rules) -> list[Fact]:
    """Return what counts at `at`, in the order given.

    Left out is what came later, what an objection or age took away, and the proof of identity whose end is a fact of
    its own.
    """
    known = [f for f in facts if f.occurred_at <= at]
    ended = {f.source_code for f in known if f.kind is EventKind.VERIFICATION_EXPIRED and f.source_code}
    return [
        f
        for f in known
        if not f.is_void
        and _age_days(f, at) < rules.forget_after_days
        and not (f.kind in _ENDED_BY_EXPIRY and f.source_code in ended)
    ]


def _rating_terms(
    ratings: Sequence[Fact], *, at: datetime, rules: Rules, damped: frozenset[int]
) -> list[dict[str, Any]]:
    window = timedelta(days=rules.pair_window_days)
    earlier: defaultdict[int, list[datetime]] = defaultdict(list)
    terms = []
    for fact in ratings:
        repeats = 0
        ring = 1.0
        if fact.counterparty is not None:
            repeats = sum(when > fact.occurred_at - window for when in earlier[fact.counterparty])
            earlier[fact.counterparty].append(fact.occurred_at)
            ring = rules.ring_factor if fact.counterparty in damped else 1.0
        age = _fade(fact, at, rules)
        weight = fact.weight * age * rules.pair_decay**repeats * ring
        terms.append(
            {
                "code": fact.code,
                "value": fact.value,
                "order": _round(fact.weight),
                "age": _round(age),
                "repeats": repeats,
                "ring": ring,
                "weight": _round(weight),
            }
        )
    return terms


def _point_terms(facts: Sequence[Fact], *, at: datetime, rules: Rules) -> list[dict[str, Any]]:
    sums: dict[EventKind, float] = defaultdict(float)
    counts = Counter(f.kind for f in facts)
    for fact in facts:
        if fact.kind in rules.kinds:
            sums[fact.kind] += rules.kinds[fact.kind].points * _effect(fact, at, rules)
    return [
        {
            "kind": kind,
            "count": counts[kind],
            "points": _round(max(-rule.at_most, min(rule.at_most, sums[kind]))),
            "is_capped": abs(sums[kind]) > rule.at_most,
        }
        for kind, rule in rules.kinds.items()
        if counts[kind]
    ]


def _effect(fact: Fact, at: datetime, rules: Rules) -> float:
    """A fact with an end has its whole effect until then; one without fades."""
    if fact.effect_until is not None:
        return 1.0 if at < fact.effect_until else 0.0
    return _fade(fact, at, rules)


def _fade(fact: Fact, at: datetime, rules: Rules) -> float:
    return float(2.0 ** (-_age_days(fact, at) / rules.half_life_days))


def _age_days(fact: Fact, at: datetime) -> float:
    return (at - fact.occurred_at) / timedelta(days=1)


def _grade(points: float, orders: int, rules: Rules) -> Grade:
    grade = next((grade for grade, least in rules.grades if points >= least), rules.grades[-1][0])
    # Too few orders say nothing good yet; what is known to be bad is said all the same.
    return Grade.NEW if orders < rules.grade_needs_orders and grade is not rules.grades[-1][0] else grade


def _round(number: float) -> float:
    return round(number, _DIGITS)

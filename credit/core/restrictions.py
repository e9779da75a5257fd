"""Which restrictions a party's facts and grade put on its new deals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from credit.core.kinds import Cause, EventKind, Grade
from credit.core.rules import Rules
from credit.core.score import Fact, in_effect


@dataclass(frozen=True)
class Restriction:
    """One restriction in force.

    Attributes:
        until: when it ends by itself; None while only a better grade, or an objection upheld, ends it.
        source_code: names the document, for a list.
    """

    cause: Cause
    most_order_fen: int
    until: datetime | None
    source_code: str
    source: str


def restrictions(facts: Iterable[Fact], *, grade: Grade, at: datetime, rules: Rules) -> list[Restriction]:
    """Return what restricts a party at `at`, the strictest first; a list lifts itself at its end."""
    lists = [f for f in in_effect(facts, at=at, rules=rules) if f.kind is EventKind.OFFICIAL_LIST]
    lists = [f for f in lists if f.effect_until is None or at < f.effect_until]
    found = []
    for rule in rules.restrictions:
        if rule.cause is Cause.OFFICIAL_LIST:
            found += [
                Restriction(rule.cause, rule.most_order_fen, f.effect_until, f.source_code, rule.source) for f in lists
            ]
        elif rule.cause is Cause.GRADE_D and grade is Grade.D:
            found.append(Restriction(rule.cause, rule.most_order_fen, None, "", rule.source))
    return found

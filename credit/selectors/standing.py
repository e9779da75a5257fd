"""How parties stand: score, grade and what they rest on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count

from credit.core import score
from credit.core.kinds import EventKind, Grade
from credit.core.rules import Rules
from credit.models import CreditEvent, Standing, StandingPoint
from credit.selectors import ledger, rings, rules


@dataclass(frozen=True)
class StandingView:
    """A party's standing; one about whom nothing is known has the prior and grade N, never a zero."""

    organisation_id: int
    mean: float
    low: float
    rating_count: int
    order_count: int
    points: float
    grade: Grade
    explanation: dict[str, Any]
    computed_at: datetime | None

    @property
    def stars(self) -> float:
        """The mean on the five-star scale, one decimal."""
        return round(1 + 4 * self.mean, 1)


def of(organisation_ids: Collection[int]) -> dict[int, StandingView]:
    """Return the standing of each party, also of those of whom nothing is known yet. One query."""
    rows = Standing.objects.filter(organisation_id__in=organisation_ids)
    known = {row.organisation_id: _view(row) for row in rows}
    return {i: known.get(i) or _unknown(i) for i in organisation_ids}


def history(organisation_id: int) -> list[StandingPoint]:
    """Return the points at which the party's grade or score changed, oldest first."""
    return list(StandingPoint.objects.filter(organisation_id=organisation_id).order_by("at", "id"))


def grade_counts() -> dict[str, int]:
    """Return how many parties have each grade, the best first."""
    counts = dict(Standing.objects.order_by().values_list("grade").annotate(count=Count("id")))
    return {grade.value: counts.get(grade.value, 0) for grade in Grade}


def computed(organisation_ids: Collection[int], *, at: datetime, version: Rules) -> dict[int, score.Score]:
    """Return each party's score as the ledger gives it at `at`, whatever is stored. Two queries."""
    damped = rings.damped_raters()
    facts_of: dict[int, list[score.Fact]] = {organisation_id: [] for organisation_id in organisation_ids}
    for event in ledger.of(*organisation_ids):
        facts_of[event.organisation_id].append(_fact(event))
    return {key: score.score(found, at=at, rules=version, damped=damped) for key, found in facts_of.items()}


def facts(organisation_id: int) -> list[score.Fact]:
    """Return all that the ledger holds about a party, as the rules see it."""
    return [_fact(event) for event in ledger.of(organisation_id)]


def restrictable() -> dict[int, tuple[list[score.Fact], Grade]]:
    """Return grade and official lists of each party whom either may restrict. Two queries."""
    found: dict[int, tuple[list[score.Fact], Grade]] = {}
    for party, grade in Standing.objects.filter(grade=Grade.D).values_list("organisation_id", "grade"):
        found[party] = ([], Grade(grade))
    for event in ledger.on_official_lists():
        found.setdefault(event.organisation_id, ([], Grade.NEW))[0].append(_fact(event))
    return found


def _fact(event: CreditEvent) -> score.Fact:
    return score.Fact(
        code=str(event.code),
        kind=EventKind(event.kind),
        occurred_at=event.occurred_at,
        value=event.value,
        weight=event.weight,
        counterparty=event.counterparty_id,
        effect_until=event.effect_until,
        is_void=ledger.is_void(event),
        source_code=event.source_code,
    )


def _view(row: Standing) -> StandingView:
    return StandingView(
        organisation_id=row.organisation_id,
        mean=row.mean,
        low=row.low,
        rating_count=row.rating_count,
        order_count=row.order_count,
        points=row.points,
        grade=Grade(row.grade),
        explanation=row.explanation,
        computed_at=row.computed_at,
    )


def _unknown(organisation_id: int) -> StandingView:
    version = rules.versions()[-1]
    nothing = score.score((), at=datetime.max.replace(tzinfo=UTC), rules=version)
    return StandingView(
        organisation_id=organisation_id,
        mean=nothing.mean,
        low=nothing.low,
        rating_count=0,
        order_count=0,
        points=nothing.points,
        grade=nothing.grade,
        explanation=nothing.explanation,
        computed_at=None,
    )

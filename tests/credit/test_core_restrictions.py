"""What restricts a party's deals, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from credit.core.kinds import Cause, EventKind, Grade
from credit.core.restrictions import restrictions
from credit.core.score import Fact
from credit.selectors import rules

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
RULES = rules.in_force(AT)


def _listed(**fields) -> Fact:
    return Fact(**({"code": "l", "kind": EventKind.OFFICIAL_LIST, "occurred_at": AT - timedelta(days=1)} | fields))


def _of(*facts: Fact, grade: Grade = Grade.NEW, at: datetime = AT) -> list[tuple[Cause, int]]:
    return [(each.cause, each.most_order_fen) for each in restrictions(facts, grade=grade, at=at, rules=RULES)]


@pytest.mark.parametrize("grade", [Grade.A, Grade.B, Grade.C, Grade.NEW])
def test_nothing_restricts_a_party_without_a_list_or_grade_d(grade):
    assert _of(Fact("c", EventKind.COMPLAINT_UPHELD, AT), grade=grade) == []


def test_the_strictest_restriction_comes_first():
    assert _of(_listed(), grade=Grade.D) == [(Cause.OFFICIAL_LIST, 0), (Cause.GRADE_D, 1_000_000)]


@pytest.mark.clause("XM-4.2.1k")
def test_a_list_lifts_itself_at_its_end():
    listed = _listed(effect_until=AT, source_code="1号")

    assert _of(listed, at=AT - timedelta(seconds=1)) == [(Cause.OFFICIAL_LIST, 0)]
    assert _of(listed, at=AT) == []


def test_an_upheld_objection_and_five_years_take_a_list_away():
    assert _of(_listed(is_void=True)) == []
    assert _of(_listed(occurred_at=AT - timedelta(days=RULES.forget_after_days))) == []


def test_a_list_that_begins_later_restricts_nothing_yet():
    assert _of(_listed(occurred_at=AT + timedelta(seconds=1))) == []


def test_every_restriction_names_its_end_its_document_and_its_rule():
    (found,) = restrictions(
        [_listed(effect_until=AT + timedelta(days=1), source_code="1号")], grade=Grade.B, at=AT, rules=RULES
    )

    assert (found.until, found.source_code) == (AT + timedelta(days=1), "1号")
    assert found.source.startswith("Yuli credit rules 2026-1")

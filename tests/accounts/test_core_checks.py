"""What the machine may conclude, and the levels that follow from approved cases."""

from datetime import date
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.core import agreement, checks, levels, pictures
from accounts.core.checks import Answer, CheckResult, Outcome
from accounts.core.levels import CaseKind, Level
from accounts.core.verification_states import VERIFICATION, VerificationParty, VerificationState

CLEAN = [CheckResult("number", Outcome.PASSED, 0, ""), checks.registry(Answer.AGREES, "R")]


def test_the_machine_passes_only_what_a_register_confirms():
    assert checks.may_pass_alone(CaseKind.ORGANISATION, CLEAN)
    assert not checks.may_pass_alone(CaseKind.ORGANISATION, CLEAN[:1])
    assert not checks.may_pass_alone(CaseKind.LICENCE, CLEAN)


@pytest.mark.parametrize(
    "finding",
    [
        checks.registry(Answer.DIFFERS, "R"),
        checks.duplicates(0, 1),
        checks.duplicates(1, 0),
        checks.name_in_text("甲公司", "乙单位"),
        checks.no_text("x"),
    ],
)
def test_any_doubt_goes_to_a_person(finding):
    assert not checks.may_pass_alone(CaseKind.ORGANISATION, [*CLEAN, finding])


@pytest.mark.clause("586-3b")
def test_no_move_of_the_machine_refuses():
    by_system = {m.target for m in VERIFICATION.moves if VerificationParty.SYSTEM in m.parties}

    assert VerificationState.REFUSED not in by_system
    assert VerificationState.REVOKED not in by_system


def test_every_state_is_reached_and_final_ones_are_left_by_nobody():
    assert VERIFICATION.states() == set(VerificationState)
    left = {source for m in VERIFICATION.moves for source in m.sources}
    assert set(VerificationState) - left == {"refused", "withdrawn", "expired", "revoked"}


def test_about_one_pass_in_twenty_is_drawn_for_a_second_look():
    drawn = sum(checks.is_sampled(str(UUID(int=number))) for number in range(4000))

    assert 160 <= drawn <= 240


@given(st.lists(st.integers(0, 60), max_size=9))
def test_risk_is_the_sum_up_to_a_hundred(risks):
    results = [CheckResult("x", Outcome.WARNED, risk, "") for risk in risks]

    assert checks.risk(results) == min(100, sum(risks))


@pytest.mark.parametrize(
    ("kind", "approved", "level"),
    [
        ("person", [], Level.MAIL),
        ("person", [CaseKind.PERSON], Level.PERSON),
        ("enterprise", [CaseKind.ORGANISATION], Level.ORGANISATION),
        ("enterprise", [CaseKind.LICENCE], Level.MAIL),
        ("enterprise", [CaseKind.ORGANISATION, CaseKind.LICENCE], Level.LICENSED),
        ("person", [CaseKind.PERSON, CaseKind.CERTIFICATE], Level.CERTIFIED),
    ],
)
def test_without_the_identity_nothing_counts(kind, approved, level):
    assert levels.level_of(kind, approved) == level


def test_a_verification_ends_within_six_months_or_with_its_document():
    decided = date(2026, 3, 2)

    assert levels.valid_until(decided, None) == date(2026, 8, 29)
    assert levels.valid_until(decided, date(2026, 5, 1)) == date(2026, 5, 1)
    assert levels.valid_until(decided, date(2036, 5, 1)) == date(2026, 8, 29)


@pytest.mark.parametrize(
    ("name", "text", "likeness"),
    [
        ("厦门鹭江精密有限公司", "名称：厦门鹭江 精密有限公司\n住所", 1.0),
        ("厦门鹭江精密有限公司", "名称廈門鹭江精密有限公司", 1.0),
        ("Lujiang（Xiamen）Co", "LUJIANG(XIAMEN)CO", 1.0),
        ("", "anything", 0.0),
    ],
)
def test_a_name_is_found_across_blanks_width_and_traditional_print(name, text, likeness):
    assert agreement.name_agreement(name, text) == likeness


def test_a_changed_name_is_only_alike():
    likeness = agreement.name_agreement("厦门鹭江精密有限公司", "名称 厦门鹭江精工有限公司")

    assert 0.8 <= likeness < 1


@pytest.mark.parametrize(("text", "likeness"), [("x 91O1 y", 0.9), ("9101", 1.0), ("9102", 0.0)])
def test_a_number_survives_characters_that_look_alike(text, likeness):
    assert agreement.number_agreement("9101", text) == likeness


def test_blur_takes_sharpness_away():
    random = np.random.default_rng(1)
    sharp = (random.random((700, 900)) * 255).astype(np.uint8)
    blurred = sum(np.roll(sharp.astype(float), shift, axis) for shift in range(8) for axis in (0, 1)) / 16

    assert pictures.quality(sharp).faults == []
    assert pictures.quality(blurred.astype(np.uint8)).sharpness < pictures.quality(sharp).sharpness / 10
    assert pictures.quality(np.full((700, 900), 128, np.uint8)).faults == ["blurred", "flat"]
    assert "small" in pictures.quality(sharp[:300]).faults


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_distance_counts_bits_and_is_symmetric(one, other):
    assert pictures.distance(one, other) == pictures.distance(other, one) <= 64
    assert pictures.distance(one, one) == 0


def test_the_drawn_machine_is_current():
    drawn = Path(__file__).resolve().parents[2] / "docs/states/verification.md"

    assert VERIFICATION.mermaid().strip() in drawn.read_text()

"""The command prints what a round is worth."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from matching.models import Round
from matching.services.rounds import ROUND_LOCK
from tests import make

pytestmark = pytest.mark.django_db


def printed(*words: str) -> str:
    out = StringIO()
    call_command("run_matching_round", *words, stdout=out)
    return out.getvalue()


def test_it_prints_pairs_welfare_certificate_and_seconds():
    for code in ("instruments", "skills"):
        make.fitting_wish(code, published_at=make.MONDAY_9AM, period=None)
        make.fitting_offer(code)

    text = printed("--replay")

    found = Round.objects.get()
    assert found.trigger == "command"
    assert str(found.code) in text
    assert "2 needs, 2 lots, 2 candidate pairs" in text
    assert "2 for 2 needs; 0 left wanting" in text
    assert "240.00 yuan (we gain +0.0%)" in text
    assert "verified, exact" in text
    assert found.input_sha256 in text
    assert "the same bytes" in text


def test_it_takes_directions_radius_quota_and_bonuses():
    make.fitting_wish("instruments", period=None)
    make.fitting_wish("skills", period=None)

    quota = ("--quota-by", "zone", "--quota-percent", "30")
    printed("--direction", "skills", "--radius-km", "30", "--nearest", "5", "--memory-bonus-bp", "50", *quota)

    found = Round.objects.get()
    expected = {"radius_m": 30_000, "nearest": 5, "memory_bonus_bp": 50, "quota_by": "zone", "quota_share_bp": 3_000}
    assert found.directions == ["skills"]
    assert {name: found.parameters[name] for name in expected} == expected


@pytest.mark.django_db(transaction=True)
def test_it_says_when_another_round_is_running():
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ROUND_LOCK])
        with pytest.raises(CommandError, match="Another match round is being computed"):
            printed()
    finally:
        other.close()
    assert not Round.objects.exists()

"""What the clock does about matching."""

from datetime import timedelta

import pytest

from matching import jobs
from matching.models import Proposal, Round
from tests import make

pytestmark = pytest.mark.django_db
ON_THE_HOUR = int(make.MONDAY_9AM.timestamp())


def test_a_round_runs_every_so_many_minutes_and_not_between(settings):
    settings.MATCH_EVERY_MINUTES = 30

    jobs.run_round(ON_THE_HOUR + 60)
    assert not Round.objects.exists()

    jobs.run_round(ON_THE_HOUR + 30 * 60)
    assert Round.objects.get().trigger == "schedule"
    assert Round.objects.get().at == make.MONDAY_9AM + timedelta(minutes=30)


def test_zero_minutes_leaves_rounds_to_operators(settings):
    settings.MATCH_EVERY_MINUTES = 0

    jobs.run_round(ON_THE_HOUR)

    assert not Round.objects.exists()


def test_a_round_that_runs_twice_proposes_once(settings):
    settings.MATCH_EVERY_MINUTES = 60
    make.fitting_wish()
    make.fitting_offer()

    jobs.run_round(ON_THE_HOUR)
    jobs.run_round(ON_THE_HOUR)

    assert Proposal.objects.count() == 1


def test_proposals_nobody_answered_end_by_the_clock():
    proposal = make.proposal()

    jobs.expire_proposals(int(proposal.expires_at.timestamp()))

    proposal.refresh_from_db()
    assert proposal.state == "expired"

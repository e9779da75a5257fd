"""Bonuses in rounds over real rows: who gets one, what it costs all together, and who is told."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point

from matching.core.market import Parameters
from matching.models import Proposal, Round, Unmatched
from matching.selectors import bonuses
from matching.services import round_runs, rounds
from tests import make

pytestmark = pytest.mark.django_db

AT = make.MONDAY_9AM
LONG_AGO = AT - timedelta(days=400)
# Some 32 km away: the way costs 3.2 % of the limit, so that much of a bonus can count.
FAR = Point(118.4, 24.479, srid=4326)


def old(**fields):
    return make.organisation(created_at=LONG_AGO, **fields)


@pytest.fixture
def choice():
    """A need, a known offer at 60 yuan and a new one at 61: four hours, so the new one is worth 4 yuan less."""
    return make.fitting_wish(), make.fitting_offer(owner=old(), place=FAR), new_offer()


def new_offer():
    return make.fitting_offer(place=FAR, reserve_price_fen=6_100)


def ruled(**rule):
    return make.run_round(parameters=Parameters(**rule))


def test_without_a_rule_the_better_offer_wins_and_nothing_is_said_of_rules(choice):
    _, known, _ = choice

    found = make.run_round()

    proposal = found.proposals.get()
    assert proposal.listing == known
    assert (proposal.entrant_bonus_bp, proposal.memory_bonus_bp, proposal.is_by_bonus) == (0, 0, False)
    assert found.rules == {}


def test_a_bonus_lets_the_new_offer_win_at_a_price_inside_both_limits_and_tells_what_it_costs(choice):
    _, _, new = choice

    found = ruled(entrant_bonus_bp=200)

    proposal = found.proposals.get()
    assert proposal.listing == new
    assert (proposal.entrant_bonus_bp, proposal.memory_bonus_bp, proposal.is_by_bonus) == (200, 0, True)
    assert 6_100 <= proposal.unit_price_fen <= 9_000
    assert found.is_exact
    chosen, free = found.rules["chosen"], found.rules["free"]
    assert free["gain_fen"] - chosen["gain_fen"] == 400
    assert (chosen["entrants"], chosen["deals"], free["entrants"], free["deals"]) == (1, 1, 0, 1)
    # the certificate counts the bonus of 1.80 a unit, the deal's own gain does not
    assert found.primal_fen == chosen["gain_fen"] + 4 * 180
    assert proposal.gain_fen == chosen["gain_fen"]
    assert rounds.replay(found.code, by=make.operator(), at=AT).is_same


def test_whoever_is_new_for_ninety_days_is_new_no_more():
    just, no_more = (make.organisation(created_at=AT - timedelta(days=days)) for days in (89, 90))

    assert bonuses.entrant_ids({just.pk, no_more.pk}, at=AT) == {just.pk}


def test_a_floor_finds_and_publishes_the_least_bonus(choice):
    found = ruled(entrant_floor_bp=5_000)

    # a fen is 1.1 basis points of 90 yuan: 1.00 is a tie, 1.01 is more
    assert found.parameters["entrant_bonus_bp"] in {112, 113}
    assert found.parameters["entrant_floor_bp"] == 5_000
    assert found.rules["chosen"]["entrant_bonus_bp"] == found.parameters["entrant_bonus_bp"]
    assert found.rules["chosen"]["entrants"] == 1


def test_a_floor_out_of_reach_takes_the_best_there_is(choice):
    choice[2].delete()
    make.fitting_offer(place=FAR, reserve_price_fen=8_900)

    found = ruled(entrant_floor_bp=5_000)

    assert found.parameters["entrant_bonus_bp"] == 0
    assert (found.rules["chosen"]["entrants"], found.rules["chosen"]["deals"]) == (0, 1)


def rivals():
    """Two needs for one offer; the second pays one yuan more."""
    make.fitting_offer(place=FAR, owner=old())
    return make.fitting_wish(), make.fitting_wish(budget_fen=9_100)


def left_wanting(demand, times, why="others_gained_more", at=AT - timedelta(days=9)):
    for _ in range(times):
        past = make.run_round(at=at, directions=["capacity"])
        Unmatched.objects.create(
            round=past, demand=demand, owner=demand.owner, direction=demand.direction, quantity=4, why=why
        )


@pytest.mark.parametrize(("times", "bonus_bp"), [(1, 0), (2, 200), (5, 300)])
def test_a_need_that_others_outbid_again_and_again_wins_in_the_end(times, bonus_bp):
    weaker, stronger = rivals()
    left_wanting(weaker, times)

    found = ruled(memory_bonus_bp=100, memory_rounds=3)

    proposal = found.proposals.get()
    assert proposal.demand == (weaker if bonus_bp else stronger)
    assert (proposal.memory_bonus_bp, proposal.is_by_bonus) == (bonus_bp, bonus_bp > 0)
    loser = found.unmatched.get()
    assert (loser.why, loser.facts.get("by_bonus", False)) == ("others_gained_more", bonus_bp > 0)


def test_a_row_ends_with_another_reason_or_a_proposal():
    weaker, stronger = rivals()
    left_wanting(weaker, 2)
    left_wanting(weaker, 1, why="too_dear")
    left_wanting(stronger, 2)
    assert bonuses.waited({weaker.pk, stronger.pk}, at_most=9) == {stronger.pk: 2}

    make.run_round()

    assert Proposal.objects.get().demand == stronger
    left_wanting(stronger, 1)
    assert bonuses.waited({weaker.pk, stronger.pk}, at_most=9) == {weaker.pk: 1, stronger.pk: 1}


def test_no_more_rounds_are_looked_back_to_than_count():
    weaker, _ = rivals()
    left_wanting(weaker, 3)

    assert bonuses.waited({weaker.pk}, at_most=2) == {weaker.pk: 2}


def test_a_trial_shows_both_and_with_a_quota_too_the_price_of_all_terms_together(choice):
    make.fitting_wish()
    rule = {"entrant_bonus_bp": 200, "quota_by": "provider", "quota_share_bp": 5_000}
    run = round_runs.ask(is_trial=True, parameters=rule, by=make.operator(), at=AT)

    done = round_runs.carry_out(run.code, at=AT)

    chosen, free = done.trial["chosen"], done.trial["free"]
    assert (chosen["entrant_bonus_bp"], free["entrant_bonus_bp"]) == (200, 0)
    assert (chosen["deals"], free["deals"]) == (2, 2)
    assert not Round.objects.exists()


def test_what_is_stored_are_the_parameters_it_was_decided_with(choice):
    found = ruled(entrant_bonus_bp=200)

    assert found.parameters | {"seed": ""} == asdict(Parameters(entrant_bonus_bp=200, seed=""))

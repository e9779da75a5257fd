"""Rounds propose nothing that acceptance would refuse for a party's verification or standing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from accounts.selectors.verification import DealingNeedsVerification
from credit.core.kinds import EventKind, Source
from credit.models import Standing
from credit.selectors.restrictions import StandingRestricts
from credit.services import ledger
from marketplace.selectors import dealing
from marketplace.services import order_parties
from matching.core.market import Parameters
from matching.models import Unmatched
from matching.selectors import problems
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM


def lapse(party):
    Organisation.objects.filter(pk=party.pk).update(verified_until=AT.date() - timedelta(days=1))


def never_verified(party):
    Organisation.objects.filter(pk=party.pk).update(verification_level=0, verified_until=None)


def only_a_person(party):
    Organisation.objects.filter(pk=party.pk).update(verification_level=1)


def listed(party, **more):
    ledger.record(
        organisation_id=party.pk, kind=EventKind.OFFICIAL_LIST, source=Source.AGENCY, source_code=f"名单{party.pk}",
        occurred_at=AT - timedelta(days=2), at=AT - timedelta(days=2), **more,
    )  # fmt: skip


def graded_d(party):
    Standing.objects.update_or_create(
        organisation_id=party.pk,
        defaults={
            "grade": "D", "mean": 0.2, "low": 0.1, "points": 100, "rating_count": 3, "order_count": 5,
            "explanation": {}, "computed_at": AT,
        },
    )  # fmt: skip


BARS = [lapse, never_verified, only_a_person, listed]


@pytest.mark.parametrize("bar", BARS)
def test_an_offer_of_a_party_that_may_not_deal_makes_no_proposal_and_takes_nobodys_place(bar):
    make.fitting_wish()
    barred, free = make.fitting_offer(), make.fitting_offer()
    bar(barred.owner)

    found = make.run_round(parameters=Parameters(nearest=1))

    assert [proposal.listing_id for proposal in found.proposals.all()] == [free.pk]


@pytest.mark.parametrize("bar", BARS)
def test_a_need_of_a_party_that_may_not_deal_is_told_that_reason(bar):
    demand = make.fitting_wish()
    make.fitting_offer()
    bar(demand.owner)

    found = make.run_round()

    left = Unmatched.objects.get(round=found)
    assert not found.proposals.exists()
    assert (left.demand, left.why, left.facts) == (demand, "may_not_deal", {})


def test_a_need_that_only_a_barred_party_could_serve_is_told_that_nobody_offers_it():
    make.fitting_wish()
    listed(make.fitting_offer().owner)

    found = make.run_round()

    assert Unmatched.objects.get(round=found).why == "nobody_offers"


def test_a_list_that_has_ended_or_is_yet_to_come_bars_nobody():
    demand, listing = make.fitting_wish(), make.fitting_offer()
    listed(demand.owner, effect_until=AT - timedelta(seconds=1))
    Organisation.objects.filter(pk=listing.owner.pk).update(verified_until=AT.date())  # its last day

    assert make.run_round().proposals.count() == 1


@pytest.mark.parametrize(("quantity", "budget_fen", "proposals"), [(10, 100_000, 1), (10, 100_001, 0)])
def test_a_provider_limited_to_a_sum_is_left_out_where_the_deal_could_surpass_it(quantity, budget_fen, proposals):
    make.fitting_wish(quantity=quantity, budget_fen=budget_fen)
    graded_d(make.fitting_offer().owner)

    found = make.run_round()

    assert found.proposals.count() == proposals
    assert [row.why for row in Unmatched.objects.filter(round=found)] == ["too_large"] * (1 - proposals)


@pytest.mark.parametrize(("budget_fen", "proposals"), [(100_000, 1), (100_001, 0)])
def test_a_need_of_a_party_limited_to_a_sum_is_told_so_with_the_sum(budget_fen, proposals):
    demand = make.fitting_wish(quantity=10, budget_fen=budget_fen)
    make.fitting_offer()
    graded_d(demand.owner)

    found = make.run_round()

    assert found.proposals.count() == proposals
    left = [(row.why, row.facts) for row in Unmatched.objects.filter(round=found)]
    assert left == [("may_not_deal", {"most_fen": 1_000_000})] * (1 - proposals)


def test_the_limits_are_those_that_acceptance_finds():
    parties = [make.fitting_offer().owner for _ in range(6)]
    for party, change in zip(parties, [*BARS, graded_d], strict=False):
        change(party)

    limits = dealing.limits(at=AT)

    for party in parties:
        for total_fen in (1, 1_000_000, 1_000_001):
            assert limits.allow(party.pk, total_fen) == _accepts(party, total_fen)


def test_the_limits_take_no_more_queries_for_more_parties():
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            problems.gather(Parameters(), directions=["instruments"], at=AT)
        return len(captured)

    make.fitting_wish()
    make.fitting_offer()
    few = queries()
    for bar in [*BARS, graded_d]:
        bar(make.fitting_offer().owner)
        bar(make.fitting_wish().owner)

    assert queries() == few


def _accepts(party, total_fen):
    try:
        order_parties.require_dealable([party.pk], total_fen=total_fen, by=make.actor(party), at=AT)
    except (DealingNeedsVerification, StandingRestricts):
        return False
    return True

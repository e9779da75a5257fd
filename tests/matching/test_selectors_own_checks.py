"""One's own part of a round, read from what was stored: whose it is, and what must not be in it."""

import pytest

from marketplace.models import Demand, Listing
from matching.selectors import own_checks
from matching.selectors import proposals as select_proposals
from tests import make

pytestmark = pytest.mark.django_db
RESERVE, DEAR = 6_137, 8_211


@pytest.fixture
def market():
    """A need with a proposal, at one of two offers with a secret reserve; a third one takes what it lists."""
    demand = make.fitting_wish(quantity=4)
    chosen = make.fitting_offer(reserve_price_fen=RESERVE, title="甲")
    dear = make.fitting_offer(reserve_price_fen=DEAR, title="乙")
    listed = make.fitting_offer(reserve_price_fen=None, price_fen=8_500, title="丙")
    found = make.run_round(directions=["instruments"])
    return found, demand, chosen, dear, listed


def test_a_needs_owner_gets_its_deal_the_listed_offer_and_not_the_secret_one(market):
    found, demand, chosen, _dear, listed = market

    own = own_checks.of_demand(demand.code, viewer=make.actor(demand.owner))

    assert own.round == found
    assert [own.offers[line.lot].code for line in own.check.lines] == [chosen.code, listed.code]
    [deal] = own.check.deals
    # worth 90.00 each and taken for 61.37; the dear one would leave 4 x 7.89, so at most that much less is the rent
    high = 4 * (9_000 - RESERVE) - 4 * (9_000 - DEAR)
    assert deal.total_fen == 4 * RESERVE + high // 2
    assert own.check.lines[1].price_fen == 4 * 8_500
    assert own.check.withheld_at_least == 0


def test_the_owner_of_an_offer_gets_its_lots_whether_it_won_or_not(market):
    found, _demand, chosen, dear, _listed = market

    won = own_checks.of_listing(chosen.code, viewer=make.actor(chosen.owner))
    lost = own_checks.of_listing(dear.code, viewer=make.actor(dear.owner), round_code=found.code)

    assert [(lot.capacity, lot.sold, lot.lost_fen) for lot in won.check.lines] == [(1, 1, 0)]
    assert [deal.reserve_fen for deal in won.check.deals] == [RESERVE]
    assert [(lot.sold, lot.left, lot.rent_fen) for lot in lost.check.lines] == [(0, 1, 0)]
    assert lost.check.deals == ()


def test_nobody_else_gets_it(market):
    _found, demand, chosen, dear, _listed = market

    for stranger in (chosen.owner, make.organisation()):
        with pytest.raises(Demand.DoesNotExist):
            own_checks.of_demand(demand.code, viewer=make.actor(stranger))
    for stranger in (demand.owner, dear.owner):
        with pytest.raises(Listing.DoesNotExist):
            own_checks.of_listing(chosen.code, viewer=make.actor(stranger))
    for staff in (make.operator(), make.reviewer()):
        with pytest.raises(Demand.DoesNotExist):
            own_checks.of_demand(demand.code, viewer=staff)


def test_before_any_round_there_is_nothing_to_check():
    demand, listing = make.fitting_wish(), make.fitting_offer()

    assert own_checks.of_demand(demand.code, viewer=make.actor(demand.owner)) is None
    assert own_checks.of_listing(listing.code, viewer=make.actor(listing.owner)) is None


def test_a_round_that_did_not_look_at_it_has_nothing_to_check(market):
    other = make.fitting_wish("skills")

    found = own_checks.of_demand(other.code, viewer=make.actor(other.owner), round_code=market[0].code)

    assert found is None


def test_a_need_that_was_compared_with_nothing_worth_its_price_is_told_so():
    demand = make.fitting_wish(budget_fen=5_000)
    make.fitting_offer(reserve_price_fen=RESERVE)
    make.run_round(directions=["instruments"])

    own = own_checks.of_demand(demand.code, viewer=make.actor(demand.owner))

    assert (own.check, own.is_decided) == (None, True)


def test_neither_side_sees_an_end_of_the_range_but_surely_safe_room_inside_it():
    """One need and one offer: the ends are the reserve and what it is worth to the need."""
    alone = make.proposal()

    consumer = select_proposals.get(alone.code, viewer=make.actor(alone.consumer))
    provider = select_proposals.get(alone.code, viewer=make.actor(alone.provider))

    assert (alone.low_unit_price_fen, alone.unit_price_fen, alone.high_unit_price_fen) == (6_000, 7_500, 9_000)
    assert (consumer.leeway_fen, consumer.own_limit_fen) == (1_000, 9_000)
    assert (provider.leeway_fen, provider.own_limit_fen) == (1_000, 6_000)


def test_the_provider_of_an_offer_by_quote_is_not_shown_a_share_of_the_needs_limit():
    demand = make.fitting_wish()
    make.fitting_offer(price_fen=None, reserve_price_fen=None)
    make.run_round(directions=["instruments"])
    [proposal] = select_proposals.of_demand(demand.code, viewer=make.actor(demand.owner))

    provider = select_proposals.get(proposal.code, viewer=make.actor(proposal.provider))

    assert proposal.reserve_fen == 7_200
    assert (provider.own_limit_fen, provider.room_fen) == (None, 0)


def test_the_limit_that_would_have_been_enough_comes_without_the_name_of_the_offer():
    """Together they would tell what the offer takes, or what the other need would pay for it."""
    make.fitting_wish(budget_fen=9_000, quantity=1)
    poor = make.fitting_wish(budget_fen=8_000, quantity=1)
    make.fitting_offer()
    make.run_round(directions=["instruments"])

    found = select_proposals.unmatched(poor.code, viewer=make.actor(poor.owner))

    assert (found.missing_fen, found.listing) == (1_001, None)

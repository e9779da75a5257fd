"""The demo: made up, marked, the same each time, with deals in every state."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.core import credit_code
from accounts.core.actor import SYSTEM
from accounts.models import Organisation, User, VerificationCase
from config.demo.accounts import listed
from config.demo.load import Counts, load
from config.demo.seeds import seeds
from credit.models import RingMember
from governance.models import Complaint
from marketplace.core.order_states import OrderState
from marketplace.directions import DIRECTIONS
from marketplace.models import Demand, Listing, Order
from marketplace.selectors import prices
from matching.services import rounds

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
COUNTS = Counts(parties=80, listings=200, demands=50)


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda d: d.code)
def test_every_seed_of_an_offer_meets_its_own_need(direction):
    for seed in seeds()[direction.code]:
        offer = direction.parse_offer(seed.offer)
        if direction.has_legs:
            assert [direction.parse_leg(leg.attributes) for leg in seed.legs]
        else:
            assert direction.fit(offer, direction.parse_need(seed.need)).score == 1.0
        assert {seed.unit, *(leg.unit for leg in seed.legs)} <= set(direction.units)


@pytest.mark.django_db
def test_the_demo_holds_what_it_promises():
    load(COUNTS, at=AT, say=lambda step: None)

    assert Listing.objects.published().count() == 200
    assert Demand.objects.filter(is_demo=True).count() == 50
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert all(
        credit_code.is_valid(code)
        for code in Organisation.objects.exclude(credit_code=None).values_list("credit_code", flat=True)
    )
    assert not {email for _, email in listed()} - set(User.objects.values_list("email", flat=True))
    for direction in DIRECTIONS:
        states = set(Order.objects.filter(direction=direction.code, parent=None).values_list("state", flat=True))
        assert states >= {"proposed", "agreed", "in_progress", "completed", "closed", "refused", "cancelled", "expired"}
    assert Order.objects.filter(state=OrderState.ON_HOLD).exists()
    assert Complaint.objects.values("state").distinct().count() >= 4
    assert RingMember.objects.count() == 3
    assert VerificationCase.objects.filter(kind="licence", valid_until__lt=AT.date()).count() == 1
    figures = prices.published(quarter="2026-Q2")
    assert {figure.direction for figure in figures} == {direction.code for direction in DIRECTIONS}
    assert all(figure.is_demo for figure in figures)
    # contested enough that looking at everything together pays, and that some needs are told why not
    found = rounds.run(by=SYSTEM, at=AT)
    assert found.is_sound
    assert found.primal_fen > 1.01 * max(found.greedy_fen, found.first_come_fen)
    assert 5 <= found.n_unmatched < found.n_served


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_market():
    load(COUNTS, at=AT, say=lambda step: None)
    codes = sorted(str(code) for code in Listing.objects.values_list("code", flat=True))

    assert codes[0] == "0092a074-4926-44aa-869c-62133d7cb928"
    assert prices.published(direction="skills", division_code="000000")[0].median_fen == 3_900_000


@pytest.mark.django_db
def test_no_demo_is_loaded_where_none_is_wanted(settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("load_demo", stdout=StringIO())

    assert not User.objects.exists()

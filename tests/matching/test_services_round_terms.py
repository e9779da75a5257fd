"""What a round's gap is made of, written once and adding up to its certificate."""

import pytest

from matching.models import Claim, RoundTerms, ScarcityShare
from matching.selectors import supervised
from matching.services import round_terms
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def divided():
    """Orders that may not be divided as the capacity would: prices that support every deal need not exist."""
    for quantity in (60, 50, 70, 40):
        make.fitting_wish("capacity", quantity=quantity, budget_fen=9_000, max_suppliers=1)
    terms = {"minimum_lot": 40, "setup_fee_fen": 50_000, "capacity_per_week": 33, "price_fen": 8_000}
    for reserve in (5_111, 5_222):
        make.fitting_offer("capacity", reserve_price_fen=reserve, **terms)
    return make.run_round(directions=["capacity"])


def test_all_claims_and_quotas_are_the_gap_of_the_round(divided):
    found = round_terms.make(divided.code)

    assert divided.gap_fen > 0
    assert found.claims_fen + found.quotas_fen == divided.gap_fen
    assert found.claims_fen == sum(Claim.objects.values_list("lost_fen", flat=True))
    assert found.n_claims == Claim.objects.filter(lost_fen__gt=0).count()


def test_an_exact_round_has_no_claim():
    make.fitting_wish()
    make.fitting_offer()

    found = round_terms.make(make.run_round(directions=["instruments"]).code)

    assert (found.n_claims, found.claims_fen, found.n_rejected, found.n_made_whole) == (0, 0, 0, 0)
    assert not Claim.objects.exists()


def test_made_twice_they_stand_once(divided):
    first = round_terms.make(divided.code)
    claims, shares = Claim.objects.count(), ScarcityShare.objects.count()

    assert round_terms.make(divided.code) == first
    assert (RoundTerms.objects.count(), Claim.objects.count(), ScarcityShare.objects.count()) == (1, claims, shares)


def test_each_share_counts_lots_and_needs_by_class_city_and_party():
    provider, consumer = make.organisation(), make.organisation()
    for _ in range(2):
        make.fitting_offer(owner=provider, division_code="350203")
    make.fitting_offer(division_code="")
    for _ in range(4):
        make.fitting_wish(owner=consumer)

    round_terms.make(make.run_round(directions=["instruments"]).code)

    mine = ScarcityShare.objects.get(organisation=provider)
    assert (mine.side, mine.class_code, mine.city_code, mine.n, mine.n_scarce) == (
        "offer",
        "analytical",
        "350200",
        2,
        2,
    )
    # one unit each for 90.00 at most, taken for 60.00: the fourth need keeps the rent at 30.00 a unit, a third of 90.00
    assert mine.premium_bp == 2 * 3_333
    assert ScarcityShare.objects.filter(side="offer", city_code="000000~").get().n == 1
    assert {(share.city_code, share.n) for share in ScarcityShare.objects.filter(organisation=consumer)} == {
        ("350200", 4), ("000000~", 4),
    }  # fmt: skip


def test_few_parties_are_told_of_nowhere(divided):
    round_terms.make(divided.code)

    assert supervised.scarcity("capacity", at=divided.at) == []


def test_many_parties_are_told_of_by_city_and_in_all():
    for _ in range(12):
        make.fitting_wish()
    for _ in range(10):
        make.fitting_offer(division_code="350203")
    found = make.run_round(directions=["instruments"])
    round_terms.make(found.code)

    told = supervised.scarcity("instruments", at=found.at)

    assert [(class_code, figure.city_code, figure.n_lots, figure.scarce_percent) for class_code, figure in told] == [
        ("analytical", "000000", 10, 100), ("analytical", "350200", 10, 100),
    ]  # fmt: skip
    assert {figure.premium_percent for _class, figure in told} == {33}
    assert supervised.scarcity("instruments", at=found.at + supervised.RECENT) == []

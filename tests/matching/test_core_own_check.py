"""What a participant gets to check its own deal: exact numbers, none of which tells what a provider takes at least."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from matching.core.check import certify
from matching.core.market import Edges, Legs, Lots, Market, Needs, Parameters, Section
from matching.core.own_check import BAND, is_open_reserve, leeway_fen, lot_check, need_check
from matching.core.problem import ints
from matching.core.solve import solve
from tests.matching.test_core_round import by_week
from tests.matching.test_core_round import section as drawn

SECRET, UNSOLD = 3_137, 8_123


def market(*, reserves=(SECRET, 7_000, UNSOLD), asked=(9_000, 7_000, 9_500), one_deal_each=False, quantity=(1, 1, 1)):
    """Needs worth 100, 80 and 60 yuan a unit compared with an offer of two, a listed one, and a dear one."""
    pairs = [(need, lot) for need in range(3) for lot in range(3)]
    return Section(
        direction="made-up",
        one_deal_each=one_deal_each,
        needs=Needs(
            code=["a", "b", "c"], version=[1] * 3, posted=[1, 2, 3], whole=[0] * 3, max_suppliers=[9] * 3
        ),
        legs=Legs(need=[0, 1, 2], name=[""] * 3, quantity=list(quantity), limit_fen=[10_000, 8_000, 6_000]),
        lots=Lots(
            code=["secret", "listed", "unsold"], version=[1] * 3, capacity=[2, 5, 5], asked_fen=list(asked),
            min_units=[1] * 3, setup_fen=[0] * 3,
        ),
        edges=Edges(
            leg=[need for need, _ in pairs],
            lot=[lot for _, lot in pairs],
            reserve_fen=[reserves[lot] for _, lot in pairs],
            most_units=[9] * 9,
            fit_bp=[10_000] * 9,
            distance_m=[0] * 9,
        ),
    )  # fmt: skip


def decided(section, parameters=None):
    found = Market(parameters or Parameters(), (section,))
    return list(certify(found, solve(found))[0])


def checked(section, need):
    """Return what the owner of a need gets; None where it was compared with nothing."""
    one = next((each for each in decided(section) if (each.part.needs == need).any()), None)
    return None if one is None else need_check(section, Parameters(), one, need)


def numbers(value) -> set[int]:
    if isinstance(value, dict):
        return set().union(*(numbers(each) for each in value.values()))
    if isinstance(value, (list, tuple)):
        return set().union(set(), *(numbers(each) for each in value))
    return {value} if isinstance(value, int) else set()


def test_a_served_need_sees_its_deal_and_the_listed_alternative_to_the_fen():
    found = checked(market(), 0)

    told = [(line.lot, line.value_fen, line.price_fen, line.gain_fen, line.units) for line in found.lines]
    # the third need pays at most 60.00; the first two have another at 70.00, so they pay up to 71.37 + ... never more
    low, high = 6_000 - SECRET, min(10_000 - SECRET - 3_000, 8_000 - SECRET - 1_000)
    price = SECRET + (low + high) // 2
    assert told == [(0, 10_000, price, 10_000 - price, 1), (1, 10_000, 7_000, 3_000, 0)]
    assert (found.gain_fen, found.got, found.wanted) == (10_000 - price, 1, 1)
    assert (found.lost_fen, found.is_lost, found.gap_fen, found.withheld_at_least) == (0, False, 0, 0)
    [deal] = found.deals
    assert (deal.quantity, deal.unit_price_fen, deal.total_fen, deal.limit_fen) == (1, price, price, 10_000)


def test_the_strongest_loser_sees_the_price_that_its_own_limit_made():
    found = checked(market(), 2)

    assert [(line.lot, line.gain_fen <= 0, line.units) for line in found.lines] == [(0, True, 0)]
    assert (found.gain_fen, found.got, found.lost_fen) == (0, 0, 0)


@pytest.mark.parametrize("one_deal_each", [False, True])
@pytest.mark.parametrize("need", [0, 1, 2])
def test_no_number_is_a_secret_reserve(need, one_deal_each):
    found = checked(market(one_deal_each=one_deal_each), need)

    assert not {SECRET, UNSOLD} & numbers(asdict(found))
    assert {(deal.reserve_fen, deal.terms) for deal in found.deals} <= {(None, "")}


def test_where_deals_are_single_a_secret_offer_shows_no_price_but_to_its_partners():
    """Two needs of one owner, of different size, would otherwise tell it by one subtraction."""
    found = checked(market(one_deal_each=True, quantity=(5, 3, 2)), 2)

    assert [line.lot for line in found.lines] == []


def test_the_number_of_withheld_offers_is_told_in_bands():
    n = 7
    section = Section(
        direction="made-up", one_deal_each=False,
        needs=Needs(code=["a"], version=[1], posted=[1], whole=[0], max_suppliers=[9]),
        legs=Legs(need=[0], name=[""], quantity=[1], limit_fen=[10_000]),
        lots=Lots(
            code=[f"lot-{j}" for j in range(n)], version=[1] * n, capacity=[1] * n, asked_fen=[9_999] * n,
            min_units=[1] * n, setup_fen=[0] * n,
        ),
        edges=Edges(
            leg=[0] * n, lot=list(range(n)), reserve_fen=[5_000 + j for j in range(n)], most_units=[9] * n,
            fit_bp=[10_000] * n, distance_m=[0] * n,
        ),
    )  # fmt: skip

    found = checked(section, 0)

    assert len(found.lines) == 1
    assert found.withheld_at_least == BAND == 5


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("weeks", [False, True])
def test_a_price_that_is_told_would_be_the_same_at_another_reserve(seed, weeks):
    """The rule itself: for each told price at an offer that is not one's own and whose reserve is secret."""
    section = drawn(seed=seed)
    section = by_week(section) if weeks else section
    section = replace(section, lots=replace(section.lots, asked_fen=[9_000] * len(section.lots.code)))
    told = 0
    for one in decided(section):
        for need in np.asarray(one.part.needs).tolist():
            for line in need_check(section, Parameters(), one, need).lines:
                if not line.units:
                    told += 1
                    lower = with_reserve(section, line.lot, -13)
                    again = next(each for each in decided(lower) if (each.part.needs == need).any())
                    same = [each for each in need_check(lower, Parameters(), again, need).lines if each.lot == line.lot]
                    assert [each.price_fen for each in same] == [line.price_fen]
    assert told or seed not in {0, 1}


def with_reserve(section, lot, change_fen):
    reserve = np.asarray(section.edges.reserve_fen).copy()
    reserve[np.asarray(section.edges.lot) == lot] += change_fen
    return replace(section, edges=replace(section.edges, reserve_fen=reserve.tolist()))


def test_a_reserve_taken_from_the_needs_own_limit_is_no_secret():
    section = market(reserves=(8_000, 7_000, UNSOLD), asked=(-1, 7_000, -1))

    found = is_open_reserve(section, Parameters(quote_share_bp=8_000), ints([0, 1, 2, 3]))

    assert found.tolist() == [True, True, False, False]


def test_the_owner_of_an_offer_sees_what_it_sold_and_what_is_left():
    section = market()

    found = lot_check(section, Parameters(), decided(section), [0])

    [line] = found.lines
    price = found.deals[0].unit_price_fen
    assert (line.capacity, line.sold, line.left) == (2, 2, 0)
    assert (line.rent_fen, line.lost_fen) == (price - SECRET, 0)
    assert [(deal.need, deal.quantity, deal.unit_price_fen, deal.reserve_fen) for deal in found.deals] == [
        (0, 1, price, SECRET), (1, 1, price, SECRET),
    ]  # fmt: skip
    assert len({deal.terms for deal in found.deals}) == 1
    assert found.revenue_fen == 2 * price


def test_an_offer_with_something_left_has_no_rent_and_no_claim():
    section = market()

    [line] = lot_check(section, Parameters(), decided(section), [2]).lines

    assert (line.capacity, line.sold, line.left, line.rent_fen, line.lost_fen) == (5, 0, 5, 0, 0)


def test_the_owner_of_an_offer_by_quote_is_not_told_what_would_tell_a_needs_limit():
    section = market(reserves=(8_000, 7_000, UNSOLD), asked=(-1, 7_000, 9_500))
    reserve = np.asarray(section.edges.reserve_fen).copy()
    reserve[[0, 3, 6]] = [8_000, 6_400, 4_800]
    section = replace(section, edges=replace(section.edges, reserve_fen=reserve.tolist()))

    found = lot_check(section, Parameters(), decided(section), [0])

    assert found.deals
    assert {deal.reserve_fen for deal in found.deals} == {None}
    assert {line.rent_fen for line in found.lines} == {None}


def test_a_mixed_need_with_a_claim_is_told_its_size_only_where_no_reserve_hangs_on_it():
    for seed in range(30):
        secret = replace_asked(drawn(min_units=4, setup_fen=3_000, max_suppliers=1, seed=seed), 9_000)
        for one in decided(secret):
            for need in np.asarray(one.part.needs).tolist():
                found = need_check(secret, Parameters(), one, need)
                place = int(np.flatnonzero(one.part.needs == need)[0])
                withheld = int((one.part.problem.need == place).sum()) - len(found.lines)
                assert (found.lost_fen is None) == (found.is_lost and withheld > 0)


def replace_asked(section, fen):
    return replace(section, lots=replace(section.lots, asked_fen=[fen] * len(section.lots.code)))


@pytest.mark.parametrize(
    ("low", "price", "high", "told"),
    [
        (6_000, 7_500, 9_000, 1_000),
        (7_500, 7_500, 7_500, 0),
        (7_401, 7_500, 7_600, 0),
        (5_700, 7_500, 9_400, 1_000),
        (0, 7_500, 7_600, 100),
    ],
)
def test_room_for_bargaining_is_told_to_one_digit_and_never_too_much(low, price, high, told):
    assert leeway_fen(price, low_fen=low, high_fen=high) == told

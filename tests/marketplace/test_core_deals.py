"""The pure rules of a deal: its machines, price, parts, fee, terms, contact data and opening hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refused
from common.state_machine import StateMachine
from marketplace.core import cancellation, clocks, contacts, opening, parts, pricing, terms
from marketplace.core.booking_states import BOOKING
from marketplace.core.delivery_states import DELIVERY
from marketplace.core.milestone_states import MILESTONE
from marketplace.core.order_states import AWAITING, BINDING, ENDED, OPEN, ORDER, OrderState
from marketplace.core.quote_states import INQUIRY, QUOTE

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MACHINES = [ORDER, BOOKING, MILESTONE, DELIVERY, QUOTE, INQUIRY]
FINAL = {
    "order": {"closed", "refused", "cancelled", "expired"},
    "booking": {"completed", "declined", "cancelled", "no_show"},
    "milestone": {"accepted", "cancelled"},
    "delivery": {"accepted", "cancelled"},
    "quote": {"awarded", "declined", "withdrawn", "expired"},
    "inquiry": {"awarded", "closed"},
}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_every_state_is_reachable_and_the_final_ones_are_closed(machine: StateMachine):
    reached, new = set(), {machine.initial}
    while new:
        reached |= new
        new = {m.target for m in machine.moves if m.sources & reached} - reached

    leaving = {source for m in machine.moves for source in m.sources}
    assert reached == machine.states()
    assert machine.states() - leaving == FINAL[machine.name]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_no_party_has_two_ways_for_one_move(machine: StateMachine):
    for state in machine.states():
        for party in {party for m in machine.moves for party in m.parties}:
            names = machine.open_moves(state, {party})
            assert len(names) == len(set(names)), (state, party)


def test_the_named_sets_of_order_states_part_them():
    assert set(OrderState) == OPEN | ENDED
    assert not OPEN & ENDED
    assert AWAITING < OPEN
    assert not AWAITING & BINDING


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_total_is_exactly_its_items(quantity, unit, setup):
    price = pricing.Price(quantity, unit, setup)

    assert price.total_fen == price.goods_fen + setup == quantity * unit + setup


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_shares_sum_up_and_differ_by_one_fen_at_most(total, n):
    shares = pricing.share_fen(total, n)

    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@given(
    st.integers(1, 500),
    st.lists(st.integers(0, 80), min_size=1, max_size=8),
)
def test_a_quantity_fills_the_weeks_in_order_or_is_refused_whole(quantity, free):
    first, _ = parts.calendar_week(2_930)
    stretches = parts.weeks(first, first + len(free) * parts.WEEK)

    if quantity > sum(free):
        with pytest.raises(parts.NotEnoughCapacity):
            parts.fill(quantity, stretches, free)
        return
    placed = parts.fill(quantity, stretches, free)

    assert sum(part.quantity for part in placed) == quantity
    room = dict(zip((start for start, _ in stretches), free, strict=True))
    assert all(0 < part.quantity <= room[part.start] for part in placed)
    # Nothing is put off while an earlier week still has room.
    assert [p.quantity for p in placed[:-1]] == [room[p.start] for p in placed[:-1]]


@given(st.integers(0, 10**6), st.integers(0, 20_000), st.integers(1, 60_000))
def test_calendar_weeks_cut_a_period_without_a_gap_and_their_shares_lose_nothing(per_week, after_minutes, minutes):
    start = MONDAY + timedelta(minutes=after_minutes)
    end = start + timedelta(minutes=minutes)

    stretches = parts.weeks(start, end)
    shares = parts.shares(per_week, stretches)

    assert (stretches[0][0], stretches[-1][1]) == (start, end)
    assert all(before[1] == after[0] for before, after in pairwise(stretches))
    assert all(parts.calendar_week(parts.week_of(low))[1] >= high for low, high in stretches)
    assert all(low == parts.calendar_week(parts.week_of(low))[0] for low, _ in stretches[1:])
    assert sum(shares) == per_week * (end - start) // parts.WEEK
    assert all(0 <= share <= per_week for share in shares)


@pytest.mark.parametrize("price", [(0, 1, 0), (1, -1, 0), (1, 1, -1)])
def test_an_impossible_price_is_refused(price):
    with pytest.raises(Refused):
        pricing.Price(*price)


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(0, 500), st.booleans(), st.booleans())
def test_a_fee_never_exceeds_what_is_left_and_is_never_a_providers(total, accepted, hours, by_consumer, started):
    fee = cancellation.fee(
        by_consumer=by_consumer,
        is_started=started,
        total_fen=total,
        accepted_fen=accepted,
        starts_at=MONDAY + hours * HOUR,
        at=MONDAY,
    )

    assert 0 <= fee.fen <= max(total - accepted, 0)
    assert by_consumer or fee.fen == 0


def test_waiting_longer_to_cancel_never_costs_less():
    def fee(hours):
        return cancellation.fee(
            by_consumer=True,
            is_started=False,
            total_fen=10_000,
            accepted_fen=0,
            starts_at=MONDAY + hours * HOUR,
            at=MONDAY,
        ).fen

    fees = [fee(hours) for hours in range(100, -1, -1)]

    assert fees == sorted(fees)
    assert {fees[0], fees[-1]} == {0, 3_000}


def test_an_answer_is_awaited_three_days_but_not_beyond_the_start():
    assert clocks.answer_by(MONDAY, None) == MONDAY + timedelta(days=3)
    assert clocks.answer_by(MONDAY, MONDAY + 10 * HOUR) == MONDAY + 9 * HOUR
    assert clocks.answer_by(MONDAY, MONDAY + HOUR) == MONDAY + HOUR / 2


@pytest.mark.parametrize(
    "text",
    [
        "打 13800138000",
        "电话138 0013 8000",
        "０５９２-5551234 是总机",
        "１３８００１３８０００",
        "mail a.b@example.com",
        "加微信：yuli_2026",
        "QQ 123456789",
        "看 https://example.com/x",
        "400-820-8820",
    ],
)
def test_contact_data_is_hidden(text):
    masked, count = contacts.mask(text)

    assert count == 1
    assert contacts.HIDDEN in masked
    assert not any(digits in masked for digits in ("138", "5551234", "example", "yuli_2026", "123456789", "820"))


@pytest.mark.parametrize(
    "text",
    ["公差 ±0.005 mm，数量 12000 件", "订单 20260302 请于 2026-03-09 前交付", "GB/T 1804-2000", "价格 1380 元/件"],
)
def test_figures_of_the_trade_are_left_alone(text):
    assert contacts.mask(text) == (text, 0)


# --- terms --------------------------------------------------------------------------------------------


def agreement(**changes):
    values = {
        "order": "o",
        "version": 1,
        "direction": "equipment",
        "title": "五轴加工中心",
        "consumer": terms.Side("c", "需方公司", "91"),
        "provider": terms.Side("p", "供方公司"),
        "listing": "l",
        "listing_version": 3,
        "quantity": 2,
        "unit": "machine_hour",
        "unit_price_fen": 12_345,
        "setup_fen": 100,
        "total_fen": 24_790,
        "period_start": "2026-03-03T01:00:00Z",
        "period_end": "2026-03-03T03:00:00Z",
        "parts": [terms.PartTerms("booking", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z", quantity=2)],
        "cancellation": cancellation.as_plain(cancellation.DEFAULT_STEPS),
        "acceptance_days": 7,
    }
    return terms.Terms(**(values | changes))


def test_the_canonical_text_hashes_alike_whatever_the_order_of_keys():
    one = agreement(specification={"a": 1, "b": 2})
    other = agreement(specification={"b": 2, "a": 1})

    assert terms.sha256(terms.canonical(one)) == terms.sha256(terms.canonical(other))
    assert len(terms.sha256(terms.canonical(one))) == 64


@pytest.mark.parametrize(
    "change", [{"total_fen": 24_791}, {"version": 2}, {"note": "x"}, {"period_end": "2026-03-03T04:00:00Z"}]
)
def test_any_change_of_terms_changes_the_hash(change):
    assert terms.sha256(terms.canonical(agreement(**change))) != terms.sha256(terms.canonical(agreement()))


def test_both_texts_name_the_parties_the_price_and_the_times_in_china():
    zh, en = terms.text_zh(agreement(), "机时"), terms.text_en(agreement(), "machine hour")

    for text in (zh, en):
        assert "需方公司" in text
        assert "247.90" in text
        assert "2026-03-03 09:00" in text
    assert "2 机时" in zh
    assert "2 machine hour" in en
    assert "不收取、不保管任何一方的资金" in zh


# --- opening hours ------------------------------------------------------------------------------------

WEEKDAY_HOURS = [opening.WeeklyHours(day, 9 * 60, 17 * 60) for day in range(5)]


def test_weekly_hours_are_shanghai_hours():
    found = opening.open_stretches(MONDAY - HOUR, MONDAY + 24 * HOUR, WEEKDAY_HOURS, [])

    assert found == [(MONDAY, MONDAY + 8 * HOUR)]


def test_without_weekly_hours_it_is_always_open():
    assert opening.open_stretches(MONDAY, MONDAY + HOUR, [], []) == [(MONDAY, MONDAY + HOUR)]


def test_the_later_exception_wins():
    closed = opening.OpeningException(MONDAY, MONDAY + 4 * HOUR, is_open=False)
    open_again = opening.OpeningException(MONDAY + HOUR, MONDAY + 2 * HOUR, is_open=True)

    found = opening.open_stretches(MONDAY, MONDAY + 8 * HOUR, WEEKDAY_HOURS, [closed, open_again])

    assert found == [(MONDAY + HOUR, MONDAY + 2 * HOUR), (MONDAY + 4 * HOUR, MONDAY + 8 * HOUR)]


def test_hours_that_have_ended_are_not_open():
    past = [opening.WeeklyHours(0, 9 * 60, 17 * 60, until_date=date(2026, 3, 1))]

    assert opening.open_stretches(MONDAY, MONDAY + 8 * HOUR, past, []) == []


spans = st.tuples(st.integers(0, 40), st.integers(1, 10), st.booleans())


@given(st.lists(spans, max_size=6))
def test_an_hour_is_open_exactly_as_the_last_exception_over_it_says(exceptions):
    rows = [opening.OpeningException(MONDAY + a * HOUR, MONDAY + (a + n) * HOUR, is_open=o) for a, n, o in exceptions]
    found = opening.open_stretches(MONDAY, MONDAY + 50 * HOUR, [], rows)

    for hour in range(50):
        said = [o for a, n, o in exceptions if a <= hour < a + n]
        is_open = any(s <= MONDAY + hour * HOUR < e for s, e in found)
        assert is_open is (said[-1] if said else True)
    assert found == opening.merge(found)

"""Bookings: taking, using, metering and giving back time, also when a hundred want the same hour."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM
from common.db import violated_constraint
from common.errors import Refused
from marketplace.core.deal import Line
from marketplace.models import AvailabilityException, AvailabilityRule, Booking, Order, Settlement
from marketplace.selectors import slots
from marketplace.services import bookings, orders
from tests import make

AT = make.MONDAY_9AM
SLOT = make.slot()


def matched(listing, *, quantity=10):
    """An agreed order over hours whose times are not chosen yet."""
    demand = make.wish(quantity=quantity)
    return orders.from_match(
        [Line(listing.code, quantity, 10_000)],
        demand_code=demand.code,
        proposal_code=demand.code,
        acceptances=[make.yes(demand.owner), make.yes(listing.owner)],
        by=SYSTEM,
        at=AT,
    )


@pytest.mark.django_db
def test_a_taken_time_is_refused_and_leaves_nothing_behind():
    taken = make.order()

    with pytest.raises(bookings.SlotTaken):
        make.order(taken.listing)

    assert Order.objects.count() == 1
    assert Booking.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_an_overlap_even_when_the_service_is_gone_round():
    taken = make.order().bookings.get()
    overlapping = TimestamptzRange(taken.period.lower + timedelta(hours=1), taken.period.upper + timedelta(hours=1))

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Booking.objects.create(
            order=taken.order, listing=taken.listing, consumer=taken.consumer, period=overlapping, hours=2
        )

    assert violated_constraint(refusal.value) == "booking_no_overlap"


@pytest.mark.django_db
def test_times_that_touch_do_not_overlap():
    first = make.order()

    second = make.order(first.listing, slots=[make.slot(SLOT.end)])

    assert second.bookings.get().period.lower == first.bookings.get().period.upper


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slots",
    [
        [make.slot(make.TUESDAY_9AM + timedelta(minutes=10))],
        [make.slot(hours=0)],
        [make.slot(), make.slot(make.TUESDAY_9AM + timedelta(hours=1))],
        [make.slot(AT - timedelta(hours=5))],
    ],
)
def test_slots_that_are_crooked_empty_overlapping_or_past_are_refused(slots):
    with pytest.raises(Refused):
        make.order(slots=slots)

    assert not Booking.objects.exists()


@pytest.mark.django_db
def test_only_opening_hours_can_be_booked():
    listing = make.offer()
    AvailabilityRule.objects.create(listing=listing, weekday=1, start_minute=9 * 60, end_minute=12 * 60)

    make.order(listing, slots=[make.slot(hours=3)])
    with pytest.raises(bookings.SlotClosed):
        make.order(listing, slots=[make.slot(make.TUESDAY_9AM + timedelta(hours=3), 1)])

    assert Booking.objects.count() == 1


@pytest.mark.django_db
def test_a_closure_overrides_the_weekly_hours():
    listing = make.offer()
    closed = TimestamptzRange(SLOT.start, SLOT.end)
    AvailabilityException.objects.create(listing=listing, period=closed, is_open=False, made_at=AT)

    with pytest.raises(bookings.SlotClosed):
        make.order(listing)

    assert not Booking.objects.exists()


@pytest.mark.django_db
def test_matched_hours_are_booked_until_none_is_left():
    order = matched(make.offer(), quantity=3)
    consumer = make.actor(order.consumer)

    bookings.reserve(order.code, [make.slot(hours=2)], by=consumer, at=AT)
    with pytest.raises(bookings.HoursExceeded):
        bookings.reserve(order.code, [make.slot(SLOT.end, hours=2)], by=consumer, at=AT)

    assert order.bookings.get().state == "confirmed"


@pytest.mark.django_db
def test_only_the_consumer_books_under_an_order():
    order = matched(make.offer())

    with pytest.raises(Refused):
        bookings.reserve(order.code, [SLOT], by=make.actor(order.provider), at=AT)

    assert not order.bookings.exists()


@pytest.mark.django_db
def test_a_time_given_back_early_can_be_booked_by_somebody_else():
    order = make.order(slots=[make.slot(AT + timedelta(days=3))], state="agreed")

    bookings.cancel(order.bookings.get().code, by=make.actor(order.consumer), at=AT)

    assert make.order(order.listing, slots=[make.slot(AT + timedelta(days=3))]).bookings.exists()


@pytest.mark.django_db
def test_a_consumer_cannot_move_a_time_on_the_last_day():
    order = make.order(state="agreed")

    with pytest.raises(bookings.SlotClosed):
        bookings.cancel(order.bookings.get().code, by=make.actor(order.consumer), at=SLOT.start - timedelta(hours=5))

    assert order.bookings.get().state == "confirmed"


@pytest.mark.django_db
def test_finishing_early_gives_back_the_rest_and_meters_the_use():
    order = make.order(make.offer("equipment"), state="agreed")
    booking, provider = order.bookings.get(), make.actor(order.provider)
    bookings.start(booking.code, by=provider, at=SLOT.start)

    bookings.finish(booking.code, by=provider, at=SLOT.start + timedelta(minutes=90))

    booking.refresh_from_db()
    assert (booking.used_s, booking.hours, booking.metered_by) == (5_400, 2, "parties")
    assert Settlement.objects.get(order=order).amount_fen == 15_000
    assert make.order(order.listing, slots=[make.slot(SLOT.start + timedelta(hours=1), 1)])


@pytest.mark.django_db
def test_a_meter_never_bills_more_than_was_booked():
    order = make.order(make.offer("equipment"), state="agreed")
    booking, provider = order.bookings.get(), make.actor(order.provider)
    bookings.start(booking.code, by=provider, at=SLOT.start)

    bookings.finish(booking.code, used_s=9_000, by=provider, at=SLOT.end + timedelta(minutes=30))

    assert Settlement.objects.get(order=order).amount_fen == 20_000


@pytest.mark.django_db
def test_a_consumer_does_not_say_what_the_meter_reads():
    order = make.order(make.offer("equipment"), state="agreed")
    code = order.bookings.get().code
    bookings.start(code, by=make.actor(order.provider), at=SLOT.start)

    with pytest.raises(Refused):
        bookings.finish(code, used_s=0, by=make.actor(order.consumer), at=SLOT.end)

    assert order.bookings.get().state == "in_use"
    assert not Settlement.objects.exists()


@pytest.mark.django_db
def test_a_use_cannot_begin_long_before_its_time():
    order = make.order(state="agreed")

    with pytest.raises(bookings.SlotClosed):
        bookings.start(order.bookings.get().code, by=make.actor(order.provider), at=SLOT.start - timedelta(minutes=61))

    order.refresh_from_db()
    assert (order.state, order.bookings.get().state) == ("agreed", "confirmed")


@pytest.mark.django_db
def test_strangers_do_not_find_a_booking():
    booking = make.order(state="agreed").bookings.get()

    with pytest.raises(Booking.DoesNotExist):
        bookings.start(booking.code, by=make.actor(make.organisation()), at=SLOT.start)

    booking.refresh_from_db()
    assert booking.state == "confirmed"


# --- races --------------------------------------------------------------------------------------------


def outcomes(calls):
    """Run every call in a thread of its own, all at once; count what became of them."""
    gate, results = threading.Barrier(len(calls)), []

    def run(call):
        try:
            gate.wait()
            call()
            results.append("won")
        except Refused as refusal:
            results.append(type(refusal).__name__)
        except Exception as error:
            results.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(results)


def a_hundred_book(listing, start):
    """Let a hundred buyers ask for one slot at once; count what became of them."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        room = int(cursor.fetchone()[0]) - 20
    # Never more connections than the server has: the rest of the hundred wait for one.
    seats = threading.Semaphore(min(room, 100))

    def book(buyer):
        with seats:
            try:
                orders.request(listing.code, slots=[make.slot(start)], by=buyer, at=AT)
            finally:
                connections.close_all()

    buyers = [make.actor(make.organisation()) for _ in range(100)]
    return outcomes([lambda buyer=buyer: book(buyer) for buyer in buyers])


@pytest.mark.django_db
def test_machines_of_one_kind_are_booked_side_by_side_and_no_further():
    listing = make.offer(attributes={"machine": "cutting.cnc_lathe", "machine_count": 3})

    made = [make.order(listing).bookings.get() for _ in range(2)]
    bookings.drop(made[0].order, by=SYSTEM, at=AT)  # the first machine is free again
    made += [make.order(listing).bookings.get() for _ in range(2)]

    assert [booking.place_number for booking in made] == [1, 2, 1, 3]
    with pytest.raises(bookings.SlotTaken):
        make.order(listing)
    assert Booking.objects.count() == 4


@pytest.mark.django_db
def test_an_hour_is_taken_once_every_machine_is():
    listing = make.offer(attributes={"machine": "cutting.cnc_lathe", "machine_count": 2})
    states = []

    for _ in range(2):
        make.order(listing)
        (day,) = slots.calendar(listing, make.TUESDAY_9AM.date(), days=1, at=AT)
        states.append(next(cell.state for cell in day.cells if cell.start == SLOT.start))

    assert states == ["free", "taken"]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_book_one_slot_of_three_machines_and_three_win():
    listing = make.offer(attributes={"machine": "cutting.cnc_lathe", "machine_count": 3})

    found = a_hundred_book(listing, make.TUESDAY_9AM)

    assert found == {"won": 3, "SlotTaken": 97}
    assert sorted(listing.bookings.values_list("place_number", flat=True)) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_book_one_slot_twenty_times_and_each_time_one_wins():
    for round_number in range(20):
        listing = make.offer()

        found = a_hundred_book(listing, make.TUESDAY_9AM + timedelta(days=round_number))

        assert found == {"won": 1, "SlotTaken": 99}
        assert listing.bookings.count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_and_booking_beside_each_other_never_deadlocks():
    listing = make.offer()
    proposed = [make.order(listing, slots=[make.slot(AT + timedelta(hours=30 + 2 * n))]) for n in range(10)]
    provider, buyer = make.actor(listing.owner), make.actor(make.organisation())
    accepts = [lambda o=o: orders.accept(o.code, by=provider, at=AT) for o in proposed]
    overlaps = [
        lambda n=n: orders.request(
            listing.code, slots=[make.slot(AT + timedelta(hours=31 + 2 * n), 1)], by=buyer, at=AT
        )
        for n in range(10)
    ]

    found = outcomes([*accepts, *overlaps])

    assert found == {"won": 10, "SlotTaken": 10}

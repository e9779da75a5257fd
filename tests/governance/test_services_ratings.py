"""Ratings are sealed, opened together, counted once and never removed."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from credit.models import CreditEvent, Standing
from governance.models import Rating
from governance.selectors import ratings as reads
from governance.services import ratings
from marketplace.models import Order
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return make.order(state="completed")


def _rate(order, side: str, stars: int = 5, *, later: timedelta = timedelta(hours=1)):
    return ratings.submit(
        order.code,
        make.rating_words(stars),
        by=make.actor(getattr(order, side)),
        at=order.completed_at + later,
    )


@pytest.mark.clause("XM-4.2.1g")
def test_a_first_rating_stays_sealed_for_the_other_side_and_the_public(order):
    rating = _rate(order, "consumer", 2)

    seen = reads.of_order(order.code, viewer=make.actor(order.provider), at=rating.submitted_at)
    assert (seen.other, seen.other_is_in, seen.may_rate) == (None, True, True)
    assert not reads.public_of(order.provider_id).exists()
    with pytest.raises(Rating.DoesNotExist):
        reads.get(rating.code, viewer=make.actor(order.provider))
    assert reads.get(rating.code, viewer=make.actor(order.consumer)) == rating
    assert not CreditEvent.objects.filter(kind="rating_received").exists()


@pytest.mark.clause("XM-4.3.6c")
def test_both_open_at_once_count_for_both_and_close_the_order(order):
    _rate(order, "consumer", 5)
    _rate(order, "provider", 4)

    assert list(Rating.objects.filter(revealed_at__isnull=False).order_by("id").values_list("stars", flat=True)) == [
        5,
        4,
    ]
    facts = CreditEvent.objects.filter(kind="rating_received").order_by("id")
    assert list(facts.values_list("organisation_id", "value", "counterparty_id")) == [
        (order.provider_id, 1.0, order.consumer_id),
        (order.consumer_id, 0.75, order.provider_id),
    ]
    order.refresh_from_db()
    assert order.state == "closed"
    assert Standing.objects.get(organisation=order.provider).rating_count == 1


def test_a_lone_rating_opens_at_the_end_of_the_fortnight_and_not_a_second_before(order):
    rating = _rate(order, "consumer")
    end = order.completed_at + timedelta(days=14)

    assert ratings.reveal_ripe(at=end - timedelta(seconds=1)) == 0
    rating.refresh_from_db()
    assert rating.revealed_at is None

    assert ratings.reveal_ripe(at=end) == 1
    rating.refresh_from_db()
    assert rating.revealed_at == end
    assert CreditEvent.objects.filter(kind="rating_received").count() == 1
    assert ratings.reveal_ripe(at=end) == 0


def test_the_last_second_of_the_fortnight_still_counts_and_the_first_after_it_does_not(order):
    _rate(order, "consumer", later=timedelta(days=14, seconds=-1))

    with pytest.raises(ratings.RatingRefused):
        _rate(order, "provider", later=timedelta(days=14))

    assert Rating.objects.count() == 1


def test_a_strangers_rating_is_refused_and_leaves_nothing(order):
    with pytest.raises(Order.DoesNotExist):
        ratings.submit(order.code, make.rating_words(), by=make.actor(make.organisation()), at=order.completed_at)

    assert not Rating.objects.exists()


def test_staff_see_the_order_but_do_not_rate_it(order):
    with pytest.raises(ratings.RatingRefused):
        ratings.submit(order.code, make.rating_words(), by=make.operator(), at=order.completed_at)

    assert not Rating.objects.exists()


@pytest.mark.parametrize("state", ["proposed", "agreed", "in_progress"])
def test_only_a_completed_order_is_rated(state):
    unfinished = make.order(state=state)

    with pytest.raises(ratings.RatingRefused):
        ratings.submit(unfinished.code, make.rating_words(), by=make.actor(unfinished.consumer), at=make.MONDAY_9AM)

    assert not Rating.objects.exists()


def test_a_party_rates_once(order):
    first = _rate(order, "consumer", 5)

    with pytest.raises(ratings.AlreadyRated):
        _rate(order, "consumer", 1)

    assert Rating.objects.get() == first


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_out_of_range_are_refused(order, stars):
    with pytest.raises(ratings.RatingRefused):
        _rate(order, "consumer", stars)

    assert not Rating.objects.exists()


def test_a_rating_of_a_held_order_opens_without_closing_it(order):
    complaint = make.complaint(order, state="accepted", at=order.completed_at)
    _rate(order, "consumer")
    _rate(order, "provider")

    order.refresh_from_db()
    assert order.state == "on_hold"
    assert Rating.objects.filter(revealed_at__isnull=False).count() == 2
    assert complaint.state == "accepted"


def test_the_rated_party_replies_once(order):
    _rate(order, "provider")
    rating = _rate(order, "consumer", 2)
    at = order.completed_at + timedelta(days=1)

    ratings.reply(rating.code, text="已安排返工", by=make.actor(order.provider), at=at)

    with pytest.raises(ratings.RatingRefused):
        ratings.reply(rating.code, text="再说一句", by=make.actor(order.provider), at=at)
    with pytest.raises(ratings.RatingRefused):
        ratings.reply(rating.code, text="旁人插话", by=make.actor(make.organisation()), at=at)
    rating.refresh_from_db()
    assert rating.reply == "已安排返工"


def test_a_sealed_rating_cannot_be_replied_to(order):
    rating = _rate(order, "consumer")

    with pytest.raises(Rating.DoesNotExist):
        ratings.reply(rating.code, text="x", by=make.actor(order.provider), at=rating.submitted_at)


def test_hidden_words_leave_stars_trace_and_count(order):
    _rate(order, "provider")
    rating = _rate(order, "consumer", 1)

    ratings.hide(rating.code, reason="含他人身份证号", by=make.operator(), at=order.completed_at)

    rating.refresh_from_db()
    assert (rating.stars, rating.hidden_reason, rating.text) == (1, "含他人身份证号", make.rating_words().text)
    assert reads.averages(order.provider_id)["count"] == 1
    assert reads.public_of(order.provider_id).count() == 1


def test_only_an_operator_hides(order):
    _rate(order, "provider")
    rating = _rate(order, "consumer", 1)

    for actor in (make.actor(order.provider), make.reviewer(), make.mediator()):
        with pytest.raises(Rating.DoesNotExist):
            ratings.hide(rating.code, reason="x", by=actor, at=order.completed_at)

    rating.refresh_from_db()
    assert rating.hidden_at is None


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_of_one_party_make_one_rating():
    order = make.order(state="completed")
    actor = make.actor(order.consumer)

    outcomes = _race([lambda: _submit(order, actor)] * 8)

    assert sorted(outcomes) == ["made"] + ["refused"] * 7
    assert Rating.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_both_sides_at_the_same_instant_still_open_both():
    for _ in range(5):
        order = make.order(state="completed")
        sides = [make.actor(order.consumer), make.actor(order.provider)]

        assert _race([lambda side=side, order=order: _submit(order, side) for side in sides]) == ["made", "made"]

        assert Rating.objects.filter(order=order, revealed_at__isnull=False).count() == 2


def _submit(order, actor) -> str:
    try:
        ratings.submit(order.code, make.rating_words(), by=actor, at=order.completed_at)
    except ratings.AlreadyRated:
        return "refused"
    return "made"


def _race(calls) -> list[str]:
    outcomes: list[str] = []
    barrier = threading.Barrier(len(calls))

    def run(call) -> None:
        try:
            barrier.wait()
            outcomes.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes

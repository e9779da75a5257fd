"""The journey of a deal through the public API, in whatever direction is registered."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from marketplace.directions import DIRECTIONS, Lifecycle
from tests import make

pytestmark = pytest.mark.django_db


def client(organisation):
    """A client of the API that acts for the organisation's first member."""
    browser = Client()
    browser.force_login(User.objects.get(pk=make.actor(organisation).user_id))
    session = browser.session
    session["acting_for"] = str(organisation.code)
    session.save()
    return browser


def call(browser, method, path, body=None, *, key=""):
    headers = {"Idempotency-Key": key} if key else {}
    send = getattr(browser, method)
    kwargs = {"content_type": "application/json", "data": body or {}} if method == "post" else {}
    return send(f"/api/v1/{path}", headers=headers, **kwargs)


def ok(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def asked_for(direction, listing, start):
    """The body that asks for two units, as this kind of deal wants it."""
    body = {"listing": str(listing.code), "start": start.isoformat(), "end": (start + timedelta(days=10)).isoformat()}
    if direction.lifecycle == Lifecycle.SLOTS:
        end = start + timedelta(hours=2)
        return {"listing": str(listing.code), "slots": [{"start": start.isoformat(), "end": end.isoformat()}]}
    return body | {"quantity": 2}


def carry_out(order, consumer, provider):
    """Move every part of an order on, as the API says the two sides may."""
    for booking in order["bookings"]:
        assert "start" in ok(call(provider, "get", f"bookings/{booking['code']}"))["moves"]
        ok(call(provider, "post", f"bookings/{booking['code']}/start"))
        ok(call(provider, "post", f"bookings/{booking['code']}/finish", {"used_s": 7200}))
    for milestone in order["milestones"]:
        ok(call(provider, "post", f"milestones/{milestone['code']}/submit", {"note": "成果"}))
        ok(call(consumer, "post", f"milestones/{milestone['code']}/accept"))
    for delivery in order["deliveries"]:
        ok(call(provider, "post", f"deliveries/{delivery['code']}/ship", {"waybill": "SF1"}))
        ok(call(consumer, "post", f"deliveries/{delivery['code']}/accept"))


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda d: d.code)
def test_a_deal_is_carried_from_request_to_settlement(direction):
    listing, buyer = make.offer(direction.code), make.organisation()
    consumer, provider = client(buyer), client(listing.owner)
    # Half an hour ahead, so that a use may begin at once.
    start = (timezone.now() + timedelta(minutes=59)).replace(second=0, microsecond=0)
    start = start.replace(minute=0 if start.minute < 30 else 30)

    order = ok(call(consumer, "post", "orders", asked_for(direction, listing, start)), 201)
    legs = order["legs"] or [order]
    for leg in legs:
        seen = ok(call(provider, "get", f"orders/{leg['code']}"))
        move = next(name for name in seen["moves"] if name in ("accept", "pledge"))
        digest = seen["agreements"][0]["sha256"]
        ok(call(provider, "post", f"orders/{leg['code']}/{move}", {"read_sha256": digest}))
    for leg in legs:
        agreed = ok(call(provider, "get", f"orders/{leg['code']}"))
        assert agreed["state"] == "agreed"
        carry_out(agreed, consumer, provider)

    done = ok(call(consumer, "get", f"orders/{order['code']}"))
    assert done["state"] == "completed"
    due = ok(call(consumer, "get", f"orders/{legs[0]['code']}"))["settlement"]
    assert (due["state"], due["amount_fen"]) == ("due", 20_000)
    ok(call(consumer, "post", f"orders/{legs[0]['code']}/paid", {"channel": "offline", "reference": "回单1"}))
    paid = ok(call(provider, "post", f"orders/{legs[0]['code']}/paid/confirm"))
    assert paid["state"] == "confirmed"


def test_a_repeated_request_with_the_same_key_makes_one_order():
    listing, consumer = make.offer("capacity"), client(make.organisation())
    start = timezone.now() + timedelta(days=1)
    body = {
        "listing": str(listing.code),
        "quantity": 1,
        "start": start.isoformat(),
        "end": (start + timedelta(days=7)).isoformat(),
    }

    first = ok(call(consumer, "post", "orders", body, key="k1"), 201)
    again = ok(call(consumer, "post", "orders", body, key="k1"), 201)

    assert first["code"] == again["code"]
    assert listing.orders.count() == 1


def test_a_slot_taken_meanwhile_is_a_conflict_with_what_would_help():
    listing, consumer = make.offer(), client(make.organisation())
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    body = {
        "listing": str(listing.code),
        "slots": [{"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}],
    }
    ok(call(consumer, "post", "orders", body), 201)

    refusal = call(client(make.organisation()), "post", "orders", body)

    assert refusal.status_code == 409
    assert refusal["Content-Type"] == "application/problem+json"
    assert refusal.json()["type"] == "urn:yuli:slot_taken"
    assert "slots" in refusal.json()["errors"]
    assert listing.orders.count() == 1


def test_a_stranger_gets_the_same_404_as_for_an_order_that_is_not_there():
    order = make.order()
    stranger = client(make.organisation())

    for path in (f"orders/{order.code}", f"orders/{order.code}/messages", f"bookings/{order.bookings.get().code}"):
        assert call(stranger, "get", path).status_code == 404
    assert call(stranger, "post", f"orders/{order.code}/start").status_code == 404
    assert call(Client(), "get", f"orders/{order.code}").status_code in (401, 403)


def test_quotes_stay_sealed_until_the_call_closes_and_the_award_is_an_order():
    demand = make.wish("skills", quantity=1, budget_fen=50_000)
    listing = make.offer("skills")
    consumer, provider = client(demand.owner), client(listing.owner)
    now = timezone.now()
    inquiry = ok(
        call(
            consumer,
            "post",
            "inquiries",
            {"demand": str(demand.code), "closes_at": (now + timedelta(days=2)).isoformat()},
        ),
        201,
    )
    offer = {
        "listing": str(listing.code),
        "unit_price_fen": 40_000,
        "starts_at": (now + timedelta(days=5)).isoformat(),
        "ends_at": (now + timedelta(days=20)).isoformat(),
        "valid_until": (now + timedelta(days=9)).isoformat(),
    }
    quote = ok(call(provider, "post", f"inquiries/{inquiry['code']}/quotes", offer), 201)

    assert ok(call(consumer, "get", f"inquiries/{inquiry['code']}/quotes")) == []
    assert call(consumer, "get", f"quotes/{quote['code']}").status_code == 404
    assert call(consumer, "post", f"quotes/{quote['code']}/award").status_code == 404

    make.close_inquiry(inquiry["code"], at=now)
    compared = ok(call(consumer, "get", f"inquiries/{inquiry['code']}/quotes"))
    assert compared[0]["quote"]["total_fen"] == 40_000
    assert "award" in compared[0]["quote"]["moves"]
    made = ok(call(consumer, "post", f"quotes/{quote['code']}/award"), 201)
    order = ok(call(consumer, "get", f"orders/{made['order']}"))
    assert (order["state"], order["source"], len(order["agreements"][0]["acceptances"])) == ("agreed", "quote", 2)


def test_contact_data_is_hidden_until_the_order_is_agreed():
    order = make.order()
    consumer, provider = client(order.consumer), client(order.provider)

    before = ok(call(consumer, "post", f"orders/{order.code}/messages", {"text": "请打 13800138000"}), 201)
    orders_move = ok(call(provider, "get", f"orders/{order.code}"))
    ok(
        call(
            provider,
            "post",
            f"orders/{order.code}/accept",
            {"read_sha256": orders_move["agreements"][0]["sha256"]},
        )
    )
    after = ok(call(consumer, "post", f"orders/{order.code}/messages", {"text": "请打 13800138000"}), 201)

    assert "13800138000" not in before["text"]
    assert before["hidden_count"] == 1
    assert after["text"] == "请打 13800138000"
    assert ok(call(provider, "post", f"orders/{order.code}/messages/read"))["read"] == 2
    assert ok(call(provider, "post", f"orders/{order.code}/messages/read"))["read"] == 0

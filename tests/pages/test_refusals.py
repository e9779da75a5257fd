"""A refusal on a page says what would help, with the way there; what is provisional says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credit.core.kinds import EventKind, Source
from governance.models import Complaint
from marketplace.models import Order
from tests import make

pytestmark = pytest.mark.django_db


def asked(client, listing):
    """Ask for two hours tomorrow, as the form sends it."""
    start = timezone.localtime(timezone.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    fields = {
        "slots-TOTAL_FORMS": "1", "slots-INITIAL_FORMS": "0", "slots-0-start": start.strftime("%Y-%m-%dT%H:%M"),
        "slots-0-end": (start + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"), "slots-0-hours": "2", "note": "",
    }  # fmt: skip
    return client.post(f"/listings/{listing.code}/request", fields, follow=True)


def test_an_unverified_party_that_asks_is_led_to_its_verification(client_of):
    listing = make.offer()

    page = asked(client_of(make.organisation("厦门甲", verified=False)), listing).content.decode()

    assert "厦门甲尚未通过核验" in page
    assert '<a href="/me/verification">前往办理</a>' in page
    assert not Order.objects.exists()


def test_a_party_whose_name_is_markup_is_named_as_text(client_of):
    page = asked(client_of(make.organisation("<b>甲</b>", verified=False)), make.offer()).content.decode()

    assert "&lt;b&gt;甲&lt;/b&gt;尚未通过核验" in page


def test_a_provider_whose_verification_has_run_out_is_led_there_when_it_accepts(client_of):
    order = make.order()
    order.provider.verified_until = timezone.localdate() - timedelta(days=1)
    order.provider.save()

    page = client_of(order.provider).post(f"/orders/{order.code}/accept", follow=True).content.decode()

    assert '<a href="/me/verification">前往办理</a>' in page
    order.refresh_from_db()
    assert order.state == "proposed"


def test_the_own_standing_shows_what_restricts_and_until_when(client_of):
    party = make.organisation()
    until = timezone.now() + timedelta(days=30)
    make.credit_event(
        party, kind=EventKind.OFFICIAL_LIST, source=Source.AGENCY, source_code="闽市监严字1号", at=timezone.now(),
        effect_until=until,
    )  # fmt: skip

    page = client_of(party).get("/me/standing").content.decode()

    assert "在官方名单上的主体" in page
    assert "闽市监严字1号" in page


def test_the_rules_of_restriction_are_public(client):
    page = client.get("/trust").content.decode()

    assert "在官方名单上的主体" in page
    assert "¥10,000" in page


def test_a_provisional_deadline_says_so(client_of):
    complaint = make.complaint(state="accepted")
    page = f"/complaints/{complaint.code}"
    viewer = client_of(complaint.complainant)
    assert "暂定" not in viewer.get(page).content.decode()

    Complaint.objects.update(is_due_provisional=True)

    assert "暂定" in viewer.get(page).content.decode()

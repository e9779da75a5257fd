"""A refusal names the page on which it can be put right: the same in the API's problems and on pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.core.actor import Role
from accounts.core.mending import Mend
from accounts.selectors import verification
from accounts.selectors.verification import DealingNeedsVerification
from common import rest
from marketplace.models import Listing
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(organisation, role=Role.OWNER) -> Client:
    client = Client()
    client.force_login(make.member(organisation, role=role))
    session = client.session
    session["acting_for"] = str(organisation.code)
    session.save()
    return client


def test_publishing_unverified_names_the_page_of_verification():
    party = make.organisation(verified=False)
    listing = make.listing(party, published=False)

    answer = signed_in(party).post(f"/api/v1/listings/{listing.code}/publish")

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:yuli:publishing_needs_verification")
    assert answer.json()["help"] == "/me/verification"
    assert Listing.objects.get(pk=listing.pk).state == "draft"


def test_the_page_leads_to_where_the_api_does():
    party = make.organisation(verified=False)
    listing = make.listing(party, published=False)
    client = signed_in(party)

    page = client.post(f"/listings/{listing.code}/publish", follow=True).content.decode()

    assert '<a href="/me/verification">' in page


def test_what_another_party_has_to_put_right_names_no_page():
    other, by = make.organisation(verified=False), make.actor(make.organisation())

    with pytest.raises(DealingNeedsVerification) as refusal:
        verification.require_verified([other.pk], by=by, at=make.MONDAY_9AM)

    assert "help" not in rest.problem_json(refusal.value, {}).data


def test_a_member_who_may_not_bind_the_party_is_led_to_the_parties():
    party = make.organisation()
    file = SimpleUploadedFile("表.csv", "设备名称,设备类型\n车床,数控车床\n".encode())

    answer = signed_in(party, role=Role.MEMBER).post("/api/v1/imports", {"file": file, "direction": "equipment"})

    assert answer.json()["type"] == "urn:yuli:may_not_bind"
    assert answer.json()["help"] == "/me/organisations"


@pytest.mark.parametrize("where", Mend)
def test_every_page_of_the_table_is_there(where):
    assert signed_in(make.organisation()).get(where).status_code == 200

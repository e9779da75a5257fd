"""A party's own data and calendar through the API."""

import io
import zipfile

import pytest
from django.test import Client

from accounts.core.parties import NoticeKind
from accounts.models import Notification
from accounts.services import notifications
from marketplace.models import CalendarFeed
from tests import make
from tests.api.caller import Api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_party_fetches_all_that_it_owns_and_nothing_else(form):
    own, other = make.listing(title="自有机床"), make.listing(title="他人机床")

    answer = Api(own.owner).post("exports", {"form": form})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    content = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".xlsx")).decode()
    assert (own.title in content) is (form != "xlsx")
    assert other.title not in content


def test_who_speaks_for_nobody_fetches_nothing():
    assert Api(user=make.user()).post("exports", {"form": "tar"}).status_code == 400
    assert Client().post("/api/v1/exports").status_code == 401


def test_the_calendars_address_opens_until_it_is_renewed_or_ended():
    api = Api(make.organisation())
    first = api.post("me/calendar").json()["address"]
    second = api.post("me/calendar").json()["address"]

    assert Client().get(first).status_code == 404
    assert Client().get(second)["Content-Type"].startswith("text/calendar")
    assert api.delete("me/calendar").status_code == 204
    assert Client().get(second).status_code == 404
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 0


def test_all_notices_are_read_at_once_and_only_ones_own():
    one, other = make.user(), make.user()
    for user in (one, one, other):
        notifications.notify(user_ids=[user.pk], kind=NoticeKind.DEAL, message="x", at=make.MONDAY_9AM)

    assert Api(user=one).post("notifications/read").json() == {"read": 2}
    assert list(Notification.objects.filter(read_at=None).values_list("user", flat=True)) == [other.pk]

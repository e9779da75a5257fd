"""Organisations: making one, acting for it, members, invitations, notifications, keys, one's data."""

import json
import re

import pytest
from django.core import mail
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.core.actor import Role
from accounts.models import ApiToken, Invitation, Membership, Notification, Organisation
from accounts.services import notifications
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user = make.user("owner@example.test")
    client.force_login(user)
    return user


def form_of(**changes):
    return {
        "kind": "enterprise",
        "name": "厦门鹭江精密机械有限公司",
        "credit_code": make.credit_code(42),
        "size": "small",
        "datum": "wgs84",
        "city": "350200",
        "district": "",
        "address": "",
        "industry_code": "c3489",
        "introduction": "",
    } | changes


def test_who_creates_an_organisation_owns_it_and_acts_for_it(client, owner):
    response = client.post(reverse("organisation-new"), form_of(longitude="118.1", latitude="24.5"))

    made = Organisation.objects.get(kind="enterprise")
    assert response["Location"] == reverse("verification")
    assert client.session["acting_for"] == str(made.code)
    assert (made.division_code, made.industry_code, made.place.x) == ("350200", "C3489", 118.1)
    assert made.memberships.get().role == Role.OWNER


def test_a_mistyped_code_is_refused_at_its_field(client, owner):
    code = make.credit_code(42)
    wrong = code[:17] + ("0" if code[17] != "0" else "1")

    response = client.post(reverse("organisation-new"), form_of(credit_code=wrong))

    assert response.context["form"].errors["credit_code"]
    assert not Organisation.objects.filter(kind="enterprise").exists()


def test_one_acts_only_for_organisations_one_belongs_to(client, owner):
    stranger = make.organisation()

    response = client.post(reverse("act-for"), {"organisation": str(stranger.code)})

    assert response.status_code == 404
    assert "acting_for" not in client.session


@pytest.mark.parametrize("code", ["", "nonsense", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_an_impossible_choice_is_not_found(client, owner, code):
    assert client.post(reverse("act-for"), {"organisation": code}).status_code == 404


def test_members_are_not_shown_to_strangers(client, owner):
    assert client.get(reverse("organisation-members", args=[make.organisation().code])).status_code == 404


def test_an_invitation_travels_by_mail_and_lets_its_reader_join_once(client, owner, django_capture_on_commit_callbacks):
    organisation = make.organisation(owner=owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("organisation-invite", args=[organisation.code]),
            {"email": "friend@example.test", "role": "manager"},
        )
    path = re.search(r"http://testserver(/invitations/\S+)", mail.outbox[0].body)[1]
    friend = make.user("friend@example.test")
    client.force_login(friend)

    response = client.post(path, follow=True)

    assert organisation.name in response.content.decode()
    assert Membership.objects.get(user=friend, organisation=organisation).role == Role.MANAGER
    assert Notification.objects.filter(user=owner).count() == 1
    client.force_login(make.user())
    client.post(path)
    assert organisation.memberships.count() == 2


def test_a_withdrawn_invitation_opens_nothing(client, owner, django_capture_on_commit_callbacks):
    organisation = make.organisation(owner=owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("organisation-invite", args=[organisation.code]), {"email": "friend@example.test", "role": "member"}
        )
    path = re.search(r"http://testserver(/invitations/\S+)", mail.outbox[0].body)[1]
    letter = Invitation.objects.get()
    client.post(reverse("invitation-withdraw", args=[organisation.code, letter.code]))
    client.force_login(make.user())

    client.post(path)

    assert organisation.memberships.count() == 1


def test_the_last_owner_stays(client, owner):
    organisation = make.organisation(owner=owner)
    place = organisation.memberships.get()

    client.post(reverse("member-remove", args=[organisation.code, place.code]))
    client.post(reverse("member-role", args=[organisation.code, place.code]), {"role": "member"})

    place.refresh_from_db()
    assert place.role == Role.OWNER


def test_a_member_may_leave_but_not_send_others_away(client, owner):
    organisation = make.organisation()
    make.member(organisation, owner)
    other = organisation.memberships.get(role=Role.OWNER)
    own = organisation.memberships.get(user=owner)

    client.post(reverse("member-remove", args=[organisation.code, other.code]))
    client.post(reverse("member-remove", args=[organisation.code, own.code]))

    assert list(organisation.memberships.all()) == [other]


def test_a_verified_identity_stays_while_the_description_changes(client, owner):
    organisation = make.organisation("原名", owner=owner)

    client.post(
        reverse("organisation-edit", args=[organisation.code]), form_of(name="改名", introduction="我们做模具。")
    )

    organisation.refresh_from_db()
    assert (organisation.name, organisation.introduction) == ("原名", "我们做模具。")


def test_following_a_notification_reads_it_and_stays_on_the_site(client, owner):
    [told] = notifications.notify(
        user_ids=[owner.pk], kind="deal", message="x", link="//evil.example/", at=make.MONDAY_9AM
    )

    response = client.post(reverse("notification", args=[told.code]))

    told.refresh_from_db()
    assert response["Location"] == reverse("notifications")
    assert told.read_at is not None


def test_what_reaches_the_mailbox_is_ones_own_choice(client, owner):
    client.post(reverse("notification-settings"), {"match": "on"})

    for kind in ("match", "deal"):
        notifications.notify(user_ids=[owner.pk], kind=kind, message=kind, at=make.MONDAY_9AM)

    [job] = ProcrastinateJob.objects.filter(task_name="accounts.jobs.mail_notification")
    assert job.args == {"code": str(Notification.objects.get(kind="match").code)}


def test_a_key_is_shown_once_and_kept_as_a_hash(client, owner):
    response = client.post(reverse("api-keys"), {"name": "ERP", "scopes": "read", "lasts_days": 30})

    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert secret not in client.get(reverse("api-keys")).content.decode()
    assert secret not in ApiToken.objects.get().token_hash


def test_a_copy_of_ones_data_holds_ones_own_and_nobody_elses(client, owner):
    make.user("other@example.test")

    response = client.post(reverse("my-data-file"))

    text = response.content.decode()
    assert json.loads(text)["account"]["email"] == "owner@example.test"
    assert "other@example.test" not in text
    assert "password" not in text


@pytest.mark.parametrize(
    "name",
    [
        "me",
        "account",
        "password-change",
        "api-keys",
        "my-data",
        "notifications",
        "notification-bell",
        "notification-settings",
        "switch-party",
        "organisation-new",
        "verification",
    ],
)
def test_own_pages_answer_their_owner_and_send_strangers_to_log_in(client, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(make.user())

    assert client.get(reverse(name)).status_code == 200


def test_the_desk_says_how_much_waits_and_how_much_is_under_way(client_of, django_assert_max_num_queries):
    provider = make.organisation()
    listing = make.offer("capacity", owner=provider)
    make.order(listing, state="agreed")
    make.order(listing)
    make.order(listing)
    desk = client_of(provider)
    desk.get("/me")

    with django_assert_max_num_queries(10):
        page = desk.get("/me").content.decode()

    assert "2 项待答复 · 1 项履行中" in page
    assert "项" not in client_of(make.organisation()).get("/me").content.decode().split("</section>")[0]

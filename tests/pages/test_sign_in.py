"""Coming in: registering, logging in, forgotten passwords, and how guessing is slowed."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db


def test_registering_logs_in_and_leads_to_ones_desk(client):
    wish = {"email": "New@Example.test", "display_name": "新用户", "password": "three plain words"}

    response = client.post(reverse("register"), wish, follow=True)

    assert response.redirect_chain == [("/me", 302)]
    assert User.objects.get().email == "new@example.test"
    assert "新用户" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "field"), [({"password": "short"}, "password"), ({"email": "taken@example.test"}, "email")]
)
def test_a_refused_registration_says_so_at_the_field_and_creates_nothing(client, change, field):
    make.user("taken@example.test")
    wish = {"email": "new@example.test", "display_name": "新用户", "password": "three plain words"} | change

    response = client.post(reverse("register"), wish)

    assert response.context["form"].errors[field]
    assert User.objects.count() == 1


def test_an_address_logs_in_however_it_is_capitalised(client):
    make.user("someone@example.test")

    response = client.post(reverse("login"), {"username": "SomeOne@Example.test", "password": make.PASSWORD})

    assert response.status_code == 302


def test_the_next_page_is_one_of_ours_or_ones_desk(client):
    make.user("someone@example.test")
    form = {"username": "someone@example.test", "password": make.PASSWORD, "next": "https://evil.example/"}

    response = client.post(reverse("login"), form)

    assert response["Location"] == "/"


def test_guessing_rests_after_five_failures_even_with_the_right_password(client):
    make.user("someone@example.test")
    for _ in range(5):
        client.post(reverse("login"), {"username": "someone@example.test", "password": "wrong"})

    response = client.post(reverse("login"), {"username": "someone@example.test", "password": make.PASSWORD})

    assert response.status_code == 200
    assert "15" in str(response.context["form"].non_field_errors())
    assert "_auth_user_id" not in client.session


def test_a_success_forgets_the_failures_before_it(client):
    make.user("someone@example.test")
    for _ in range(4):
        client.post(reverse("login"), {"username": "someone@example.test", "password": "wrong"})
    client.post(reverse("login"), {"username": "someone@example.test", "password": make.PASSWORD})
    client.post(reverse("logout"))
    client.post(reverse("login"), {"username": "someone@example.test", "password": "wrong"})

    response = client.post(reverse("login"), {"username": "someone@example.test", "password": make.PASSWORD})

    assert response.status_code == 302


def test_a_forgotten_password_is_set_anew_by_a_letter_that_works_once(client):
    make.user("someone@example.test")
    client.post(reverse("password-reset"), {"email": "someone@example.test"})
    path = re.search(r"https?://testserver(/\S+)", mail.outbox[0].body)[1]

    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"new_password1": "four other plain words", "new_password2": "four other plain words"})

    assert User.objects.get().check_password("four other plain words")
    assert client.get(path, follow=True).context["validlink"] is False


def test_asking_for_a_password_does_not_tell_whether_the_account_exists(client):
    make.user("someone@example.test")

    known = client.post(reverse("password-reset"), {"email": "someone@example.test"}, follow=True)
    unknown = client.post(reverse("password-reset"), {"email": "nobody@example.test"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert len(mail.outbox) == 1


def test_demo_accounts_are_listed_only_in_a_demo(client, settings):
    settings.DEMO = False

    assert "yuli-demo" not in client.get(reverse("login")).content.decode()


def test_who_was_sent_to_log_in_reads_why_and_keeps_the_way_when_registering_instead(client):
    sent = client.get("/demands/new/equipment", follow=True).content.decode()
    by_choice = client.get(reverse("login")).content.decode()

    assert "会回到您刚才要去的地方" in sent
    assert 'href="/register?next=/demands/new/equipment"' in sent
    assert "会回到您刚才要去的地方" not in by_choice

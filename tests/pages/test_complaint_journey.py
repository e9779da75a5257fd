"""A complaint in a real browser: filed by the consumer, mediated, agreed and resolved, also on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.core.actor import Role
from accounts.models import Organisation
from governance.models import Complaint
from tests import make
from tests.pages.conftest import PHONE, clean
from tests.pages.pressing import press, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def _completed():
    order = make.order(state="completed")
    order.completed_at = timezone.now() - timedelta(days=1)
    order.save()
    return order


def _say(page, step: str, **fields: str) -> None:
    """Open the form of a step, fill it and send it."""
    form = page.locator("details.step-form", has=page.locator("summary", has_text=step))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name$='-{name}']")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    send(page, form.get_by_role("button"))


def test_filed_acknowledged_proposed_agreed_resolved(visit, browser, live_server):
    order = _completed()
    mediator = make.user(staff=(Role.MEDIATOR,))
    desk = Organisation.objects.get(person=mediator)
    page = visit(f"/complaints/new?order={order.code}", as_=order.consumer, lang="en")
    page.get_by_label("What is wrong").select_option("quality")
    page.get_by_label("In one line").fill("Bore out of tolerance")
    page.get_by_label("What happened").fill("Three bores are 0.05 mm too wide.")
    page.get_by_label("What you ask for").select_option("redo")
    clean(page)
    press(page, "Submit the complaint")
    complaint = Complaint.objects.get()
    path = f"/complaints/{complaint.code}"

    page = visit("/desk", as_=desk, lang="en")
    clean(page)
    page.get_by_role("link", name="Bore out of tolerance").click()
    press(page, "Confirm receipt")
    press(page, "Accept the complaint")

    page = visit(path, as_=order.provider, lang="en", size=PHONE)
    clean(page)
    _say(page, "Reply", text="We will look at the parts.")

    page = visit(path, as_=order.consumer, lang="en")
    press(page, "Ask for mediation")

    page = visit(path, as_=desk, lang="en")
    _say(page, "Make a proposal", text="Redo the three bores within a week.", finding="at_fault")

    for side in (order.consumer, order.provider):
        page = visit(path, as_=side, lang="en")
        press(page, "Accept the proposal")
    _say(page, "Say that it is done", text="Sent today.")

    page = visit(path, as_=order.consumer, lang="en", size=PHONE)
    _say(page, "Confirm that it is put right", satisfaction="4")
    clean(page)

    complaint.refresh_from_db()
    assert (complaint.state, complaint.satisfaction, complaint.finding) == ("resolved", 4, "at_fault")
    assert list(complaint.steps.order_by("id").values_list("move", flat=True)) == [
        "submit",
        "acknowledge",
        "accept",
        "reply",
        "mediate",
        "propose",
        "agree",
        "agree",
        "conclude",
        "perform",
        "confirm",
    ]


@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}], ids=["phone", "desk"])
def test_rating_standing_figures_and_provider_pages_are_clean(visit, size):
    order = _completed()
    make.complaint(order, state="mediation")

    for path in (
        f"/orders/{order.code}/rate",
        "/me/standing",
        "/trust",
        f"/providers/{order.provider.code}",
        "/complaints",
        "/complaints/new",
        "/reports",
        f"/reports/new?listing={order.listing.code}",
    ):
        clean(visit(path, as_=order.consumer, size=size))

"""From nobody to a party that may publish, by clicking, in a real browser."""

import pytest

from accounts.core.actor import Role
from accounts.models import Organisation, VerificationCase
from accounts.selectors.verification import require_publishable
from accounts.services import verification
from tests import make
from tests.accounts import pictures
from tests.pages.conftest import without_live
from tests.pages.pressing import send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_in(page, live_server, email):
    page.goto(live_server.url + "/login")
    page.fill("[name=username]", email)
    page.fill("[name=password]", make.PASSWORD)
    send(page, page.locator("main .btn-primary"))


def test_a_newcomer_registers_makes_an_organisation_and_has_it_verified(page, live_server, tmp_path, browser):
    licence = tmp_path / "licence.png"
    licence.write_bytes(pictures.licence("Business licence", make.credit_code(99)))
    reviewer = make.user("reviewer@example.test", staff=(Role.REVIEWER,))

    page.goto(live_server.url + "/register")
    page.fill("[name=email]", "newcomer@example.test")
    page.fill("[name=display_name]", "林晓")
    page.fill("[name=password]", "three plain words")
    send(page, page.locator("main .btn-primary"))
    assert page.url.endswith("/me")
    page.goto(live_server.url + "/me/organisations/new")
    page.fill("[name=name]", "厦门鹭江精密机械有限公司")
    page.fill("[name=credit_code]", make.credit_code(99))
    send(page, page.locator("main .form-actions .btn-primary"))
    assert page.url.endswith("/me/verification")
    page.click('a[href$="/new/organisation"]')
    page.fill("[name=representative]", "林晓")
    page.set_input_files("[name=pages]", str(licence))
    send(page, page.locator("main .form-actions .btn-primary"))
    case = VerificationCase.objects.get()
    verification.run_checks(case.code, at=make.MONDAY_9AM)  # the worker's part

    desk = without_live(browser.new_context()).new_page()
    log_in(desk, live_server, reviewer.email)
    desk.goto(live_server.url + "/desk/verification")
    desk.click("tbody a")
    send(desk, desk.locator('button[formaction$="/approve"]'))
    assert desk.url.endswith("/desk/verification")

    case.refresh_from_db()
    organisation = Organisation.objects.get(kind="enterprise")
    assert (case.state, case.decided_by) == ("approved", reviewer)
    require_publishable(organisation.pk, at=case.decided_at)
    page.goto(live_server.url + "/me/notifications")
    assert organisation.name in page.inner_text("#told")

"""Press a button as a person does: answer what the page asks, and wait for the page that the press leads to."""

from playwright.sync_api import Locator, Page


def press(page: Page, name: str) -> None:
    """Press the first button of this name; say yes when the page asks first."""
    send(page, page.get_by_role("button", name=name, exact=True).first)


def send(page: Page, button: Locator) -> None:
    """Press `button`, say yes when the page asks first, and wait until the next page is quiet.

    Waiting for the navigation itself is what keeps a slow machine from looking at the page that was left.
    """
    with page.expect_navigation(wait_until="networkidle"):
        button.click()
        dialog = page.locator("dialog#confirm")
        if dialog.is_visible():
            dialog.locator("[data-yes]").click()

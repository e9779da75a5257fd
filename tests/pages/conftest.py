"""A real Chromium for the page tests, and clients that are logged in."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import Organisation, User

# Playwright's own event loop runs in this thread; the tests touch the database outside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = os.environ.get("YULI_CHROMIUM", "/usr/bin/chromium")
BUNDLE = Path(__file__).resolve().parents[2] / "frontend/static/built/main.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    assert BUNDLE.exists(), "Build the bundle first: cd frontend && npm ci && node build.mjs"
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": CHROMIUM, "args": args}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": DESK, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


def without_live(context: BrowserContext) -> BrowserContext:
    """Let the pages' WebSocket open and stay silent: the test server speaks none."""
    context.route_web_socket(re.compile("/live$"), lambda socket: None)
    return context


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    return without_live(context)


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """Return a client logged in as a party's first member, acting for that party."""

    def make_client(organisation: Organisation | None = None, *, user: User | None = None) -> Client:
        client = Client()
        if user is None and organisation is not None:
            user = User.objects.filter(memberships__organisation=organisation).earliest("memberships__id")
        assert user is not None
        client.force_login(user)
        if organisation is not None:
            session = client.session
            session["acting_for"] = str(organisation.code)
            session.save()
        return client

    return make_client


@pytest.fixture
def visit(page: Page, live_server: Any, client_of: Callable[..., Client]) -> Callable[..., Page]:
    """Open an address in the browser, logged in as a party if asked, and keep what the console complains of."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.complaints = complaints  # type: ignore[attr-defined]  # read by `clean`

    def go(path: str, *, as_: Organisation | None = None, lang: str = "zh-hans", size: dict[str, int] = DESK) -> Page:
        cookies = [{"name": "django_language", "value": lang, "url": live_server.url}]
        if as_ is not None:
            session = client_of(as_).cookies[django_settings.SESSION_COOKIE_NAME].value
            cookies.append({"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url})
        page.context.add_cookies(cookies)
        page.set_viewport_size(size)
        page.goto(live_server.url + path, wait_until="networkidle")
        return page

    return go


def clean(page: Page) -> None:
    """Assert that the page broke no content policy, threw nothing, does not scroll sideways, and pleases axe."""
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{page.url} scrolls sideways"
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    told = [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in serious]
    assert told == [], f"{page.url}: {told}"

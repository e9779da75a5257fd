"""The live market seen from a page: a real web process, the real live market, Redis between them, and a browser."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from psycopg.types.range import TimestamptzRange

from matching.models import Proposal
from tests import make
from tests.pages.conftest import DESK, PHONE, clean
from tests.pages.pressing import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
# Open sockets must not keep the server from ending.
STOP = ("--timeout-graceful-shutdown", "3")
# Everything has to be read, decided, written, pushed and fetched; on a busy machine that is slow without being ill.
SOON_MS = 120_000


@contextmanager
def running(*words: str) -> Iterator[None]:
    """Run a program of ours on the tests' database for the time of the block."""
    database = connection.settings_dict
    host = f"?host={database['HOST']}" if database["HOST"].startswith("/") else ""
    place = "" if host else f"{database['HOST']}:{database['PORT'] or 5432}"
    login = ":".join(filter(None, [database["USER"], database["PASSWORD"]]))
    env = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "YULI_DATABASE_URL": f"postgresql://{login}@{place}/{database['NAME']}{host}",
        "YULI_DEBUG": "1",
        "YULI_LOG_LEVEL": "WARNING",
    }
    program = subprocess.Popen([sys.executable, *words], cwd=ROOT, env={**os.environ, **env})  # noqa: S603  our own
    try:
        yield
    finally:
        program.terminate()
        try:
            program.wait(20)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


@contextmanager
def website() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with running("-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "warning", *STOP):
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5)  # noqa: S310  our own
                break
            except (urllib.error.URLError, OSError):
                Event().wait(0.1)
        yield address


@pytest.fixture
def open_page(browser: Browser, client_of):
    """Return what opens an address as a party, with a socket that works."""
    contexts = []

    def go(address: str, path: str, *, as_) -> Page:
        context = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        session = client_of(as_).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [
                {"name": "django_language", "value": "zh-hans", "url": address},
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address},
            ]
        )
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.complaints = complaints  # type: ignore[attr-defined]  # read by `clean`
        page.goto(address + path)
        return page

    yield go
    for context in contexts:
        context.close()


def test_a_partner_appears_its_range_moves_and_an_early_proposal_comes_without_a_reload(open_page):
    soon = timezone.now() + timedelta(days=10)
    fortnight = TimestamptzRange(soon, soon + timedelta(days=14))
    listing = make.fitting_offer()
    demand = make.fitting_wish(state="draft", period=fortnight, published_at=None)

    with website() as address, running("manage.py", "run_live_market"):
        page = open_page(address, f"/demands/{demand.code}", as_=demand.owner)
        provider = open_page(address, f"/listings/{listing.code}", as_=listing.owner)
        expect(provider.locator("#right-now")).to_contain_text("此刻没有需求以它为最佳")
        press(page, "发布")
        for each in (page, provider):
            each.evaluate("window.stayed = true")
        panel = page.locator("#right-now")

        expect(panel.locator("[data-price]")).to_contain_text("¥75 ", timeout=SOON_MS)
        expect(panel).to_contain_text(listing.title)
        expect(panel.locator("[data-range]")).to_contain_text("¥65 到 ¥85")
        expect(provider.locator("#right-now")).to_contain_text(demand.title, timeout=SOON_MS)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            clean(page)

        make.fitting_wish(title="对手", budget_fen=8_000, period=fortnight)
        expect(panel.locator("[data-price]")).to_contain_text("¥85 ", timeout=SOON_MS)
        expect(panel.locator("[data-range]")).to_contain_text("¥80 到 ¥90")

        assert page.evaluate("window.stayed")

        press(page, "立即提出建议")
        expect(page.locator("#right-now .callout")).to_contain_text(f"已提出建议：{listing.title}", timeout=SOON_MS)
        # nobody, or the rival with the hours that are left
        expect(provider.locator("#right-now")).not_to_contain_text(demand.title, timeout=SOON_MS)
        assert provider.evaluate("window.stayed")

    proposal = Proposal.objects.get(demand=demand)
    assert (proposal.listing, proposal.unit_price_fen, proposal.round.trigger) == (listing, 8_500, "live")

"""The frame around every page: policy, language, looks, errors, help, health."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver

from common.state_machine import StateMachine
from frontend import words

pytestmark = pytest.mark.django_db


def test_every_page_carries_a_policy_that_allows_only_our_own_scripts(client):
    policy = client.get("/help").headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


def test_pages_are_chinese_first_and_english_on_request(client):
    assert '<html lang="zh-Hans"' in client.get("/help").content.decode()

    client.post("/looks", {"language": "en", "next": "/help"})

    assert '<html lang="en"' in client.get("/help").content.decode()


def test_the_theme_is_remembered_and_forgotten(client):
    client.post("/looks", {"theme": "dark", "next": "/help"})
    assert 'data-theme="dark"' in client.get("/help").content.decode()

    client.post("/looks", {"theme": "", "next": "/help"})
    assert "data-theme" not in client.get("/help").content.decode()


def test_looks_never_lead_to_another_site(client):
    answer = client.post("/looks", {"theme": "dark", "next": "https://elsewhere.example/"})

    assert answer.headers["Location"] == "/"


def test_an_unknown_page_is_a_404_in_plain_words(client):
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert "找不到这个页面" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_plain_words():
    answer = Client(enforce_csrf_checks=True).post("/looks", {"theme": "dark"})

    assert answer.status_code == 403
    assert "表单打开时间过长" in answer.content.decode()


def test_demo_mode_marks_every_page(client, settings):
    settings.DEMO = True
    assert "均为虚构" in client.get("/help").content.decode()

    settings.DEMO = False
    assert "均为虚构" not in client.get("/help").content.decode()


def test_every_help_topic_answers(client):
    for topic in ("need", "offer", "trust", "money", "trouble", "data"):
        assert client.get(f"/help/{topic}").status_code == 200
    assert client.get("/help/nothing").status_code == 404
    assert client.get("/how-matching-works").status_code == 200


def test_health_tells_which_part_is_down(client, monkeypatch):
    assert client.get("/healthz").json() == {"ok": True, "database": True, "redis": True}

    def down(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(cache, "set", down)
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "database": True, "redis": False}


def test_every_named_address_in_a_template_leads_somewhere():
    known = {name for name, _ in _names(get_resolver())}
    asked = {
        (path.name, name)
        for root in (Path("frontend/templates"), Path("supervision/templates"))
        for path in root.rglob("*.html")
        for name in re.findall(r"""{%\s*url\s+['"]([\w:-]+)['"]""", path.read_text())
    }

    assert len(asked) > 200
    assert sorted((path, name) for path, name in asked if name not in known) == []


def _names(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{before}{entry.namespace}:" if entry.namespace else before
            yield from _names(entry, inner)
        elif entry.name:
            yield before + entry.name, str(entry.pattern)


@pytest.mark.parametrize("folder", ["frontend/templates", "supervision/templates"])
def test_no_block_of_a_template_links_to_an_address_that_only_another_block_names(folder):
    root = Path(__file__).resolve().parents[2]
    empty = []
    for template in sorted((root / folder).rglob("*.html")):
        blocks = re.split(r"{% block \w+ %}", template.read_text())
        for number, block in enumerate(blocks):
            named = {
                name for other in blocks[:number] + blocks[number + 1 :] for name in re.findall(r" as (\w+) %}", other)
            }
            named -= set(re.findall(r" as (\w+) %}", block))
            empty += [f"{template.name}: {name}" for name in re.findall(r'="{{ (\w+) }}', block) if name in named]

    assert empty == []


def test_every_state_of_every_machine_has_a_word_of_its_own():
    root = Path(__file__).resolve().parents[2]
    names = [".".join(file.relative_to(root).with_suffix("").parts) for file in root.glob("*/core/*_states.py")]
    values = [value for name in names for value in vars(import_module(name)).values()]
    machines = [value for value in values if isinstance(value, StateMachine)]
    states = sorted({(machine.name, str(move.target)) for machine in machines for move in machine.moves})

    wordless = [(name, state) for name, state in states if not {f"{name}.{state}", state} & words.STATES.keys()]

    assert len(states) > 60
    assert wordless == []

"""Who gets in where: one table of every route, and nothing is written where somebody is turned away.

`access.txt` has a row for each method of each route: per actor, the status of an empty request for the owner's thing.
401 stands also for a page that sends to the log-in. A new route fails here until it has its row; to add it, run
`YULI_WRITE_ACCESS=1 pytest tests/api/test_access.py`, then read every number of the new row before you commit it.
"""

import os
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.api.world import World, routes

TABLE = Path(__file__).with_name("access.txt")
ACTORS = ("anonymous", "stranger", "owner", "member", "reviewer", "operator", "regulator")
TURNED_AWAY = {401, 403, 404}

Key = tuple[str, str]


def told() -> dict[Key, tuple[int, ...]]:
    rows = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, route): tuple(map(int, statuses)) for method, route, *statuses in rows}


def named(route: str) -> str:
    return route or "(home)"


@pytest.mark.django_db
@pytest.mark.parametrize("side", ["api", "pages"])
def test_every_route_answers_every_actor_as_the_table_says(side, settings):
    settings.DEMO = False
    world, found, wrong, written = World(), {}, [], []
    for route, methods in routes():
        if ("/v1/" in route) != (side == "api"):
            continue
        for method in methods:
            statuses = []
            for actor in ACTORS:
                cache.clear()
                status, tables = world.ask(actor, method, route)
                statuses.append(status)
                if status in TURNED_AWAY and tables:
                    written.append((method, route, actor, tables))
            if set(statuses) != {405}:
                found[method, named(route)] = tuple(statuses)
    if os.environ.get("YULI_WRITE_ACCESS"):
        _write(told() | found)

    table = {key: row for key, row in told().items() if ("/v1/" in key[1]) == (side == "api")}
    wrong = [(key, "table", table.get(key), "is", row) for key, row in found.items() if table.get(key) != row]
    assert wrong == []
    assert sorted(set(table) - set(found)) == [], "the table has routes that are gone"
    assert written == []


def test_nobody_is_shown_an_error_of_ours():
    assert [key for key, row in told().items() if any(status >= 500 for status in row)] == []


def test_what_carries_a_code_is_closed_to_strangers_unless_it_is_public():
    """The public things are listed here by hand, so that opening one more is a decision."""
    public = {
        "api/v1/organisations/<uuid:code>",
        "api/v1/providers/<uuid:code>/ratings",
        "api/v1/providers/<uuid:code>/standing",
        "api/v1/providers/<uuid:code>/standing/history",
        "api/v1/rounds/<uuid:code>",
        "api/v1/rounds/<uuid:code>/replay",
        "providers/<uuid:code>",
        "rounds/<uuid:code>",
        "rounds/<uuid:code>/replay",
        # An open inquiry is shown to whoever may answer it; quotes of others are left out of the answer.
        "api/v1/inquiries/<uuid:code>",
        "api/v1/inquiries/<uuid:code>/quotes",
        "inquiries/<uuid:code>",
        "inquiries/<uuid:code>/quote",
    }
    stranger = ACTORS.index("stranger")

    opened = {
        route
        for (_, route), row in told().items()
        if "<uuid:" in route and 200 <= row[stranger] < 300 and route not in public
    }

    assert opened == set()


def _write(table: dict[Key, tuple[int, ...]]) -> None:
    width = max(len(route) for _, route in table)
    head = f"# {'method and route':{width + 6}} {' '.join(ACTORS)}"
    lines = [f"{m:6} {r:{width}} {' '.join(map(str, row))}" for (m, r), row in sorted(table.items(), key=_order)]
    TABLE.write_text("\n".join([head, *lines]) + "\n")


def _order(item: tuple[Key, tuple[int, ...]]) -> tuple[str, str]:
    (method, route), _ = item
    return route, method

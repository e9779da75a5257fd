"""The price index over the API: public, paged, narrowed by what is asked."""

from datetime import date

import pytest

from marketplace.core.quarters import before
from tests import make

pytestmark = pytest.mark.django_db


def rows(client, **asked):
    return client.get("/api/v1/prices", asked).json()["results"]


def test_a_stranger_reads_a_figure_with_all_it_says(client):
    make.price_figure()

    assert rows(client) == [
        {
            "quarter": "2026-Q1",
            "direction": "equipment",
            "class_code": "cutting",
            "unit": "machine_hour",
            "division_code": "000000",
            "n_orders": 25,
            "lower_fen": 7_800,
            "median_fen": 9_100,
            "upper_fen": 26_000,
            "change_percent": -3,
            "is_demo": False,
        }
    ]


def test_each_parameter_narrows_and_the_newest_quarter_comes_first(client):
    make.price_figure()
    make.price_figure(date(2025, 10, 1), change_percent=None)
    make.price_figure(division_code="350200")
    make.price_figure(class_code="sheet")
    make.price_figure(direction="skills", class_code="design", unit="task")

    cells = [(row["quarter"], row["class_code"], row["division_code"]) for row in rows(client, direction="equipment")]
    assert cells == [
        ("2026-Q1", "cutting", "000000"),
        ("2026-Q1", "cutting", "350200"),
        ("2026-Q1", "sheet", "000000"),
        ("2025-Q4", "cutting", "000000"),
    ]
    assert [row["direction"] for row in rows(client, unit="task")] == ["skills"]
    assert [row["division_code"] for row in rows(client, division_code="350200")] == ["350200"]
    assert [row["class_code"] for row in rows(client, class_code="sheet")] == ["sheet"]
    assert [row["quarter"] for row in rows(client, quarter="2025-Q4")] == ["2025-Q4"]
    assert rows(client, quarter="2025-Q3") == []


def test_pages_are_as_long_as_asked_and_cost_two_queries(client, django_assert_num_queries):
    for back in range(12):
        make.price_figure(before(date(2026, 1, 1), back))

    with django_assert_num_queries(2):
        page = client.get("/api/v1/prices", {"page_size": 5}).json()

    assert page["count"] == 12
    assert len(page["results"]) == 5
    assert client.get("/api/v1/prices", {"page": 4, "page_size": 5}).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [{"quarter": "2026-Q5"}, {"division_code": "350203"}, {"direction": "gold"}, {"class_code": "A"}, {"unit": ""}],
)
def test_what_is_no_such_thing_is_refused_by_name(client, asked):
    answer = client.get("/api/v1/prices", asked)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(asked)

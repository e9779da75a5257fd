"""What no view answers: programs get a problem, people a page."""

import pytest
from django.test import RequestFactory

from config.errors import server_error

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/supervision/v1/nothing"])
def test_an_address_without_anything_is_a_problem_to_programs(client, path):
    answer = client.get(path, headers={"Accept-Language": "en"})

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert (answer.json()["type"], answer.json()["status"]) == ("urn:yuli:not_found", 404)


def test_an_address_without_anything_is_a_page_to_people(client):
    answer = client.get("/nothing")

    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("/api/v1/orders", "application/problem+json"), ("/orders", "text/html"), ("/supervision/map", "text/html")],
)
def test_an_error_of_ours_is_told_in_the_language_of_who_asked(path, content_type):
    answer = server_error(RequestFactory().get(path))

    assert answer.status_code == 500
    assert answer["Content-Type"].startswith(content_type)

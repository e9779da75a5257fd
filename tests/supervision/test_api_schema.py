"""The API does what its OpenAPI document says, whatever it is asked; every route is on one of the lists here."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from supervision.api.v1 import urls as api_urls
from supervision.pages import urls as page_urls
from tests import make
from tests.api.contract import one_connection
from tests.supervision.api import ask_for_token
from tests.supervision.test_api_rows import OF_ONE, PUBLIC, READS
from tests.supervision.test_pages import OFFICERS

FILE = Path(api_urls.__file__).with_name("openapi.json")
SCHEMA = schemathesis.openapi.from_wsgi("/supervision/v1/openapi.json", app=get_wsgi_application())
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
EXAMPLES = 12


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "agency"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_whatever_is_asked_gets_a_documented_answer(operation, who):
    make.market()
    issued = make.agency_client()
    headers = {}
    if who == "agency":
        headers["Authorization"] = f"Bearer {ask_for_token(issued).json()['access_token']}"
    for mode in GenerationMode:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case):
            case.call_and_validate(headers=headers)

        # What takes no input cannot be asked wrongly.
        with one_connection(), suppress(Unsatisfiable):
            ask()


def test_every_address_is_on_a_list_of_these_tests():
    listed = {path.split("?")[0] for path in [*READS, *OF_ONE, *PUBLIC, "token"]}

    assert {str(route.pattern) for route in api_urls.urlpatterns} == listed


def test_every_page_is_on_a_list_of_these_tests():
    pages = {"rows/<slug:name>" if path.startswith("rows/") else path for path in OFFICERS}
    others = {
        "", "authorities", "reads/about-me", "clients/<uuid:code>/rotate", "clients/<uuid:code>/revoke",
        "rounds/<uuid:code>",
    }  # fmt: skip
    routes = {str(route.pattern) for route in page_urls.urlpatterns}

    # those of operators are held by tests/pages/test_agencies.py
    assert {route for route in routes if not route.startswith("agencies")} == pages | others


def test_every_operation_documents_its_refusals():
    paths = json.loads(FILE.read_text())["paths"]
    documented = {
        path: set(operation["responses"]) for path, methods in paths.items() for operation in methods.values()
    }

    for path, statuses in documented.items():
        assert "406" in statuses, path
        if path.rsplit("/", 1)[1] not in ("catalogue", "indicators"):
            assert {"401", "429"} <= statuses, path

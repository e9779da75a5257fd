"""The API's own description: whole, and true of every operation. `scripts/check` holds the committed file to it."""

import pytest
from django.urls import get_resolver, include, path
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from drf_spectacular.validation import validate_schema

from api.v1 import openapi


@pytest.fixture(scope="module")
def generated():
    with patched_settings(openapi.SETTINGS), translation.override("en"):
        schema = SchemaGenerator(patterns=[path("", include("api.v1.urls"))]).get_schema(request=None, public=True)
    validate_schema(schema)
    return schema


def operations(schema):
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield address, method, operation


def test_every_address_is_described(generated):
    described = {path.strip("/").replace("{", "").replace("}", "") for path in generated["paths"]}
    hung = set()
    for resolver in get_resolver("api.v1.urls").url_patterns:
        for pattern in resolver.url_patterns:
            route = str(pattern.pattern)
            hung.add("/".join(part.split(":")[-1].strip("<>") for part in route.split("/")))

    assert hung - described == {"openapi.json", "docs/", "rest"}


def test_every_operation_has_a_name_of_its_own_a_summary_and_its_problems(generated):
    names = [operation["operationId"] for *_, operation in operations(generated)]
    poor = [
        (method, path)
        for path, method, operation in operations(generated)
        if not operation.get("summary")
        or not {"401", "403", "429"} <= set(operation["responses"])
        or ("{" in path and "404" not in operation["responses"])
    ]

    assert len(names) == len(set(names))
    assert poor == []


def test_problems_are_problem_json(generated):
    wrong = [
        (method, path, status)
        for path, method, operation in operations(generated)
        for status, answer in operation["responses"].items()
        if status >= "400" and list(answer.get("content", {})) != ["application/problem+json"]
    ]

    assert wrong == []

"""The API's own description: the committed OpenAPI document, and a page that shows it."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

FILE = Path(__file__).with_name("openapi.json")


@cache
def document() -> str:
    return FILE.read_text()


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Serve the document that is committed; `scripts/openapi --check` holds it to the code."""
    return HttpResponse(document(), content_type="application/vnd.oai.openapi+json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")


urlpatterns = [
    path("openapi.json", openapi, name="api-schema"),
    path("docs/", docs, name="api-docs"),
]

"""The API described: the committed OpenAPI document, and a page drawn from it without any script."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from supervision.core.indicators import INDICATORS
from supervision.core.resources import BY_NAME, RESOURCES

FILE = Path(__file__).with_name("openapi.json")


@cache
def document() -> str:
    return FILE.read_text()


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Serve the document that is committed; `scripts/openapi --check` holds it to the code."""
    return HttpResponse(document(), content_type="application/vnd.oai.openapi+json")


def _word(operation: dict[str, Any]) -> str:
    resource = BY_NAME.get(operation["operationId"])
    if resource is not None:
        return resource.zh if (get_language() or "zh").startswith("zh") else resource.en
    return _(operation["summary"])


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show how to get a token, every operation with its parameters and answers, every field, every indicator."""
    described = json.loads(document())
    operations = [
        {"method": method.upper(), "path": path, "word": _word(operation), **operation}
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    context: dict[str, Any] = {
        "title": described["info"]["title"],
        "operations": operations,
        "resources": RESOURCES,
        "indicators": INDICATORS,
        "address": request.build_absolute_uri("/supervision/v1/"),
    }
    return render(request, "supervision/docs.html", context)

"""What forms ask while somebody types: industries by a word or a code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.reference import industries as reference

MOST_PROPOSED = 40


@require_GET
def industries(request: HttpRequest) -> HttpResponse:
    """Answer the industries that fit what is typed, as options; the broad ones while nothing is."""
    typed = request.GET.get("industry_code", "")[:80]
    found = reference.matching(typed, most=MOST_PROPOSED) if typed.strip() else reference.broad()
    return render(request, "forms/_industries.html", {"options": found})

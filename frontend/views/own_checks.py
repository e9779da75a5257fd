"""Check my own deal: one participant's part of a round, recomputed by its own browser."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from frontend.requests import actor
from marketplace.core import parts
from matching.core.own_check import Deal, Line
from matching.selectors import own_checks as select
from matching.selectors.own_checks import OwnNeed, OwnOffer


@require_GET
@login_required
def need(request: HttpRequest, code: UUID) -> HttpResponse:
    found = select.of_demand(code, viewer=actor(request), round_code=_round(request))
    if found is None:
        return render(request, "checks/none.html", {"back": reverse("demand", args=[code]), "section": "matching"})
    parameters = found.round.parameters
    context = {
        "found": found,
        "demand": found.demand,
        "round": found.round,
        "check": found.check,
        "lines": [_line(found, line) for line in found.check.lines] if found.check else [],
        "deals": [_deal(found, deal) for deal in found.check.deals] if found.check else [],
        "scale_m": parameters.get("distance_scale_m", 1),
        "weight_bp": parameters.get("distance_weight_bp", 0),
        "section": "matching",
    }
    return render(request, "checks/need.html", context)


@require_GET
@login_required
def offer(request: HttpRequest, code: UUID) -> HttpResponse:
    found = select.of_listing(code, viewer=actor(request), round_code=_round(request))
    if found is None:
        return render(request, "checks/none.html", {"back": reverse("listing", args=[code]), "section": "matching"})
    check = found.check
    context = {
        "found": found,
        "listing": found.listing,
        "round": found.round,
        "check": check,
        "lots": [(_monday(line.week), line) for line in check.lines] if check else [],
        "sales": list(_sales(found)),
        "section": "matching",
    }
    return render(request, "checks/offer.html", context)


def _round(request: HttpRequest) -> UUID | None:
    asked = request.GET.get("round", "")
    if not asked:
        return None
    try:
        return UUID(asked)
    except ValueError as error:
        raise Http404 from error


def _line(found: OwnNeed, line: Line) -> dict[str, Any]:
    weeks = found.section.lots.week
    return {
        "line": line,
        "offer": found.offers[line.lot],
        "leg": found.section.legs.name[line.leg],
        "monday": _monday(int(weeks[line.lot]) if len(weeks) else -1),
    }


def _deal(found: OwnNeed, deal: Deal) -> dict[str, Any]:
    return {"deal": deal, "offer": found.offers[deal.lot], "leg": found.section.legs.name[deal.leg]}


def _sales(found: OwnOffer) -> Iterator[dict[str, Any]]:
    for deal in found.check.deals if found.check else ():
        code = found.section.needs.code[deal.need]
        yield {"deal": deal, "title": found.needs[deal.need], "demand": code, "leg": found.section.legs.name[deal.leg]}


def _monday(week: int) -> Any:
    return parts.calendar_week(week)[0] if week >= 0 else None

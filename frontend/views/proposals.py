"""Proposals: what match rounds suggest to the viewer's organisation, and its answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend import matching_words
from frontend.pagination import page_of
from frontend.requests import actor, now
from frontend.views import tentative
from matching.selectors import proposals as select
from matching.services import proposals

ANSWERS = ("accept", "decline")


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    only_open = request.GET.get("show") != "all"
    viewer = actor(request)
    found = select.open_for(viewer) if only_open else select.mine(viewer)
    context = {
        "page": page_of(request, found),
        "only_open": only_open,
        "section": "matching",
        **tentative.own_panel(viewer),
    }
    return render(request, "proposals/index.html", context)


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    view = select.get(code, viewer=actor(request))
    proposal = view.proposal
    context = {
        "view": view,
        "proposal": proposal,
        "bonus": matching_words.bonus_sentence(proposal),
        "work_fen": proposal.quantity * proposal.unit_price_fen,
        "section": "matching",
    }
    return render(request, "proposals/page.html", context)


@require_POST
@login_required
def move(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move not in ANSWERS:
        raise Http404
    answer = proposals.accept if move == "accept" else proposals.decline
    moved = answer(code, by=actor(request), at=now())
    if moved.order_code:
        messages.success(request, _("Both sides accepted: the order is made."))
        return redirect("order", moved.order_code)
    messages.success(request, _("Your answer is recorded; the other side has been told."))
    return redirect("proposal", code)

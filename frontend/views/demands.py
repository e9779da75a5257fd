"""Demands: what is wanted, the page with its matches, one's own list, the editor, and the moves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refused
from credit.selectors import standing
from frontend import map_content, matching_words, words
from frontend.forms import attributes
from frontend.forms.demands import DemandForm, LegForm, LegFormSet
from frontend.forms.demands import like as demand_like
from frontend.pagination import page_of
from frontend.refusals import as_message
from frontend.requests import actor, now
from frontend.views import tentative
from frontend.views.listings import known_direction
from marketplace.core.demand_states import DemandState
from marketplace.core.listing_states import ListingState
from marketplace.directions import CODES, DIRECTIONS, described, direction
from marketplace.selectors import demands as select
from marketplace.selectors import listings, prices
from marketplace.services import demands
from matching.selectors import proposals


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("direction", "")
    q = request.GET.get("q", "")[:100]
    found = select.published(words=q, direction=chosen if chosen in CODES else "")
    context = {
        "page": page_of(request, found, 24),
        "directions": DIRECTIONS,
        "chosen_direction": chosen,
        "q": q,
        "section": "demands",
    }
    return render(request, "demands/index.html", context)


@require_GET
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    viewer = actor(request)
    demand = select.get(code, viewer=viewer)
    kind = direction(demand.direction)
    is_own = demand.owner_id == viewer.organisation_id
    unmatched = proposals.unmatched(code, viewer=viewer) if is_own else None
    context = {
        "demand": demand,
        "direction": kind,
        "attributes": described(kind.need, demand.attributes),
        "legs": [(leg, described(kind.leg, leg.attributes) if kind.leg else []) for leg in demand.legs.all()],
        "content": map_content.of_demand(demand),
        "place_text": words.place(demand.division_code),
        "standing": standing.of([demand.owner_id])[demand.owner_id],
        "is_own": is_own,
        "may_edit": is_own and demand.state in {DemandState.DRAFT, DemandState.PUBLISHED, DemandState.EXPIRED},
        "moves_open": [name for name in select.open_moves(demand, viewer) if name in demands.MOVES],
        "proposals": proposals.of_demand(code, viewer=viewer)[:20] if is_own else (),
        "unmatched": unmatched,
        "why": words.why_word(unmatched.why) if unmatched else "",
        "advice": matching_words.advice(unmatched.why) if unmatched else "",
        "section": "demands",
        **((tentative.demand_panel(demand, viewer=viewer) if is_own else None) or {}),
    }
    return render(request, "demands/page.html", context)


@require_GET
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("state", "")
    states = [DemandState.DRAFT, DemandState.PUBLISHED, DemandState.MATCHED, DemandState.EXPIRED, DemandState.CLOSED]
    page = page_of(request, select.own(actor(request), state=chosen if chosen in states else ""))
    return render(request, "demands/mine.html", {"page": page, "states": states, "chosen_state": chosen})


@require_GET
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("Post a need"),
        "lead": _("Which kind is it? Each direction asks what its own trade asks."),
        "directions": DIRECTIONS,
        "target": "demand-new-in",
    }
    return render(request, "listings/choose.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, direction_code: str) -> HttpResponse:
    kind = known_direction(direction_code)
    form, legs = _forms(request, kind, like=_listing_like(request, kind))
    if request.method == "POST" and _are_valid(form, legs):
        try:
            made = demands.create_draft(kind.code, form.content(_legs(legs)), by=actor(request), at=now())
        except Refused as error:
            attributes.refuse(form, error)
        else:
            return _after_saving(request, made)
    context = {
        "form": form,
        "legs": legs,
        "direction": kind,
        "has_prices": prices.is_told(kind.code),
        "heading": _("Post a need"),
    }
    return render(request, "demands/edit.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, code: UUID) -> HttpResponse:
    demand = select.own(actor(request)).get(code=code)
    kind = direction(demand.direction)
    form, legs = _forms(request, kind, demand)
    if request.method == "POST" and _are_valid(form, legs):
        try:
            demand = demands.edit(code, form.content(_legs(legs)), by=actor(request), at=now())
        except Refused as error:
            attributes.refuse(form, error)
        else:
            return _after_saving(request, demand)
    context = {
        "form": form,
        "legs": legs,
        "direction": kind,
        "demand": demand,
        "has_prices": prices.is_told(kind.code),
        "heading": demand.title,
    }
    return render(request, "demands/edit.html", context)


@require_POST
@login_required
def move(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move not in demands.MOVES:
        raise Http404
    moved = demands.MOVES[move](code, by=actor(request), at=now())
    messages.success(request, _("Now: %(state)s.") % {"state": words.state_word(moved.state)[0]})
    return redirect("demand", code)


def _listing_like(request: HttpRequest, kind: Any) -> Any:
    """Return the published listing of this direction that a new need is written for, or None."""
    try:
        code = UUID(request.GET.get("like", ""))
    except ValueError:
        return None
    found = listings.visible_to(actor(request)).filter(code=code, direction=kind.code).first()
    return found if found and found.state == ListingState.PUBLISHED else None


def _forms(request: HttpRequest, kind: Any, demand: Any = None, *, like: Any = None) -> tuple[DemandForm, Any]:
    """Return the form and, where the direction has legs, the formset of parts; both filled as one listing has it."""
    initial, parts = demand_like(like) if like else (None, None)
    if demand:
        initial, parts = DemandForm.initial_of(demand), [LegForm.initial_of(leg, kind) for leg in demand.legs.all()]
    form = DemandForm(request.POST or None, direction=kind, initial=initial)
    if not kind.has_legs:
        return form, None
    return form, LegFormSet(request.POST or None, prefix="legs", initial=parts, form_kwargs={"direction": kind})


def _are_valid(form: DemandForm, legs: Any) -> bool:
    """Check both, so that all faults show at once."""
    return all([form.is_valid(), legs is None or legs.is_valid()])


def _legs(legs: Any) -> list[Any]:
    if legs is None:
        return []
    return [form.leg() for form in legs if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _after_saving(request: HttpRequest, demand: Any) -> HttpResponse:
    """Publish when that was asked for; a refusal to publish keeps what was saved and says what is missing."""
    if request.POST.get("then") == "publish":
        try:
            demands.publish(demand.code, by=actor(request), at=now())
        except Refused as error:
            as_message(request, error)
            return redirect("demand", demand.code)
        messages.success(request, _("Published: the next match round looks at it."))
    else:
        messages.success(request, _("Saved."))
    return redirect("demand", demand.code)

"""Listings: the page, one's own list, the editor, the hours, and the moves."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.core.levels import needed_to_deal
from common.errors import Refused
from credit.selectors import standing
from frontend import map_content, words
from frontend.forms import attributes
from frontend.forms.listings import ListingForm
from frontend.pagination import page_of
from frontend.refusals import as_message
from frontend.requests import actor, now
from frontend.views import tentative
from marketplace.core.listing_states import ListingState
from marketplace.directions import CODES, DIRECTIONS, Direction, described, direction
from marketplace.selectors import listings as select
from marketplace.selectors import prices, slots
from marketplace.services import listings

WEEK = timedelta(days=7)


@require_GET
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    viewer = actor(request)
    listing = select.get(code, viewer=viewer)
    kind = direction(listing.direction)
    is_own = listing.owner_id == viewer.organisation_id
    first = _monday_of(request.GET.get("week", ""))
    calendar = slots.calendar(listing, first, days=7, at=now())
    context = {
        "listing": listing,
        "direction": kind,
        "attributes": described(kind.offer, listing.attributes),
        "calendar": calendar,
        "hours": [f"{timezone.localtime(cell.start):%H}" for cell in calendar[0].cells],
        "previous_week": first - WEEK if first > _monday_of("") else None,
        "next_week": first + WEEK,
        "content": map_content.of_places([listing]),
        "place_text": " ".join(filter(None, [words.place(listing.division_code), listing.address])),
        "standing": standing.of([listing.owner_id])[listing.owner_id],
        "verified_level": needed_to_deal(listing.owner.kind),
        "usual": prices.usual(listing.family, listing.owner.division_code),
        "smallest_fen": None if listing.price_fen is None else _smallest_fen(listing),
        "photos": listing.photos.all(),
        "documents": select.documents(listing, viewer=viewer),
        "is_own": is_own,
        "moves_open": [name for name in select.open_moves(listing, viewer) if name in listings.MOVES],
        "versions": select.versions(code, viewer=viewer) if is_own else (),
        "section": "search",
        **((tentative.listing_panel(listing, viewer=viewer) if is_own else None) or {}),
    }
    return render(request, "listings/page.html", context)


@require_GET
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("state", "")
    states = [ListingState.DRAFT, ListingState.PUBLISHED, ListingState.PAUSED, ListingState.CLOSED]
    page = page_of(request, select.own(actor(request), state=chosen if chosen in states else ""))
    return render(request, "listings/mine.html", {"page": page, "states": states, "chosen_state": chosen})


@require_GET
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("Offer idle capacity"),
        "lead": _("Which kind is it? Each direction asks what its own trade asks."),
        "directions": DIRECTIONS,
        "target": "listing-new-in",
    }
    return render(request, "listings/choose.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, direction_code: str) -> HttpResponse:
    kind = known_direction(direction_code)
    form = ListingForm(request.POST or None, direction=kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = listings.create_draft(kind.code, form.content(), by=actor(request), at=now())
        except Refused as error:
            attributes.refuse(form, error)
        else:
            return _after_saving(request, made)
    context = {
        "form": form,
        "direction": kind,
        "has_prices": prices.is_told(kind.code),
        "heading": _("Offer idle capacity"),
    }
    return render(request, "listings/edit.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, code: UUID) -> HttpResponse:
    listing = select.own(actor(request)).get(code=code)
    kind = direction(listing.direction)
    form = ListingForm(request.POST or None, direction=kind, initial=ListingForm.initial_of(listing))
    if request.method == "POST" and form.is_valid():
        try:
            listing = listings.edit(code, form.content(), by=actor(request), at=now())
        except Refused as error:
            attributes.refuse(form, error)
        else:
            return _after_saving(request, listing)
    context = {
        "form": form,
        "direction": kind,
        "listing": listing,
        "has_prices": prices.is_told(kind.code),
        "heading": listing.title,
    }
    return render(request, "listings/edit.html", context)


@require_POST
@login_required
def move(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move not in listings.MOVES:
        raise Http404
    moved = listings.MOVES[move](code, by=actor(request), at=now())
    messages.success(request, _("Now: %(state)s.") % {"state": words.state_word(moved.state)[0]})
    return redirect("listing", code)


def known_direction(code: str) -> Direction:
    """Return the direction called `code`, or answer 404."""
    if code not in CODES:
        raise Http404
    return direction(code)


def _after_saving(request: HttpRequest, listing: Any) -> HttpResponse:
    """Publish when that was asked for; a refusal to publish keeps what was saved and says what is missing."""
    if request.POST.get("then") == "publish":
        try:
            listings.publish(listing.code, by=actor(request), at=now())
        except Refused as error:
            as_message(request, error)
            return redirect("listing", listing.code)
        messages.success(request, _("Published: it can be found now."))
    else:
        messages.success(request, _("Saved."))
    return redirect("listing", listing.code)


def _monday_of(asked: str) -> date:
    """Return the Monday of the asked day, or of today when it is no day or lies in the past."""
    today = timezone.localdate()
    try:
        day = max(date.fromisoformat(asked), today)
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def _smallest_fen(listing: Any) -> int:
    total: int = listing.minimum_lot * listing.price_fen + listing.setup_fee_fen
    return total

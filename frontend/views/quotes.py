"""Inquiries and quotes on pages: ask, quote, bargain, compare, award."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refused
from frontend import refusals
from frontend.forms.deals import CounterForm, InquiryForm, OfferForm, QuoteForm
from frontend.forms.requests import MilestoneFormSet
from frontend.pagination import page_of
from frontend.requests import actor, now
from marketplace.core.parts import MilestonePlan
from marketplace.directions import Lifecycle, direction
from marketplace.selectors import demands as demand_reads
from marketplace.selectors import quotes as select
from marketplace.services import inquiries, quotes

if TYPE_CHECKING:
    from marketplace.models import Demand, Inquiry, Quote

USUAL_TIME = timedelta(days=7)


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """What takes quotes, what one has asked, what one has quoted."""
    viewer, show = actor(request), request.GET.get("show", "open")
    if show == "own":
        page = page_of(request, select.inquiries_of(viewer))
    elif show == "given":
        page = page_of(request, select.quotes_of(viewer))
    else:
        show, page = "open", page_of(request, select.open_inquiries(at=now()))
    return render(request, "quotes/index.html", {"page": page, "show": show, "section": "quotes"})


@require_http_methods(["GET", "POST"])
@login_required
def ask(request: HttpRequest, code: UUID) -> HttpResponse:
    """Call for quotes on one's own demand."""
    demand = demand_reads.get(code, viewer=actor(request))
    if demand.owner_id != actor(request).organisation_id:
        raise Http404
    initial = {"closes_at": demand.deadline_at or _round(now() + USUAL_TIME), "quantity": demand.quantity}
    form = InquiryForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            made = inquiries.open_for(code, **form.cleaned_data, by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            flash.success(request, _("Providers can quote now."))
            return redirect("inquiry", made.code)
    context = {
        "demand": demand,
        "form": form,
        "is_sealed": direction(demand.direction).is_sealed,
        "section": "quotes",
    }
    return render(request, "quotes/ask.html", context)


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    """The quotes of one inquiry side by side, as far as the viewer may read them."""
    return _shown(request, code, {})


def _shown(request: HttpRequest, code: UUID, refused: dict[UUID, CounterForm]) -> HttpResponse:
    """Show an inquiry with a form for each counter-offer that may be made, empty or as it was refused."""
    viewer = actor(request)
    inquiry = select.inquiry(code, viewer=viewer)
    is_own = viewer.organisation_id == inquiry.consumer_id
    rows = select.compare(inquiry, viewer=viewer, at=now())
    context = {
        "inquiry": inquiry,
        "demand": inquiry.demand,
        "rows": rows,
        "counter_forms": {row.quote.code: _counter_form(row.quote.code) for row in rows} | refused,
        "is_own": is_own,
        "is_sealed": select.is_sealed(inquiry, at=now()),
        "takes_quotes": inquiry.state == "open" and inquiry.closes_at > now(),
        "section": "quotes",
    }
    return render(request, "quotes/page.html", context, status=400 if refused else 200)


def _counter_form(code: UUID, sent: QueryDict | None = None) -> CounterForm:
    return CounterForm(sent, auto_id=f"counter-{code}-%s")


@require_POST
@login_required
def close(request: HttpRequest, code: UUID) -> HttpResponse:
    inquiries.close(code, by=actor(request), at=now())
    return redirect("inquiry", code)


@require_http_methods(["GET", "POST"])
@login_required
def offer(request: HttpRequest, code: UUID) -> HttpResponse:
    """Quote on a demand; one that was only published becomes an inquiry with its first quote."""
    demand = demand_reads.get(code, viewer=actor(request))
    found = select.open_inquiry_of(demand)
    return redirect("quote-give", found.code) if found else _give(request, demand, None)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, code: UUID) -> HttpResponse:
    """Quote on an inquiry from one of one's own listings."""
    inquiry = select.inquiry(code, viewer=actor(request))
    return _give(request, inquiry.demand, inquiry)


def _give(request: HttpRequest, demand: "Demand", inquiry: "Inquiry | None") -> HttpResponse:
    listings = select.listings_to_quote_from(demand, inquiry, viewer=actor(request))
    own = [(str(row.code), row.title) for row in listings]
    closes_at = inquiry.closes_at if inquiry else demand.deadline_at or now() + inquiries.UNLESS_SAID
    form = QuoteForm(request.POST or None, listings=own, initial=_first_offer(demand, closes_at))
    plans = _plans(request, demand.direction)
    if form.is_valid() and (plans is None or plans.is_valid()):
        try:
            found = inquiry or inquiries.for_offer(demand.code, by=actor(request), at=now())
            given = form.offer(_milestones(plans))
            quotes.submit(found.code, UUID(form.cleaned_data["listing"]), given, by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            flash.success(request, _("Your quote is given."))
            return redirect("inquiry", found.code)
    context = {
        "inquiry": inquiry,
        "demand": demand,
        "quantity": inquiry.quantity if inquiry else demand.quantity,
        "closes_at": closes_at,
        "is_sealed": direction(demand.direction).is_sealed,
        "form": form,
        "plans": plans,
        "has_listings": bool(own),
        "section": "quotes",
    }
    return render(request, "quotes/offer.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    """Revise one's quote, or answer a counter-offer with what now stands."""
    quote = select.get(code, viewer=actor(request), at=now())
    if move not in select.moves(quote, actor(request), at=now()):
        raise Http404
    form = OfferForm(request.POST or None, initial=_standing_offer(quote))
    plans = _plans(request, quote.inquiry.demand.direction, quotes.plans(quote))
    if form.is_valid() and (plans is None or plans.is_valid()):
        act = quotes.revise if move == "revise" else quotes.answer
        try:
            act(code, form.offer(_milestones(plans)), by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            flash.success(request, _("Your offer now stands like this."))
            return redirect("inquiry", quote.inquiry.code)
    context = {
        "inquiry": quote.inquiry,
        "demand": quote.inquiry.demand,
        "quote": quote,
        "quantity": quote.quantity,
        "closes_at": quote.inquiry.closes_at,
        "is_sealed": quote.inquiry.is_sealed,
        "form": form,
        "plans": plans,
        "has_listings": True,
        "section": "quotes",
    }
    return render(request, "quotes/offer.html", context)


@require_POST
@login_required
def move(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move == "award":
        order = quotes.award(code, by=actor(request), at=now())
        flash.success(request, _("Awarded: the order is made."))
        return redirect("order", order.code)
    if move == "counter":
        form = _counter_form(code, request.POST)
        if not form.is_valid():
            return _shown(request, select.get(code, viewer=actor(request), at=now()).inquiry.code, {code: form})
        quote = quotes.counter(code, **form.cleaned_data, by=actor(request), at=now())
    elif move == "decline":
        quote = quotes.decline(code, by=actor(request), at=now())
    elif move == "withdraw":
        quote = quotes.withdraw(code, by=actor(request), at=now())
    else:
        raise Http404
    return redirect("inquiry", quote.inquiry.code)


def _round(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _first_offer(demand: "Demand", closes_at: datetime) -> dict[str, object]:
    """Return what the demand already says of an offer's times."""
    start = _round(max(closes_at, now()) + timedelta(days=1))
    wanted = demand.period
    begin = max(start, wanted.lower) if wanted and wanted.lower else start
    end = wanted.upper if wanted and wanted.upper and wanted.upper > begin else begin + timedelta(days=14)
    return {"starts_at": begin, "ends_at": end, "valid_until": _round(closes_at + USUAL_TIME)}


def _standing_offer(quote: "Quote") -> dict[str, object]:
    wanted = quote.counter_unit_price_fen
    return {
        "unit_price_fen": quote.unit_price_fen if wanted is None else wanted,
        "setup_fen": quote.setup_fen,
        "starts_at": quote.starts_at,
        "ends_at": quote.ends_at,
        "valid_until": quote.valid_until,
        "note": quote.note,
    }


def _plans(request: HttpRequest, code: str, stand: tuple[MilestonePlan, ...] = ()) -> BaseFormSet | None:
    """Return the rows of milestones where the direction's deals have them."""
    if direction(code).lifecycle != Lifecycle.MILESTONES:
        return None
    initial = [{"title": plan.title, "due_at": plan.due_at, "amount_fen": plan.amount_fen} for plan in stand]
    return MilestoneFormSet(request.POST or None, initial=initial, prefix="milestones")


def _milestones(plans: BaseFormSet | None) -> list[MilestonePlan]:
    if plans is None:
        return []
    rows = [row for row in plans.cleaned_data if row and not row.get("DELETE")]
    return [MilestonePlan(row["title"], row["due_at"], row["amount_fen"]) for row in rows]

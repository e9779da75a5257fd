"""Bookings, milestones and deliveries on pages: choosing times, using, handing in, shipping, accepting."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refused
from common.uploads import MOST_BYTES
from frontend.downloads import download
from frontend.forms.deals import part_form
from frontend.refusals import at_form
from frontend.requests import actor, now
from frontend.views.orders import FailedPart, shown
from marketplace.core.opening import SHANGHAI
from marketplace.core.parts import Slot
from marketplace.selectors import milestones as milestone_reads
from marketplace.selectors import orders as order_reads
from marketplace.selectors import slots as slot_reads
from marketplace.services import bookings, deliveries, milestones

if TYPE_CHECKING:
    from marketplace.models import Order

DAYS = 7
HOUR = timedelta(hours=1)
READ_AT_MOST = MOST_BYTES + 1
MILESTONE_STEPS: dict[str, Callable[..., object]] = {
    "accept": milestones.accept,
    "ask_rework": milestones.ask_rework,
    "submit": milestones.submit,
}
DELIVERY_STEPS: dict[str, Callable[..., object]] = {
    "ship": deliveries.ship,
    "accept": deliveries.accept,
    "return": deliveries.send_back,
}


@require_http_methods(["GET", "POST"])
@login_required
def book(request: HttpRequest, code: UUID) -> HttpResponse:
    """Choose free hours of the listing under an agreed order; hours side by side become one booking."""
    deal = order_reads.deal(code, viewer=actor(request))
    listing = deal.order.listing
    if listing is None:
        raise Http404
    if request.method == "POST":
        made = bookings.reserve(code, _slots(request.POST.getlist("hour")), by=actor(request), at=now())
        flash.success(request, _("%(count)s times are booked.") % {"count": len(made)})
        return redirect("order", code)
    today = now().astimezone(SHANGHAI).date()
    first = max(_day(request.GET.get("from", "")) or _first_day(deal.order, today), today)
    days = slot_reads.calendar(listing, first, days=DAYS, at=now())
    context = {
        "order": deal.order,
        "days": days,
        "hours": [cell.start for cell in days[0].cells],
        "hours_left": order_reads.hours_left(deal),
        "first": first,
        "previous": first - timedelta(days=DAYS) if first > today else None,
        "next": first + timedelta(days=DAYS),
        "section": "orders",
    }
    return render(request, "orders/book.html", context)


@require_POST
@login_required
def move_booking(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move == "start":
        booking = bookings.start(code, by=actor(request), at=now())
    elif move == "finish":
        booking = bookings.finish(code, by=actor(request), at=now())
    elif move == "miss":
        booking = bookings.miss(code, by=actor(request), at=now())
    elif move == "cancel":
        booking = bookings.cancel(code, by=actor(request), at=now())
    else:
        raise Http404
    return redirect("order", booking.order.code)


@require_POST
@login_required
def move_milestone(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move not in MILESTONE_STEPS:
        raise Http404
    return _step(request, "milestone", code, move, MILESTONE_STEPS[move])


@require_POST
@login_required
def move_delivery(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move not in DELIVERY_STEPS:
        raise Http404
    return _step(request, "delivery", code, move, DELIVERY_STEPS[move])


def _step(request: HttpRequest, kind: str, code: UUID, move: str, act: Callable[..., object]) -> HttpResponse:
    """Take a step of a part; what is refused comes back at its field with all that was typed."""
    order = order_reads.holding(code, viewer=actor(request))
    form = part_form(kind, move, code, request.POST, request.FILES)
    if form is None:
        act(code, by=actor(request), at=now())
        return redirect("order", order.code)
    if form.is_valid():
        try:
            act(code, **_given(form), by=actor(request), at=now())
        except Refused as error:
            if error.field not in form.fields:  # not about what was typed: the step itself is no longer open
                raise
            at_form(form, error)
        else:
            return redirect("order", order.code)
    return shown(request, order.code, failed=FailedPart(code, move, form))


@require_GET
@login_required
def milestone_file(request: HttpRequest, code: UUID) -> FileResponse:
    """Hand out what was handed in, to be kept and never to be opened as a page of ours."""
    found = milestone_reads.with_file(code, viewer=actor(request))
    return download(found.file, found.file_name)


def _given(form: Form) -> dict[str, Any]:
    """Return what a step's service takes; a file as its bytes, read no further than one that is too large."""
    given = dict(form.cleaned_data)
    if "file" in given:
        file = given.pop("file")
        given |= {"upload": file.read(READ_AT_MOST), "upload_name": file.name} if file else {}
    return given


def _slots(texts: list[str]) -> list[Slot]:
    """Join chosen hours that touch into slots."""
    starts = sorted(start for text in texts if (start := _instant(text)))
    slots: list[Slot] = []
    for start in starts:
        if slots and slots[-1].end == start:
            slots[-1] = Slot(slots[-1].start, start + HOUR)
        else:
            slots.append(Slot(start, start + HOUR))
    return slots


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _first_day(order: "Order", today: date) -> date:
    return max(order.period.lower.astimezone(SHANGHAI).date(), today) if order.period else today

"""Bookings, milestones and deliveries on pages: choosing times, using, handing in, shipping, accepting."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend.forms.deals import AcceptDeliveryForm, ShipForm, SubmitForm
from frontend.requests import actor, now
from marketplace.core.opening import SHANGHAI
from marketplace.core.parts import Slot
from marketplace.selectors import milestones as milestone_reads
from marketplace.selectors import orders as order_reads
from marketplace.selectors import slots as slot_reads
from marketplace.services import bookings, deliveries, milestones

if TYPE_CHECKING:
    from marketplace.models import Milestone, Order

DAYS = 7
HOUR = timedelta(hours=1)


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
    if move == "accept":
        milestone = milestones.accept(code, by=actor(request), at=now())
    elif move == "ask_rework":
        reason = request.POST.get("reason", "")
        milestone = milestones.ask_rework(code, reason=reason, by=actor(request), at=now())
    elif move == "submit":
        milestone = _submit(request, code)
    else:
        raise Http404
    return redirect("order", milestone.order.code)


@require_POST
@login_required
def move_delivery(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move == "ship":
        form = ShipForm(request.POST)
        waybill = form.cleaned_data["waybill"] if form.is_valid() else ""
        delivery = deliveries.ship(code, waybill=waybill, by=actor(request), at=now())
    elif move == "accept":
        good = AcceptDeliveryForm(request.POST)
        quantity = good.cleaned_data["quantity"] if good.is_valid() else None
        delivery = deliveries.accept(code, quantity=quantity, by=actor(request), at=now())
    elif move == "return":
        reason = request.POST.get("reason", "")
        delivery = deliveries.send_back(code, reason=reason, by=actor(request), at=now())
    else:
        raise Http404
    return redirect("order", delivery.order.code)


@require_GET
@login_required
def milestone_file(request: HttpRequest, code: UUID) -> FileResponse:
    found = milestone_reads.with_file(code, viewer=actor(request))
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.file_name)


def _submit(request: HttpRequest, code: UUID) -> "Milestone":
    form = SubmitForm(request.POST, request.FILES)
    form.is_valid()  # whatever does not fit is left out; the service judges the rest
    file = form.cleaned_data.get("file")
    return milestones.submit(
        code,
        note=form.cleaned_data.get("note", ""),
        upload=file.read() if file else None,
        upload_name=file.name if file else "",
        by=actor(request),
        at=now(),
    )


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

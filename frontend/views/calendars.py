"""One's own bookings as a list and as a feed that calendar programs subscribe to."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend import icalendar
from frontend.pagination import page_of
from frontend.requests import actor, now
from marketplace.selectors import bookings as booking_reads
from marketplace.selectors import calendar_feeds as feed_reads
from marketplace.services import calendar_feeds

if TYPE_CHECKING:
    from marketplace.models import Booking

SHOWN_AFTER = timedelta(days=90)  # calendar programs keep what they have seen


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    viewer = actor(request)
    upcoming = booking_reads.for_calendar(viewer.organisation_id, since=now()) if viewer.organisation_id else []
    context = {
        "page": page_of(request, upcoming),
        "feed": feed_reads.of(viewer),
        "address": request.session.pop("calendar_address", ""),
        "section": "orders",
    }
    return render(request, "orders/calendar.html", context)


@require_POST
@login_required
def renew(request: HttpRequest) -> HttpResponse:
    token = calendar_feeds.renew(by=actor(request), at=now())
    # Shown once, on the next page; only its hash is kept.
    request.session["calendar_address"] = settings.SITE_URL + reverse("calendar-feed", args=[token])
    return redirect("calendar")


@require_POST
@login_required
def revoke(request: HttpRequest) -> HttpResponse:
    calendar_feeds.revoke(by=actor(request), at=now())
    flash.success(request, _("The address no longer works."))
    return redirect("calendar")


@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The bookings of one organisation as iCalendar; whoever holds the address may read it."""
    found = feed_reads.by_token(token)
    bookings = booking_reads.for_calendar(found.organisation_id, since=now() - SHOWN_AFTER)
    body = icalendar.calendar(
        _("Yuli: bookings of %(name)s") % {"name": found.organisation.name},
        [_event(booking, at=now()) for booking in bookings],
    )
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    response["X-Robots-Tag"] = "noindex"
    return response


def _event(booking: "Booking", *, at: datetime) -> icalendar.Event:
    return icalendar.Event(
        uid=f"{booking.code}@yuli",
        start=booking.period.lower,
        end=booking.period.upper,
        summary=booking.order.title,
        location=booking.listing.address,
        url=settings.SITE_URL + reverse("order", args=[booking.order.code]),
        is_certain=booking.state != "requested",
        stamped_at=at,
    )

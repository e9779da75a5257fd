"""When a listing is open: its weekly hours and the exceptions to them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Refused
from frontend.forms.listings import ExceptionForm, HoursFormSet, clock
from frontend.refusals import as_message, at_form
from frontend.requests import actor, now
from marketplace.core.opening import WeeklyHours
from marketplace.selectors import availability as select
from marketplace.selectors import listings
from marketplace.services import availability


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show and replace the weekly hours."""
    listing = listings.own(actor(request)).get(code=code)
    weekly = HoursFormSet(request.POST or None, prefix="weekly", initial=_initial(listing))
    if request.method == "POST" and weekly.is_valid():
        try:
            availability.set_weekly(code, _hours(weekly), by=actor(request), at=now())
        except Refused as error:
            as_message(request, error)
        else:
            messages.success(request, _("The hours are saved."))
            return redirect("listing-hours", code)
    return _render(request, listing, weekly, ExceptionForm())


@require_POST
@login_required
def add_exception(request: HttpRequest, code: UUID) -> HttpResponse:
    listing = listings.own(actor(request)).get(code=code)
    form = ExceptionForm(request.POST)
    if form.is_valid():
        try:
            availability.add_exception(code, **form.cleaned_data, by=actor(request), at=now())
        except Refused as error:
            at_form(form, error, "end")
        else:
            messages.success(request, _("The exception is saved."))
            return redirect("listing-hours", code)
    return _render(request, listing, HoursFormSet(prefix="weekly", initial=_initial(listing)), form)


@require_POST
@login_required
def remove_exception(request: HttpRequest, code: UUID, exception: UUID) -> HttpResponse:
    availability.remove_exception(code, exception, by=actor(request), at=now())
    return redirect("listing-hours", code)


def _render(request: HttpRequest, listing: Any, weekly: Any, form: ExceptionForm) -> HttpResponse:
    context = {
        "listing": listing,
        "weekly": weekly,
        "exceptions": select.exceptions(listing, at=now()),
        "exception_form": form,
    }
    return render(request, "listings/hours.html", context)


def _initial(listing: Any) -> list[dict[str, Any]]:
    return [
        {"weekday": rule.weekday, "start": clock(rule.start_minute), "end": clock(rule.end_minute)}
        for rule in select.weekly(listing)
    ]


def _hours(weekly: Any) -> list[WeeklyHours]:
    return [
        WeeklyHours(form.cleaned_data["weekday"], form.cleaned_data["start_minute"], form.cleaned_data["end_minute"])
        for form in weekly
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]

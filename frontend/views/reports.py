"""Reports of unlawful listings and needs: handing in, following one's own, and the staff's steps."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refused
from frontend import refusals
from frontend.forms.governance import ReportForm, ReportStepForm
from frontend.pagination import page_of
from frontend.requests import actor, now
from governance import policies
from governance.core.report_states import ReportCategory
from governance.selectors import reports as select
from governance.services import reports
from marketplace.selectors import demands, listings


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/index.html", {"page": page_of(request, select.own(actor(request)))})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    listing_code, demand_code = _uuid(request, "listing"), _uuid(request, "demand")
    if (listing_code is None) == (demand_code is None):
        raise Http404
    listing = listings.get(listing_code, viewer=by) if listing_code else None
    demand = demands.get(demand_code, viewer=by) if demand_code else None
    form = ReportForm(request.POST or None)
    if form.is_valid():
        category = ReportCategory(form.cleaned_data["category"])
        try:
            made = reports.file(
                listing_code=listing_code,
                demand_code=demand_code,
                category=category,
                text=form.cleaned_data["text"],
                by=by,
                at=now(),
            )
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Thank you. Nobody on the other side learns that it was you."))
            return redirect("report", made.code)
    return render(request, "reports/new.html", {"form": form, "subject": listing or demand})


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    return _page(request, code, ReportStepForm())


@require_POST
@login_required
def move(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    form = ReportStepForm(request.POST)
    if form.is_valid():
        try:
            reports.move(code, move, text=form.cleaned_data["text"], by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Done."))
            return redirect("report", code)
    return _page(request, code, form, status=400)


def _page(request: HttpRequest, code: UUID, form: ReportStepForm, status: int = 200) -> HttpResponse:
    by = actor(request)
    report = select.get(code, viewer=by)
    context = {
        "report": report,
        "moves": select.open_moves(report, by),
        "is_staff": bool(policies.report_parties(by)),
        "form": form,
        "now": now(),
    }
    return render(request, "reports/page.html", context, status=status)


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    value = request.GET.get(name, "")
    try:
        return UUID(value) if value else None
    except ValueError as error:
        raise Http404 from error

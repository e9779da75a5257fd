"""The staff's desk: one queue of work with clocks."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors import verification
from common.errors import Refused
from credit.selectors import ledger, rings
from credit.services import ledger as ledger_writes
from credit.services import rings as ring_writes
from frontend import refusals
from frontend.forms.governance import DecisionForm, ReasonForm
from frontend.requests import actor, now
from governance.selectors import complaints, reports
from matching.selectors import tentative

_LONGEST = 50


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    if not by.is_staff:
        raise PermissionDenied
    at = now()
    waiting = list(complaints.queue(by)[:_LONGEST])
    reported = list(reports.queue(by)[:_LONGEST])
    clocks = [*(row.due_at for row in waiting), *(row.due_at for row in reported)]
    context = {
        "complaints": waiting,
        "reports": reported,
        "objections": ledger.open_objections(by)[:_LONGEST],
        "alerts": rings.open_alerts(by)[:_LONGEST],
        "verifications": verification.queue(by).count(),
        "live": tentative.figures() if by.is_operator else None,
        "late": sum(due_at is not None and due_at <= at for due_at in clocks),
        "now": at,
    }
    return render(request, "desk/page.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def objection(request: HttpRequest, code: UUID) -> HttpResponse:
    by = actor(request)
    found = ledger.objection(by, code)
    if not by.is_staff:
        raise PermissionDenied
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            ledger_writes.decide(
                code, upheld="uphold" in request.POST, answer=form.cleaned_data["answer"], by=by, at=now()
            )
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Decided; the standing is computed anew."))
            return redirect("desk")
    return render(request, "desk/objection.html", {"objection": found, "form": form})


@require_POST
@login_required
def alert(request: HttpRequest, code: UUID) -> HttpResponse:
    rings.alert(code, viewer=actor(request))
    form = ReasonForm(request.POST)
    if form.is_valid():
        ring_writes.decide(
            code, confirmed="confirm" in request.POST, reason=form.cleaned_data["reason"], by=actor(request), at=now()
        )
        messages.success(request, _("Decided; the standings are computed anew."))
    return redirect("desk")

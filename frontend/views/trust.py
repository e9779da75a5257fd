"""What anyone may read about trust: the platform's own figures and rules; and one's own ledger."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.selectors import organisations
from common.errors import Refused
from credit import policies
from credit.selectors import ledger, restrictions, rules
from credit.selectors import standing as standings
from credit.services import ledger as ledger_writes
from frontend import refusals
from frontend.forms.governance import ReasonForm
from frontend.pagination import page_of
from frontend.requests import actor, now
from governance.selectors import figures, limits


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    at = now()
    context = {
        "figures": figures.platform(at=at),
        "limits": limits.current(at),
        "rules": rules.in_force(at),
        "grades": standings.grade_counts(),
        "at": at,
    }
    return render(request, "trust/page.html", context)


@require_GET
@login_required
def own(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    organisation_id = by.own_organisation_id
    context = {
        "organisation": organisations.by_id(organisation_id),
        "standing": standings.of([organisation_id])[organisation_id],
        "history": standings.history(organisation_id)[-12:],
        "restrictions": restrictions.of(organisation_id, at=now()),
        "page": page_of(request, ledger.visible_to(by, organisation_id)),
        "may_object": policies.may_object(by, organisation_id),
    }
    return render(request, "standing/page.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def contest(request: HttpRequest, code: UUID) -> HttpResponse:
    by = actor(request)
    event = ledger.get(code, viewer=by)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            ledger_writes.contest(code, reason=form.cleaned_data["reason"], by=by, at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Your objection is filed. A person of the platform will answer it."))
            return redirect("standing")
    return render(request, "standing/contest.html", {"event": event, "form": form})

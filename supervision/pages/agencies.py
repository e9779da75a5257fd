"""The operators' side of supervision: which authorities are admitted, what they read, who and what reads for them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors import users
from common.errors import Refused
from supervision.pages import words
from supervision.pages.entry import actor, for_operators, now, token_address
from supervision.pages.forms import AccessForm, AgencyForm, ClientForm, OfficerForm, TerritoryForm
from supervision.selectors import agencies as select
from supervision.services import agencies


@require_GET
@for_operators
def index(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "agency": agency,
            "level": words.LEVELS[agency.level],
            "places": [words.place(code) for code in agency.division_codes],
        }
        for agency in select.managed_by(actor(request))
    ]
    return render(request, "supervision/agencies.html", {"rows": rows, "section": "supervision"})


@require_http_methods(["GET", "POST"])
@for_operators
def new(request: HttpRequest) -> HttpResponse:
    form = AgencyForm(request.POST or None)
    if form.is_valid():
        try:
            made = agencies.create(**form.cleaned_data, by=actor(request), at=now())
        except Refused as error:
            _at(form, error)
        else:
            messages.success(request, _("The authority is admitted. Now add its officers and its machines."))
            return redirect("supervision:agency", made.code)
    return render(request, "supervision/agency_new.html", {"form": form, "section": "supervision"})


@require_GET
@for_operators
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    return _page(request, code)


@require_POST
@for_operators
def set_access(request: HttpRequest, code: UUID) -> HttpResponse:
    form = AccessForm(request.POST)
    if not form.is_valid():
        return _page(request, code, access_form=form)
    agency = select.managed_by(actor(request)).get(code=code)
    scopes = form.cleaned_data["scopes"]
    agencies.set_access(code, scopes=scopes, is_active=agency.is_active, by=actor(request), at=now())
    messages.success(request, _("Saved; it holds at once, for tokens already issued too."))
    return redirect("supervision:agency", code)


@require_POST
@for_operators
def set_territory(request: HttpRequest, code: UUID) -> HttpResponse:
    form = TerritoryForm(request.POST)
    if form.is_valid():
        try:
            agencies.set_territory(code, **form.cleaned_data, by=actor(request), at=now())
        except Refused as error:
            _at(form, error)
        else:
            messages.success(request, _("Saved; it holds at once, for tokens already issued too."))
            return redirect("supervision:agency", code)
    return _page(request, code, territory_form=form)


@require_POST
@for_operators
def suspend(request: HttpRequest, code: UUID) -> HttpResponse:
    _set_active(request, code, is_active=False)
    messages.success(request, _("Suspended: its officers and machines read nothing any more."))
    return redirect("supervision:agency", code)


@require_POST
@for_operators
def resume(request: HttpRequest, code: UUID) -> HttpResponse:
    _set_active(request, code, is_active=True)
    messages.success(request, _("It may read again."))
    return redirect("supervision:agency", code)


@require_POST
@for_operators
def add_officer(request: HttpRequest, code: UUID) -> HttpResponse:
    agency = select.managed_by(actor(request)).get(code=code)
    form = OfficerForm(request.POST)
    if form.is_valid():
        user = users.by_email(form.cleaned_data["email"])
        if user is not None:
            agencies.add_officer(agency, user_id=user.pk, by=actor(request), at=now())
            messages.success(request, _("%(name)s reads for the authority now.") % {"name": user.display_name})
            return redirect("supervision:agency", code)
        form.add_error("email", _("Nobody is registered with this address; the officer registers first."))
    return _page(request, code, officer_form=form)


@require_POST
@for_operators
def end_officer(request: HttpRequest, code: UUID, user: UUID) -> HttpResponse:
    agencies.end_officer(code, user_code=user, by=actor(request), at=now())
    messages.success(request, _("This person reads for the authority no longer."))
    return redirect("supervision:agency", code)


@never_cache
@require_POST
@for_operators
def issue_client(request: HttpRequest, code: UUID) -> HttpResponse:
    """Issue credentials; the secret is shown on this answer and never again."""
    agency = select.managed_by(actor(request)).get(code=code)
    form, issued = ClientForm(request.POST), None
    if form.is_valid():
        try:
            issued = agencies.issue_client(agency, **form.cleaned_data, by=actor(request), at=now())
        except Refused as error:
            _at(form, error)
    return _page(request, code, issued=issued, client_form=ClientForm() if issued else form)


@never_cache
@require_POST
@for_operators
def rotate_secret(request: HttpRequest, code: UUID) -> HttpResponse:
    """Give a client a new secret, shown on this answer and never again."""
    issued = agencies.rotate_secret(code, by=actor(request), at=now())
    return _page(request, issued.client.agency.code, issued=issued)


@require_POST
@for_operators
def revoke_client(request: HttpRequest, code: UUID) -> HttpResponse:
    client = agencies.revoke_client(code, by=actor(request), at=now())
    messages.success(request, _("The client is revoked; its tokens have ended."))
    return redirect("supervision:agency", client.agency.code)


def _set_active(request: HttpRequest, code: UUID, *, is_active: bool) -> None:
    agency = select.managed_by(actor(request)).get(code=code)
    agencies.set_access(code, scopes=agency.scopes, is_active=is_active, by=actor(request), at=now())


def _page(request: HttpRequest, code: UUID, **shown: Any) -> HttpResponse:
    """Show an authority; `shown` replaces forms by those that were refused, or adds what was just issued."""
    viewer = actor(request)
    agency = select.managed_by(viewer).get(code=code)
    context = {
        "agency": agency,
        "level": words.LEVELS[agency.level],
        "places": [words.place(division) for division in agency.division_codes],
        "officers": select.officers_at(agency, viewer=viewer),
        "clients": select.clients_at(agency, viewer=viewer),
        "issued": None,
        "token_address": token_address(request),
        "access_form": AccessForm(initial={"scopes": agency.scopes}),
        "territory_form": TerritoryForm(initial={"division_codes": agency.division_codes}),
        "officer_form": OfficerForm(),
        "client_form": ClientForm(),
        "section": "supervision",
    }
    return render(request, "supervision/agency.html", context | shown)


def _at(form: forms.Form, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.sentence(_))

"""The organisations one belongs to: which to act for, making one, its members and invitations."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import policies
from accounts.core.actor import Actor, Role
from accounts.middleware import ACTING_FOR
from accounts.selectors import actors
from accounts.selectors import organisations as parties
from accounts.services import organisations
from common.errors import Refused
from frontend import refusals
from frontend.forms.parties import DescriptionForm, InvitationForm, OrganisationForm, RoleForm
from frontend.requests import actor, now


def _in(request: HttpRequest, code: UUID) -> Actor:
    """Return the user acting for the organisation that the address names, when it is theirs."""
    return actors.actor_for(request.user, code)


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    places = parties.memberships_of(actor(request))
    context = {"memberships": places, "acting_id": actor(request).organisation_id, "next": request.GET.get("next", "")}
    return render(request, "parties/index.html", context)


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    chosen = parties.of_user(request.POST.get("organisation", ""), viewer=actor(request)).organisation
    request.session[ACTING_FOR] = str(chosen.code)
    messages.success(request, _("You now act for %(name)s.") % {"name": chosen.name})
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted) if wanted and safe else redirect("me")


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            made = organisations.create(**form.description, by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            request.session[ACTING_FOR] = str(made.code)
            messages.success(request, _("%(name)s is there; you act for it now.") % {"name": made.name})
            return redirect("verification")
    return render(request, "parties/edit.html", {"form": form, "organisation": None})


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, code: UUID) -> HttpResponse:
    by = _in(request, code)
    organisation = parties.own(code, viewer=by).organisation
    fixed = organisation.is_person or organisation.verification_level > 0
    form_class = DescriptionForm if fixed else OrganisationForm
    form = form_class(request.POST or None, initial=form_class.initial_of(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            organisations.edit(code, form.description, by=by, at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation-edit", code)
    context = {
        "form": form,
        "organisation": organisation,
        "may_edit": policies.may_edit(by, organisation),
        "tab": "edit",
    }
    return render(request, "parties/edit.html", context)


@require_GET
@login_required
def members(request: HttpRequest, code: UUID) -> HttpResponse:
    by = _in(request, code)
    organisation = parties.own(code, viewer=by).organisation
    return render(request, "parties/members.html", _members_context(by, organisation) | {"form": InvitationForm()})


def _members_context(by: Actor, organisation: object) -> dict[str, object]:
    code = organisation.code  # type: ignore[attr-defined]
    return {
        "organisation": organisation,
        "members": parties.members(code, viewer=by),
        "invitations": parties.invitations(code, viewer=by),
        "may_govern": policies.may_govern(by, organisation),  # type: ignore[arg-type]
        "roles": RoleForm().fields["role"].choices,  # type: ignore[attr-defined]
        "own_user_id": by.user_id,
        "now": now(),
        "tab": "members",
    }


@require_POST
@login_required
def invite(request: HttpRequest, code: UUID) -> HttpResponse:
    by = _in(request, code)
    organisation = parties.own(code, viewer=by).organisation
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            organisations.invite(
                code, email=form.cleaned_data["email"], role=Role(form.cleaned_data["role"]), by=by, at=now()
            )
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return redirect("organisation-members", code)
    return render(request, "parties/members.html", _members_context(by, organisation) | {"form": form}, status=422)


@require_POST
@login_required
def withdraw_invitation(request: HttpRequest, code: UUID, invitation: UUID) -> HttpResponse:
    organisations.withdraw_invitation(invitation, by=_in(request, code), at=now())
    return redirect("organisation-members", code)


@require_POST
@login_required
def change_role(request: HttpRequest, code: UUID, member: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        organisations.change_role(member, role=Role(form.cleaned_data["role"]), by=_in(request, code), at=now())
        messages.success(request, _("Saved."))
    return redirect("organisation-members", code)


@require_POST
@login_required
def remove(request: HttpRequest, code: UUID, member: UUID) -> HttpResponse:
    organisations.remove(member, by=_in(request, code), at=now())
    still_in = actors.actor_for(request.user, code).organisation_id == parties.get(code).pk
    return redirect("organisation-members", code) if still_in else redirect("switch-party")


@require_http_methods(["GET", "POST"])
@login_required
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    if request.method == "GET":
        return render(request, "parties/accept.html", {"invitation": parties.invitation(secret, at=now())})
    membership = organisations.accept(secret, by=actor(request), at=now())
    request.session[ACTING_FOR] = str(membership.organisation.code)
    messages.success(request, _("You now act for %(name)s.") % {"name": membership.organisation.name})
    return redirect("me")

"""One's own account: where things stand, profile, keys for programs, one's data."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.core.levels import needed_to_deal
from accounts.selectors import notifications, organisations, personal_data, users
from accounts.selectors import tokens as keys
from accounts.services import registration, tokens
from common.errors import Refused
from frontend import refusals, words
from frontend.forms.account import KeyForm, ProfileForm
from frontend.requests import actor, now
from marketplace.selectors import orders
from matching.selectors import proposals


@require_GET
@login_required
def me(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    organisation = organisations.by_id(by.own_organisation_id)
    told = notifications.of(by, unread_only=True)[:5]
    context = {
        "organisation": organisation,
        "level_word": words.LEVELS[organisation.verification_level],
        "enough": organisation.verification_level >= needed_to_deal(organisation.kind),
        "orders": orders.counts(by),
        "proposals_open": proposals.open_for(by).count(),
        "told": [(notification, _(notification.message) % notification.params) for notification in told],
    }
    return render(request, "account/me.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    user = users.get(actor(request).own_user_id)
    known = {name: getattr(user, name) for name in ("display_name", "phone", "language")}
    form = ProfileForm(request.POST or None, initial=known)
    if form.is_valid():
        registration.edit_profile(**form.cleaned_data, by=actor(request), at=now())
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "account/profile.html", {"form": form, "user": user, "tab": "profile"})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def api_keys(request: HttpRequest) -> HttpResponse:
    form, secret = KeyForm(request.POST or None), ""
    if form.is_valid():
        try:
            _token, secret = tokens.create(**form.wish, by=actor(request), at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            form = KeyForm()
    acting_for = organisations.by_id(actor(request).own_organisation_id)
    context = {"form": form, "secret": secret, "keys": keys.of(actor(request)), "acting_for": acting_for, "tab": "keys"}
    return render(request, "account/keys.html", context | {"now": now()})


@require_POST
@login_required
def revoke_key(request: HttpRequest, code: UUID) -> HttpResponse:
    tokens.revoke(code, by=actor(request), at=now())
    messages.success(request, _("Withdrawn."))
    return redirect("api-keys")


@require_GET
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    return render(request, "account/data.html", {"tab": "data"})


@require_POST
@login_required
def my_data_file(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(
        personal_data.of(actor(request)), json_dumps_params={"ensure_ascii": False, "indent": 2, "default": str}
    )
    response["Content-Disposition"] = 'attachment; filename="yuli-my-data.json"'
    return response

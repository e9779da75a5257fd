"""Ratings: rating an order, replying to a rating, hiding unlawful words."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Refused
from frontend import refusals
from frontend.forms.governance import RatingForm, ReasonForm, ReplyForm
from frontend.governance_words import dimensions
from frontend.requests import actor, now
from governance.selectors import ratings as select
from governance.services import ratings
from marketplace.selectors import orders


@require_http_methods(["GET", "POST"])
@login_required
def rate(request: HttpRequest, code: UUID) -> HttpResponse:
    by = actor(request)
    order = orders.get(code, viewer=by)
    is_consumer = order.consumer_id == by.organisation_id
    form = RatingForm(request.POST if request.method == "POST" else None, of_provider=is_consumer)
    if request.method == "POST" and form.is_valid():
        try:
            ratings.submit(code, form.words, by=by, at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("Thank you. Your rating is sealed until the other side has rated too."))
            return redirect("order-rate", code)
    view = select.of_order(code, viewer=by, at=now())
    context = {
        "order": order,
        "view": view,
        "form": form,
        "own_dimensions": dimensions(of_provider=is_consumer),
        "other_dimensions": dimensions(of_provider=not is_consumer),
        "reply": ReplyForm(),
    }
    return render(request, "ratings/rate.html", context)


@require_POST
@login_required
def reply(request: HttpRequest, code: UUID) -> HttpResponse:
    by = actor(request)
    rating = select.get(code, viewer=by)
    form = ReplyForm(request.POST)
    if form.is_valid():
        ratings.reply(code, text=form.cleaned_data["text"], by=by, at=now())
        messages.success(request, _("Your reply is public now."))
    return redirect("order-rate", rating.order.code)


@require_http_methods(["GET", "POST"])
@login_required
def hide(request: HttpRequest, code: UUID) -> HttpResponse:
    by = actor(request)
    rating = select.to_hide(code, viewer=by)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            ratings.hide(code, reason=form.cleaned_data["reason"], by=by, at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            messages.success(request, _("The words are hidden; the stars stay."))
            return redirect("provider", rating.rated.code)
    return render(request, "ratings/hide.html", {"rating": rating, "form": form})

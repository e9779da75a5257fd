"""A buyer requests a listing: times, quantity or milestones, as its direction books, with the price itemised."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import Refused
from credit.selectors import standing
from frontend.forms.requests import MilestoneFormSet, Note, QuantityForm, SlotFormSet
from frontend.refusals import at_form
from frontend.requests import actor, now
from marketplace.core.parts import HOUR_UNIT, MilestonePlan, Slot
from marketplace.directions import Lifecycle, direction
from marketplace.selectors import listings as select
from marketplace.services import orders


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    listing = select.get(code, viewer=actor(request))
    asked = _Asked(request, listing)
    if request.method == "POST" and asked.is_valid():
        try:
            order = orders.request(listing.code, **asked.values(), by=actor(request), at=now())
        except Refused as error:
            at_form(asked.form_of(error.field), error)
        else:
            messages.success(request, _("The request is on its way; the provider has been told."))
            return redirect("order", order.code)
    context = {
        "listing": listing,
        "direction": direction(listing.direction),
        "asked": asked,
        "items": asked.items(),
        "standing": standing.of([listing.owner_id])[listing.owner_id],
        "section": "search",
    }
    return render(request, "listings/request.html", context)


class _Asked:
    """The forms that one listing needs, by how its direction books."""

    def __init__(self, request: HttpRequest, listing: Any) -> None:
        sent = request.POST or None
        kind = direction(listing.direction)
        self.listing = listing
        self.note = Note(sent)
        self.slots = self.milestones = self.quantity = None
        if kind.lifecycle == Lifecycle.SLOTS and listing.unit == HOUR_UNIT:
            self.slots = SlotFormSet(sent, prefix="slots")
            return
        self.quantity = QuantityForm(sent, initial=_usual(listing))
        if kind.lifecycle == Lifecycle.MILESTONES:
            self.milestones = MilestoneFormSet(sent, prefix="milestones")

    def is_valid(self) -> bool:
        """Check all, so that all faults show at once."""
        checked = [
            form.is_valid() for form in (self.note, self.slots, self.quantity, self.milestones) if form is not None
        ]
        return all(checked)

    def values(self) -> dict[str, Any]:
        """Return what `orders.request` takes."""
        values: dict[str, Any] = {"note": self.note.cleaned_data["note"]}
        if self.slots:
            values["slots"] = [Slot(*form.slot()) for form in _kept(self.slots)]
        if self.quantity:
            values |= self.quantity.cleaned_data
        if self.milestones:
            values["milestones"] = [
                MilestonePlan(**{name: form.cleaned_data[name] for name in ("title", "due_at", "amount_fen")})
                for form in _kept(self.milestones)
            ]
        return values

    def items(self) -> list[tuple[str, int]]:
        """Return the itemised price of what is filled in so far; empty before that."""
        quantity = self._quantity()
        if not quantity or self.listing.price_fen is None:
            return []
        setup_fen = self.listing.setup_fee_fen
        return [(_("Work"), quantity * self.listing.price_fen)] + ([(_("Setting up"), setup_fen)] if setup_fen else [])

    def form_of(self, field: str) -> forms.Form:
        """Return the form whose field is at fault; the first shown when none is named."""
        return self.quantity if self.quantity and field in self.quantity.fields else self.note

    def _quantity(self) -> int:
        if self.slots and self.slots.is_bound and self.slots.is_valid():
            return sum(form.cleaned_data["hours"] for form in _kept(self.slots))
        if self.quantity and self.quantity.is_bound and self.quantity.is_valid():
            asked: int = self.quantity.cleaned_data["quantity"]
            return asked
        return 0


def _kept(formset: Any) -> list[Any]:
    return [form for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _usual(listing: Any) -> dict[str, Any]:
    """Return what a first visit shows: the smallest lot, from as soon as the lead time allows, for two weeks."""
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    start += timedelta(days=listing.lead_time_days + 1)
    return {"quantity": listing.minimum_lot, "start": start, "end": start + timedelta(days=14)}

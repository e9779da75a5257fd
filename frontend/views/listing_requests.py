"""A buyer requests a listing: times, quantity or milestones, as its direction books, with the price itemised."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import Refused
from credit.selectors import standing
from frontend.forms.requests import MilestoneFormSet, Note, QuantityForm, SlotFormSet
from frontend.refusals import as_message, at_form
from frontend.requests import actor, now
from marketplace import policies
from marketplace.core.parts import HOUR_UNIT, MilestonePlan, Slot
from marketplace.core.pricing import Price
from marketplace.directions import Lifecycle, direction
from marketplace.selectors import listings as select
from marketplace.services import orders


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    listing = select.get(code, viewer=actor(request))
    try:
        policies.require_first_come(listing)
    except Refused as error:
        as_message(request, error)
        return redirect("listing", listing.code)
    asked = _Asked(request.POST or None, listing)
    is_sent = request.method == "POST" and request.POST.get("then") != "price"
    if is_sent and asked.is_valid():
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
        "cost": asked.cost(),
        "standing": standing.of([listing.owner_id])[listing.owner_id],
        "section": "search",
    }
    return render(request, "listings/request.html", context)


@require_GET
@login_required
def price(request: HttpRequest, code: UUID) -> HttpResponse:
    """What the request as filled in so far would cost, for the page that is open."""
    listing = select.get(code, viewer=actor(request))
    context = {"listing": listing, "cost": _Asked(request.GET, listing).cost()}
    return render(request, "listings/_request_price.html", context)


@dataclass(frozen=True)
class Cost:
    """What is asked for so far and what it costs.

    Attributes:
        price: None until a quantity is known, or where the listing has no fixed price.
        parts_fen: what the amounts of the parts add up to; None where none is given.
    """

    price: Price | None = None
    parts_fen: int | None = None
    is_under_minimum: bool = False

    @property
    def parts_differ(self) -> bool:
        return self.price is not None and self.parts_fen is not None and self.parts_fen != self.price.total_fen


class _Asked:
    """The forms that one listing needs, by how its direction books."""

    def __init__(self, sent: QueryDict | None, listing: Any) -> None:
        kind = direction(listing.direction)
        self.listing = listing
        self.note = Note(sent)
        self.slots = self.milestones = self.quantity = None
        if kind.lifecycle == Lifecycle.SLOTS and listing.unit == HOUR_UNIT:
            self.slots = SlotFormSet(sent, prefix="slots", initial=[_first_slot(listing)])
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

    def cost(self) -> Cost:
        """Return what is filled in so far costs; what is not filled in, or not well, counts nothing."""
        quantity = self._quantity()
        if quantity < 1 or self.listing.price_fen is None:
            return Cost()
        return Cost(orders.listed_price(self.listing, quantity), self._parts_fen(), quantity < self.listing.minimum_lot)

    def form_of(self, field: str) -> forms.Form:
        """Return the form whose field is at fault; the first shown when none is named."""
        return self.quantity if self.quantity and field in self.quantity.fields else self.note

    def _quantity(self) -> int:
        if self.slots is not None:
            return sum(_filled(form, "hours") or 0 for form in self.slots)
        return _filled(self.quantity, "quantity") or 0

    def _parts_fen(self) -> int | None:
        amounts = [_filled(form, "amount_fen") for form in self.milestones or ()]
        given = [amount for amount in amounts if amount is not None]
        return sum(given) if given else None


def _filled(form: Any, name: str) -> int | None:
    """Return one number of a form on its own, whatever the rest of the form is like."""
    if not form.is_bound:
        value = form.get_initial_for_field(form.fields[name], name)
        return value if isinstance(value, int) else None
    form.is_valid()
    cleaned = getattr(form, "cleaned_data", {})
    return None if cleaned.get("DELETE") else cleaned.get(name)


def _kept(formset: Any) -> list[Any]:
    return [form for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _first_slot(listing: Any) -> dict[str, Any]:
    """Return what a first visit shows of hours: the smallest lot, from as soon as the lead time allows."""
    usual = _usual(listing)
    return {"start": usual["start"], "hours": usual["quantity"]}


def _usual(listing: Any) -> dict[str, Any]:
    """Return what a first visit shows: the smallest lot, from as soon as the lead time allows, for two weeks."""
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    start += timedelta(days=listing.lead_time_days + 1)
    return {"quantity": listing.minimum_lot, "start": start, "end": start + timedelta(days=14)}

"""Orders: the list, one order with everything on it, and the steps that both sides take."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.core.actor import Actor
from frontend import words
from frontend.forms.deals import CancelForm, InvoiceForm, MessageForm, PaidForm, ReasonForm, part_form
from frontend.pagination import page_of
from frontend.requests import actor, now
from marketplace.selectors import messages as message_reads
from marketplace.selectors import orders as select
from marketplace.services import orders

if TYPE_CHECKING:
    from marketplace.models import Agreement, Delivery, Milestone

UNDER_WAY = {"agreed", "in_progress"}
# Steps that need nothing but the press of a button.
PLAIN: dict[str, Callable[..., object]] = {"start": orders.start, "complete": orders.complete}
# Steps that ask for a reason first.
REASONED: dict[str, Callable[..., object]] = {
    "refuse": orders.refuse,
    "withdraw": orders.withdraw,
    "hold": orders.hold,
    "release": orders.release,
}


@dataclass(frozen=True)
class FailedPart:
    """A step of a milestone or delivery that was refused, with the form as it was filled in."""

    part: UUID
    move: str
    form: Form


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    viewer = actor(request)
    group, side = request.GET.get("show", "open"), request.GET.get("side", "")
    page = page_of(request, select.listed(viewer, group=group, side=side))
    context = {
        "page": page,
        "rows": select.with_moves(page, viewer),
        "unread_in": message_reads.unread_by_order(viewer),
        "group": group,
        "side": side,
        "counts": select.counts(viewer),
        "section": "orders",
    }
    return render(request, "orders/index.html", context)


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    return shown(request, code)


def shown(request: HttpRequest, code: UUID, *, failed: FailedPart | None = None, **forms: Form) -> HttpResponse:
    """Show an order with its forms: empty, or those that were refused with what was typed into them.

    Args:
        failed: the part and step whose form was refused.
        forms: `message_form`, `paid_form` or `invoice_form`, when one of those was.
    """
    viewer = actor(request)
    deal = select.deal(code, viewer=viewer)
    newest = deal.agreements[0] if deal.agreements else None
    side = "consumer" if deal.order.consumer_id == viewer.organisation_id else "provider"
    context = {
        "deal": deal,
        "order": deal.order,
        "agreement": newest,
        "agreement_text": _text_of(newest) if newest else "",
        "side": side,
        "next_step": words.NEXT_STEPS.get((deal.order.lifecycle, side)) if deal.order.state in UNDER_WAY else None,
        "is_party": viewer.organisation_id in select.parties_of(deal.order),
        "bookings": [(part, select.part_moves(part, viewer)) for part in deal.bookings],
        "milestones": _with_forms("milestone", deal.milestones, viewer, failed),
        "deliveries": _with_forms("delivery", deal.deliveries, viewer, failed),
        "hours_left": select.hours_left(deal),
        "thread": [] if deal.order.is_bundle else message_reads.in_order(code, viewer=viewer),
        "message_form": MessageForm(auto_id="message-%s"),
        "paid_form": PaidForm(auto_id="paid_%s"),
        "invoice_form": InvoiceForm(auto_id="invoice_%s"),
        "section": "orders",
    }
    return render(request, "orders/page.html", context | forms, status=400 if failed or forms else 200)


@require_GET
@login_required
def document(request: HttpRequest, code: UUID) -> HttpResponse:
    """The agreement as a document to print or to keep: parties, price, terms, who accepted, and what was hashed."""
    deal = select.deal(code, viewer=actor(request))
    if not deal.agreements:
        raise Http404
    newest = deal.agreements[0]
    accepted = {str(each.organisation.code): each for each in newest.acceptances.all()}
    sides = [(name, newest.terms[name], accepted.get(newest.terms[name]["code"])) for name in ("consumer", "provider")]
    context = {
        "order": deal.order,
        "agreement": newest,
        "agreement_text": _text_of(newest),
        "sides": sides,
        "printed_at": now(),
        "section": "orders",
    }
    return render(request, "orders/document.html", context)


def _text_of(agreement: "Agreement") -> str:
    return agreement.text_zh if (get_language() or "zh").startswith("zh") else agreement.text_en


def _with_forms(
    kind: str, parts: "Iterable[Milestone | Delivery]", viewer: Actor, failed: FailedPart | None
) -> "list[tuple[Milestone | Delivery, list[str], dict[str, Form | None]]]":
    """Return each part with the steps open to the viewer and the form that each of them asks."""
    rows = []
    for part in parts:
        moves = select.part_moves(part, viewer)
        forms = {
            move: part_form(kind, move, part.code, initial={"quantity": getattr(part, "quantity", None)})
            for move in moves
        }
        if failed and failed.part == part.code:
            forms[failed.move] = failed.form
        rows.append((part, moves, forms))
    return rows


@require_POST
@login_required
def accept(request: HttpRequest, code: UUID) -> HttpResponse:
    order = orders.accept(code, read_sha256=request.POST.get("read_sha256", "-"), by=actor(request), at=now())
    told = _("Your leg is accepted; the bundle waits for the others.") if order.state == "pledged" else _("Agreed.")
    flash.success(request, told)
    return redirect("order", code)


@require_http_methods(["GET", "POST"])
@login_required
def reasoned(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    """Ask why, then refuse, withdraw, hold or release."""
    order = select.get(code, viewer=actor(request))
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        REASONED[move](code, reason=form.cleaned_data["reason"], by=actor(request), at=now())
        flash.success(request, _("Done; the other side has been told."))
        return redirect("order", code)
    return render(request, "orders/reason.html", {"order": order, "form": form, "move": move, "section": "orders"})


@require_http_methods(["GET", "POST"])
@login_required
def cancel(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show what cancelling costs now, then cancel for exactly that."""
    order = select.get(code, viewer=actor(request))
    fee = orders.cancel_fee(order, by=actor(request), at=now())
    form = CancelForm(request.POST or None, initial={"shown_fee_fen": fee.fen})
    if form.is_valid():
        orders.cancel(code, **form.cleaned_data, by=actor(request), at=now())
        flash.success(request, _("The order is cancelled; the other side has been told."))
        return redirect("order", code)
    return render(request, "orders/cancel.html", {"order": order, "fee": fee, "form": form, "section": "orders"})


@require_POST
@login_required
def move(request: HttpRequest, code: UUID, move: str) -> HttpResponse:
    if move not in PLAIN:
        raise Http404
    PLAIN[move](code, by=actor(request), at=now())
    return redirect("order", code)

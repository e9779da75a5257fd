"""Orders: the list, one order with everything on it, and the steps that both sides take."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend.forms.deals import CancelForm, InvoiceForm, PaidForm, ReasonForm
from frontend.pagination import page_of
from frontend.requests import actor, now
from marketplace.selectors import messages as message_reads
from marketplace.selectors import orders as select
from marketplace.services import orders

# Steps that need nothing but the press of a button.
PLAIN: dict[str, Callable[..., object]] = {"start": orders.start, "complete": orders.complete}
# Steps that ask for a reason first.
REASONED: dict[str, Callable[..., object]] = {
    "refuse": orders.refuse,
    "withdraw": orders.withdraw,
    "hold": orders.hold,
    "release": orders.release,
}


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    viewer = actor(request)
    group, side = request.GET.get("show", "open"), request.GET.get("side", "")
    page = page_of(request, select.listed(viewer, group=group, side=side))
    context = {
        "page": page,
        "rows": select.with_moves(page, viewer),
        "unread": message_reads.unread_by_order(viewer),
        "group": group,
        "side": side,
        "counts": select.counts(viewer),
        "section": "orders",
    }
    return render(request, "orders/index.html", context)


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    viewer = actor(request)
    deal = select.deal(code, viewer=viewer)
    newest = deal.agreements[0] if deal.agreements else None
    in_chinese = (get_language() or "zh").startswith("zh")
    context = {
        "deal": deal,
        "order": deal.order,
        "agreement": newest,
        "agreement_text": (newest.text_zh if in_chinese else newest.text_en) if newest else "",
        "side": "consumer" if deal.order.consumer_id == viewer.organisation_id else "provider",
        "is_party": viewer.organisation_id in select.parties_of(deal.order),
        "bookings": [(part, select.part_moves(part, viewer)) for part in deal.bookings],
        "milestones": [(part, select.part_moves(part, viewer)) for part in deal.milestones],
        "deliveries": [(part, select.part_moves(part, viewer)) for part in deal.deliveries],
        "hours_left": select.hours_left(deal),
        "thread": [] if deal.order.is_bundle else message_reads.in_order(code, viewer=viewer),
        "paid_form": PaidForm(auto_id="paid_%s"),
        "invoice_form": InvoiceForm(auto_id="invoice_%s"),
        "section": "orders",
    }
    return render(request, "orders/page.html", context)


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

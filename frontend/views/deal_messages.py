"""Messages and money within an order: write, read, fetch a file, say that it was paid, ask for an invoice."""

from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.forms.deals import InvoiceForm, InvoiceNumberForm, MessageForm, PaidForm
from frontend.requests import actor, is_fragment, now
from marketplace.selectors import messages as message_reads
from marketplace.services import messages, settlements
from marketplace.services.messages import Upload


@require_POST
@login_required
def send(request: HttpRequest, code: UUID) -> HttpResponse:
    form = MessageForm(request.POST)
    form.is_valid()
    files = [Upload(file.name or "", file.read()) for file in request.FILES.getlist("files")]
    sent = messages.send_in_order(
        code, text=form.cleaned_data.get("text", ""), files=files, by=actor(request), at=now()
    )
    if sent.hidden_count:
        flash.warning(request, _("Contact details were hidden; they open when the order is agreed."))
    return redirect(f"/orders/{code}#messages")


@require_POST
@login_required
def read(request: HttpRequest, code: UUID) -> HttpResponse:
    """Note that what is shown was read; the page does it by itself."""
    messages.mark_read(order_code=code, by=actor(request), at=now())
    if is_fragment(request):
        return HttpResponse(status=204)
    return redirect(f"/orders/{code}#messages")


@require_GET
@login_required
def thread(request: HttpRequest, code: UUID) -> HttpResponse:
    """The messages alone, for the page that is open."""
    return render(
        request, "orders/_messages.html", {"thread": message_reads.in_order(code, viewer=actor(request)), "code": code}
    )


@require_GET
@login_required
def file(request: HttpRequest, code: UUID) -> FileResponse:
    found = message_reads.attachment(code, viewer=actor(request), at=now())
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type)


@require_POST
@login_required
def paid(request: HttpRequest, code: UUID) -> HttpResponse:
    form = PaidForm(request.POST)
    if form.is_valid():
        settlements.report_paid(code, **form.cleaned_data, by=actor(request), at=now())
        flash.success(request, _("Noted; the provider is asked to confirm that it arrived."))
    else:
        flash.error(request, _("Say how it was paid and under which number."))
    return redirect(f"/orders/{code}#money")


@require_POST
@login_required
def paid_confirmed(request: HttpRequest, code: UUID) -> HttpResponse:
    settlements.confirm_paid(code, by=actor(request), at=now())
    return redirect(f"/orders/{code}#money")


@require_POST
@login_required
def invoice(request: HttpRequest, code: UUID) -> HttpResponse:
    form = InvoiceForm(request.POST)
    if form.is_valid():
        settlements.request_invoice(code, **form.cleaned_data, by=actor(request), at=now())
        flash.success(request, _("The provider is asked for the invoice."))
    else:
        flash.error(request, _("Title, taxpayer number and mail address are needed for an invoice."))
    return redirect(f"/orders/{code}#money")


@require_POST
@login_required
def invoice_issued(request: HttpRequest, code: UUID) -> HttpResponse:
    form = InvoiceNumberForm(request.POST)
    if form.is_valid():
        settlements.record_invoice(code, **form.cleaned_data, by=actor(request), at=now())
    return redirect(f"/orders/{code}#money")

"""Messages and money within an order: write, read, fetch a file, say that it was paid, ask for an invoice."""

from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import Refused
from common.uploads import MOST_BYTES
from frontend.downloads import download
from frontend.forms.deals import InvoiceForm, InvoiceNumberForm, MessageForm, PaidForm
from frontend.refusals import at_form
from frontend.requests import actor, is_fragment, now
from frontend.views.orders import shown
from marketplace.selectors import messages as message_reads
from marketplace.services import messages, settlements
from marketplace.services.messages import Upload

READ_AT_MOST = MOST_BYTES + 1


@require_POST
@login_required
def send(request: HttpRequest, code: UUID) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES, auto_id="message-%s")
    if form.is_valid():
        try:
            files = [Upload(file.name or "", file.read(READ_AT_MOST)) for file in request.FILES.getlist("files")]
            sent = messages.send_in_order(
                code, text=form.cleaned_data["text"], files=files, by=actor(request), at=now()
            )
        except Refused as error:
            field = "files" if error.field == "file" else error.field
            if field not in form.fields:
                raise
            at_form(form, error, field)
        else:
            if sent.hidden_count:
                flash.warning(request, _("Contact details were hidden; they open when the order is agreed."))
            return redirect(f"/orders/{code}#messages")
    return shown(request, code, message_form=form)


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
    return download(found.file, found.name)


@require_POST
@login_required
def paid(request: HttpRequest, code: UUID) -> HttpResponse:
    form = PaidForm(request.POST, auto_id="paid_%s")
    if form.is_valid():
        settlements.report_paid(code, **form.cleaned_data, by=actor(request), at=now())
        flash.success(request, _("Noted; the provider is asked to confirm that it arrived."))
        return redirect(f"/orders/{code}#money")
    return shown(request, code, paid_form=form)


@require_POST
@login_required
def paid_confirmed(request: HttpRequest, code: UUID) -> HttpResponse:
    settlements.confirm_paid(code, by=actor(request), at=now())
    return redirect(f"/orders/{code}#money")


@require_POST
@login_required
def invoice(request: HttpRequest, code: UUID) -> HttpResponse:
    form = InvoiceForm(request.POST, auto_id="invoice_%s")
    if form.is_valid():
        try:
            settlements.request_invoice(code, **form.cleaned_data, by=actor(request), at=now())
        except Refused as error:
            if error.field not in form.fields:
                raise
            at_form(form, error)
        else:
            flash.success(request, _("The provider is asked for the invoice."))
            return redirect(f"/orders/{code}#money")
    return shown(request, code, invoice_form=form)


@require_POST
@login_required
def invoice_issued(request: HttpRequest, code: UUID) -> HttpResponse:
    form = InvoiceNumberForm(request.POST)
    if form.is_valid():
        settlements.record_invoice(code, **form.cleaned_data, by=actor(request), at=now())
    else:
        flash.error(request, _("Give the number of the invoice, at most 20 characters."))
    return redirect(f"/orders/{code}#money")

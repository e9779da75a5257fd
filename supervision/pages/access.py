"""Pages about reading itself: what was read, about whom, and with which keys."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import Refused
from supervision.core.reader import Reader, Scope
from supervision.pages import words
from supervision.pages.entry import actor, for_officers, now, token_address
from supervision.pages.forms import ClientForm
from supervision.pages.views import shown
from supervision.selectors import agencies as select
from supervision.selectors import read_log
from supervision.services import agencies, reads
from supervision.services.cursors import CursorRefused

READS_SHOWN = 50


@require_GET
@for_officers(Scope.LOG)
def own_reads(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What the officer's agency has read, by people and by machines."""
    before = request.GET.get("before", "")[:500]
    try:
        page = reads.own(reader, before=before, limit=READS_SHOWN, at=now())
    except CursorRefused as error:
        raise Http404 from error
    return shown(request, reader, "reads", "reads", page=page, reads=words.told(page.rows))


@require_GET
@login_required
def about_me(request: HttpRequest) -> HttpResponse:
    """Which authority read which kind of data about the party that the reader acts for."""
    found = words.told(read_log.about(actor(request))[:READS_SHOWN])
    return render(request, "supervision/about_me.html", {"reads": found, "section": "supervision"})


@never_cache
@require_http_methods(["GET", "POST"])
@for_officers()
def clients(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The agency's machines; a new one's secret is shown on the answer to this very form and never again."""
    form, issued = ClientForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            issued = agencies.issue_client(
                select.of_reader(reader), label=form.cleaned_data["label"], by=actor(request), at=now()
            )
        except Refused as error:
            form.add_error(None, error.sentence(_))
        else:
            form = ClientForm()
    return _clients(request, reader, form=form, issued=issued)


@never_cache
@require_POST
@for_officers()
def rotate_secret(request: HttpRequest, reader: Reader, code: UUID) -> HttpResponse:
    """A new secret for a client of the agency, shown on the answer and never again."""
    try:
        issued = agencies.rotate_secret(code, by=actor(request), at=now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return _clients(request, reader, form=ClientForm(), issued=issued)


def _clients(
    request: HttpRequest, reader: Reader, *, form: ClientForm, issued: agencies.IssuedClient | None
) -> HttpResponse:
    return shown(
        request,
        reader,
        "clients",
        "clients",
        clients=select.clients_of(reader),
        form=form,
        issued=issued,
        token_address=token_address(request),
    )


@require_POST
@for_officers()
def revoke_client(request: HttpRequest, reader: Reader, code: UUID) -> HttpResponse:
    try:
        agencies.revoke_client(code, by=actor(request), at=now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The client is revoked; its tokens have ended."))
    return redirect("supervision:clients")

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
from supervision.core.resources import BY_NAME
from supervision.pages.entry import actor, for_officers, now
from supervision.pages.views import shown, words_of
from supervision.selectors import agencies as select
from supervision.selectors import read_log
from supervision.services import agencies, reads
from supervision.services.cursors import CursorRefused

READS_SHOWN = 50
LABEL_MAX = 80


@require_GET
@for_officers(Scope.LOG)
def own_reads(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What the officer's agency has read, by people and by machines."""
    before = request.GET.get("before", "")[:500]
    try:
        page = reads.own(reader, before=before, limit=READS_SHOWN, at=now())
    except CursorRefused as error:
        raise Http404 from error
    return shown(request, reader, "reads", "reads", page=page)


@require_GET
@login_required
def about_me(request: HttpRequest) -> HttpResponse:
    """Which authority read which kind of data about the party that the reader acts for."""
    found = [
        {"read": read, "kind": words_of(BY_NAME[read.resource]) if read.resource in BY_NAME else _("Changes")}
        for read in read_log.about(actor(request))[:READS_SHOWN]
    ]
    return render(request, "supervision/about_me.html", {"reads": found, "section": "supervision"})


@never_cache
@require_http_methods(["GET", "POST"])
@for_officers()
def clients(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The agency's machines; a new one's secret is shown on the answer to this very form and never again."""
    issued = None
    label = request.POST.get("label", "").replace("\x00", "").strip()[:LABEL_MAX]
    if request.method == "POST" and not label:
        messages.error(request, _("Give the client a name, so that you know which machine it is."))
    elif request.method == "POST":
        try:
            issued = agencies.issue_client(select.of_reader(reader), label=label, by=actor(request), at=now())
        except Refused as error:
            messages.error(request, error.sentence(_))
    return shown(
        request,
        reader,
        "clients",
        "clients",
        clients=select.clients_of(reader),
        issued=issued,
        token_address=request.build_absolute_uri("/supervision/v1/token"),
    )


@require_POST
@for_officers()
def revoke_client(request: HttpRequest, reader: Reader, code: UUID) -> HttpResponse:
    try:
        agencies.revoke_client(code, reader=reader, by=actor(request), at=now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The client is revoked; its tokens have ended."))
    return redirect("supervision:clients")

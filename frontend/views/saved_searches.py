"""The searches that a user keeps: save, list, switch alerts, forget."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.forms.search import SearchForm
from frontend.requests import actor, now
from marketplace.selectors import saved_searches as select
from marketplace.selectors import search
from marketplace.services import saved_searches


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    searches = [(saved, select.link_of(saved)) for saved in select.of(actor(request))]
    return render(request, "search/saved.html", {"searches": searches, "section": "search"})


@require_POST
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the page that the form stands on."""
    asked = QueryDict(request.POST.get("query", "")[:4000])
    filters = search.read(SearchForm(asked).params(dict(asked.lists())))
    saved_searches.save(request.POST.get("name", ""), filters, by=actor(request), at=now())
    messages.success(request, _("The search is saved; you will be told of new offers."))
    return redirect("searches")


@require_POST
@login_required
def change(request: HttpRequest, code: UUID) -> HttpResponse:
    wish = request.POST.get("do")
    if wish == "delete":
        saved_searches.delete(code, by=actor(request), at=now())
    elif wish in {"on", "off"}:
        saved_searches.set_alerts(code, wants_alerts=wish == "on", by=actor(request), at=now())
    return redirect("searches")

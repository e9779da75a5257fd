"""Match rounds: the list, one round with its certificate and map, and its replay."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend import words
from frontend.pagination import page_of
from frontend.requests import actor, is_fragment, now
from frontend.templatetags.yuli import distance
from matching import policies
from matching.selectors import rounds as select
from matching.services import rounds

SHOWN_PARTS = 40


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, select.public())
    may_run = policies.may_run_rounds(actor(request))
    return render(request, "rounds/index.html", {"page": page, "may_run": may_run, "section": "matching"})


@require_GET
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    found = select.get(code, viewer=actor(request))
    parts = list(found.components.all())
    context = {
        "round": found,
        "here": date_format(localtime(found.at), "Y-m-d H:i"),
        "bars": bars(found),
        "content": {"points": [], "lines": _lines(code)},
        "components": parts[:SHOWN_PARTS],
        "more_components": max(0, len(parts) - SHOWN_PARTS),
        "states": select.states(code),
        "whys": [(words.why_word(why), count) for why, count in select.whys(code).items()],
        "parameters": [(words.parameter_word(name), value) for name, value in found.parameters.items()],
        "section": "matching",
    }
    return render(request, "rounds/page.html", context)


@require_POST
@login_required
def run(request: HttpRequest) -> HttpResponse:
    made = rounds.run(by=actor(request), at=now())
    messages.success(request, _("The round made %(count)s proposals.") % {"count": made.n_deals})
    return redirect("round", made.code)


@require_POST
@login_required
def replay(request: HttpRequest, code: UUID) -> HttpResponse:
    again = rounds.replay(code, by=actor(request), at=now())
    found = select.get(code, viewer=actor(request))
    if is_fragment(request):
        return render(request, "rounds/_replay.html", {"round": found, "replay": again})
    if again.is_same:
        messages.success(request, _("Replayed: the same result."))
    else:
        messages.error(request, _("Replayed: a different result."))
    return HttpResponseRedirect(reverse("round", args=[code]) + "#replay")


def bars(found: Any) -> list[tuple[str, int, int, bool]]:
    """Return label, fen, percent of the longest, and whether it is ours, of the round and simpler rules."""
    rows = (
        (_("This round"), found.primal_fen),
        (_("Greedy"), found.greedy_fen),
        (_("First come"), found.first_come_fen),
    )
    longest = max(1, *(fen for _label, fen in rows))
    return [(label, fen, round(100 * max(fen, 0) / longest), row == 0) for row, (label, fen) in enumerate(rows)]


def _lines(code: UUID) -> list[dict[str, Any]]:
    return [
        {
            "from": [pair.consumer_lon, pair.consumer_lat],
            "to": [pair.provider_lon, pair.provider_lat],
            "label": distance(pair.distance_m),
        }
        for pair in select.pairs(code)
    ]

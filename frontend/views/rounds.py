"""Match rounds: the list, one round with its certificate and map, and its replay."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend import matching_words, words
from frontend.forms.rounds import RoundForm
from frontend.pagination import page_of
from frontend.requests import actor, is_fragment, now
from frontend.templatetags.yuli import direction_label, distance
from matching import policies
from matching.core.market import Parameters
from matching.core.run_states import OPEN
from matching.selectors import rounds as select
from matching.services import round_runs, rounds

SHOWN_PARTS = 20


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, select.public())
    may_run = policies.may_run_rounds(actor(request))
    runs = select.open_runs() if may_run else []
    context = {
        "page": page,
        "may_run": may_run,
        "runs": runs,
        "next_seed": select.announced_seed(),
        "section": "matching",
    }
    return render(request, "rounds/index.html", context)


@require_GET
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    found = select.get(code, viewer=actor(request))
    parts = list(found.components.all())
    pairs = list(select.pairs(code))
    context = {
        "round": found,
        "here": date_format(localtime(found.at), "Y-m-d H:i"),
        "bars": compared(found),
        "content": {"points": [], "lines": [_line(pair) for pair in pairs]},
        "areas": _areas(pairs),
        "kinds": Counter(pair.direction for pair in pairs).most_common(),
        "components": [(part, matching_words.method_word(part.method)) for part in parts[:SHOWN_PARTS]],
        "more_components": max(0, len(parts) - SHOWN_PARTS),
        "n_proved": sum(part.is_exact for part in parts),
        "shares": matching_words.shares(found.fairness),
        "envy": matching_words.envy_sentence(found.fairness),
        "states": select.states(code),
        "whys": [(words.why_word(why), count) for why, count in select.whys(code).items()],
        "parameters": matching_words.parameter_rows(found.parameters),
        "seed": select.revealed_seed(found),
        "rules": matching_words.rule_rows(found.rules) if found.rules else [],
        "rules_sentence": matching_words.rules_sentence(found.rules) if found.rules else "",
        "rules_set": matching_words.rules_set(found.parameters, found.rules) if found.rules else [],
        "section": "matching",
    }
    return render(request, "rounds/page.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def run(request: HttpRequest) -> HttpResponse:
    """Set what a round shall keep to, and run it or only try it."""
    form = RoundForm(request.POST if request.method == "POST" else None)
    is_trial = "trial" in request.POST
    if request.method == "POST" and form.is_valid():
        asked = round_runs.ask(
            directions=form.cleaned_data["directions"] or None,
            parameters=form.parameters(is_trial=is_trial),
            is_trial=is_trial,
            by=actor(request),
            at=now(),
        )
        return redirect("round-run-page", asked.code)
    if not policies.may_run_rounds(actor(request)):
        raise Http404
    return render(request, "rounds/ask.html", {"form": form, "section": "matching"}, status=422 if form.errors else 200)


@require_GET
@login_required
def run_page(request: HttpRequest, code: UUID) -> HttpResponse:
    """How far a round is that was asked for; once it is done, its own page."""
    asked = select.run(code, viewer=actor(request))
    if asked.round is not None:
        response = redirect("round", asked.round.code)
        return HttpResponse(headers={"HX-Redirect": response.url}) if is_fragment(request) else response
    if asked.state not in OPEN and is_fragment(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "run": asked,
        "is_open": asked.state in OPEN,
        "sentence": matching_words.run_sentence(asked),
        "trial": matching_words.trial_rows(asked.trial) if asked.trial else [],
        "rules_set": matching_words.rules_set(asdict(replace(Parameters(), **asked.parameters)), asked.trial or {}),
        "parameters": matching_words.parameter_rows(asdict(replace(Parameters(), **asked.parameters))),
        "section": "matching",
    }
    return render(request, "rounds/_run.html" if is_fragment(request) else "rounds/run.html", context)


@require_POST
@login_required
def cancel(request: HttpRequest, code: UUID) -> HttpResponse:
    round_runs.cancel(code, by=actor(request), at=now())
    messages.success(request, _("The round was cancelled; nothing of it was kept."))
    return redirect("rounds")


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


@dataclass(frozen=True)
class Bar:
    """One way of deciding in the comparison.

    Attributes:
        share: percent of the longest bar.
        more_bp: how much more the round gains than this way, in basis points of this way; None for the round itself.
    """

    label: str
    fen: int
    share: int
    is_ours: bool
    more_bp: int | None


def compared(found: Any) -> list[Bar]:
    """Return the round and the two simpler rules, each with its total gain."""
    rows = (
        (_("This round"), found.primal_fen),
        (_("Greedy"), found.greedy_fen),
        (_("First come"), found.first_come_fen),
    )
    longest = max(1, *(fen for _label, fen in rows))
    return [
        Bar(
            label,
            fen,
            round(100 * max(fen, 0) / longest),
            is_ours=row == 0,
            more_bp=round((found.primal_fen - fen) * 10_000 / fen) if row and fen > 0 else None,
        )
        for row, (label, fen) in enumerate(rows)
    ]


def _line(pair: select.Pair) -> dict[str, Any]:
    return {
        "from": [pair.consumer_lon, pair.consumer_lat],
        "to": [pair.provider_lon, pair.provider_lat],
        "label": f"{direction_label(pair.direction)} · {distance(pair.distance_m)}",
        "kind": pair.direction,
        "area": pair.city_code,
    }


def _areas(pairs: Sequence[select.Pair]) -> list[tuple[str, str, int]]:
    """Return code, name and number of pairs of every city, the busiest first."""
    found = Counter(pair.city_code for pair in pairs).most_common()
    return [(code, words.place(code) or _("Elsewhere"), count) for code, count in found]

"""Plain-words help: one page per question that people really ask."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

# slug, sign, question, what the page answers
TOPICS = (
    ("need", "inbox", _("I need something done"), _("Post a need, read the matches, order, accept, rate.")),
    ("offer", "layers", _("I have capacity to spare"), _("Describe it, set hours and price, import a register.")),
    (
        "trust",
        "shield-check",
        _("Whom can I trust?"),
        _("Identity checks, standing, ratings: what they are made of."),
    ),
    ("money", "banknote", _("What does it cost, and who holds the money?"), _("Prices, limits, payment and invoices.")),
    ("trouble", "scale", _("Something went wrong"), _("Cancelling, complaints, deadlines and where to go next.")),
    ("data", "eye", _("What happens to my data?"), _("Who sees what, what regulators read, how to get or erase it.")),
)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "help/index.html", {"topics": TOPICS, "section": "help"})


@require_GET
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    found = next((entry for entry in TOPICS if entry[0] == topic), None)
    if found is None:
        raise Http404
    return render(
        request, f"help/{found[0]}.html", {"question": found[2], "section": "help", "topics": TOPICS, "slug": topic}
    )


@require_GET
def matching(request: HttpRequest) -> HttpResponse:
    return render(request, "help/matching.html", {"section": "help"})

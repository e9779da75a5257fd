"""Who provides: the public page of a party, its standing, ratings and offers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.core.levels import needed_to_deal
from accounts.selectors import organisations
from credit.selectors import standing
from frontend import words
from frontend.pagination import page_of
from governance.selectors import complaints, ratings
from marketplace.selectors import listings

OFFERS_PER_PAGE = 12
RATINGS_SHOWN = 20


@require_GET
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    provider = organisations.get(code)
    context = {
        "provider": provider,
        "needed_level": needed_to_deal(provider.kind),
        "place": words.place(provider.division_code),
        "standing": standing.of([provider.pk])[provider.pk],
        "page": page_of(request, listings.of_provider(provider.pk), OFFERS_PER_PAGE),
        "ratings": ratings.public_of(provider.pk)[:RATINGS_SHOWN],
        "complaint_figures": complaints.figures(provider.pk),
        "section": "search",
    }
    return render(request, "providers/page.html", context)

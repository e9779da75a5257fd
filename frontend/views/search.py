"""Finding supply: the search page, the page of a direction, and offers side by side."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from credit.selectors import standing
from frontend import map_content, words
from frontend.forms.place import districts as districts_of
from frontend.forms.search import ORDERS, SearchForm
from frontend.requests import actor, now
from frontend.views.listings import known_direction
from marketplace.core.search import Filters, Sort
from marketplace.directions import DIRECTIONS
from marketplace.directions import direction as direction_of
from marketplace.selectors import demands, listings
from marketplace.selectors import search as select

NEWEST = 8


@require_GET
@vary_on_headers("HX-Request")
def page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    asked = form.params(dict(request.GET.lists()))
    filters = select.read(asked)
    results = select.find(filters, page=_number(request.GET.get("page", "")), at=now())
    with_standing(results.listings)
    counts = select.direction_counts(filters)
    context = {
        "form": form,
        "results": results,
        "page": _turned(results),
        "directions": [(entry, counts[entry.code]) for entry in DIRECTIONS],
        "direction": direction_of(filters.direction) if filters.direction else None,
        "facets": select.facets(filters),
        "content": map_content.of_spots(select.spots(filters, total=results.total, at=now()), filters),
        "order_label": dict(ORDERS)[filters.order],
        "needs_place": filters.order == Sort.DISTANCE and not filters.has_place,
        "filter_count": _narrowing(filters),
        "section": "search",
    }
    return render(request, "search/page.html", context)


@require_GET
def direction_page(request: HttpRequest, code: str) -> HttpResponse:
    kind = known_direction(code)
    found = select.find(Filters(direction=code, order=Sort.NEWEST), at=now())
    context = {
        "direction": kind,
        "how": words.LIFECYCLES[kind.lifecycle],
        "listing_count": found.total,
        "demand_count": demands.counts_by_direction().get(code, 0),
        "newest": with_standing(found.listings[:NEWEST]),
        "wanted": demands.published(direction=code)[:NEWEST],
        "section": "search",
    }
    return render(request, "search/direction.html", context)


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    codes = [code for text in request.GET.getlist("code") if (code := _code(text))]
    table = listings.comparison(codes, viewer=actor(request))
    context = {
        "table": table,
        "most": listings.MOST_COMPARED,
        "is_cut": len(table.listings) < len(codes),
        "section": "search",
    }
    return render(request, "search/compare.html", context)


@require_GET
def districts(request: HttpRequest) -> HttpResponse:
    """Answer the districts of a city as options, for the place fields."""
    options = districts_of(request.GET.get("city", ""))
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', options))


def with_standing(shown: list[Any]) -> list[Any]:
    """Give each listing its provider's standing as `view_standing`; one query for all."""
    known = standing.of({listing.owner_id for listing in shown})
    for listing in shown:
        listing.view_standing = known[listing.owner_id]
    return shown


def _turned(results: select.Results) -> Page[int]:
    """Return a page of as many numbers as there are results, for the page links alone."""
    total = min(results.total, results.n_pages * select.PER_PAGE)
    turned = Paginator(range(total), select.PER_PAGE).get_page(results.page)
    turned.elided = list(turned.paginator.get_elided_page_range(turned.number, on_each_side=2, on_ends=1))  # type: ignore[attr-defined]  # read by _pagination.html
    return turned


def _narrowing(filters: Filters) -> int:
    """Count the filters beside words and direction."""
    single = (filters.division, filters.radius_m, filters.price_from_fen, filters.price_to_fen, filters.has_period)
    return sum(bool(value) for value in single) + sum(len(values) for _, values in filters.facets)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _code(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The front door, health, language and looks."""

from dataclasses import replace

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from frontend.requests import now
from frontend.views.rounds import Bar, compared
from frontend.views.search import NEWEST, with_standing
from marketplace.core.search import Filters, Sort
from marketplace.directions import DIRECTIONS
from marketplace.selectors import demands, listings
from marketplace.selectors import search as select
from matching.selectors import rounds

_A_YEAR_S = 365 * 24 * 3600


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Explain the place to whoever needs, offers or oversees, with the figures of now."""
    offered, wanted = listings.counts_by_direction(), demands.counts_by_direction()
    found = select.find(Filters(order=Sort.NEWEST), at=now())
    latest = rounds.latest()
    context = {
        "directions": [(entry, offered.get(entry.code, 0), wanted.get(entry.code, 0)) for entry in DIRECTIONS],
        "listing_count": sum(offered.values()),
        "demand_count": sum(wanted.values()),
        "newest": with_standing(found.listings[:NEWEST]),
        "wanted": demands.published()[:NEWEST],
        "round": latest,
        "bars": _plainly(compared(latest)) if latest else (),
        "more_fen": latest.primal_fen - max(latest.greedy_fen, latest.first_come_fen) if latest else 0,
    }
    return render(request, "home/page.html", context)


def _plainly(rows: list[Bar]) -> list[Bar]:
    """Name the simpler rules as somebody would who has never heard of them."""
    labels = (_("Yuli, all together"), _("Best pair first"), _("First come"))
    return [replace(bar, label=label) for label, bar in zip(labels, rows, strict=True)]


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database and Redis answer, else 503 with the part that does not."""
    parts = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse({"ok": all(parts.values()), **parts}, status=200 if all(parts.values()) else 503)


@require_POST
def looks(request: HttpRequest) -> HttpResponse:
    """Remember the language and the light or dark theme, then return to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=_A_YEAR_S, samesite="Lax", secure=request.is_secure()
        )
    if "theme" in request.POST:
        theme = request.POST["theme"]
        if theme in {"light", "dark"}:
            response.set_cookie("theme", theme, max_age=_A_YEAR_S, samesite="Lax", secure=request.is_secure())
        else:
            response.delete_cookie("theme", samesite="Lax")
    return response


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        cache.set("healthz", 1, 5)
    except OSError:
        return False
    except Exception as error:  # redis-py's errors share no base with the standard library
        if type(error).__module__.startswith("redis"):
            return False
        raise
    return True

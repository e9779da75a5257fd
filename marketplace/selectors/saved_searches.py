"""The searches that a user keeps."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.core.actor import Actor
from marketplace.core import reach
from marketplace.core.search import Filters
from marketplace.models import ImportRun, Listing, SavedSearch
from marketplace.selectors import search


def of(viewer: Actor) -> QuerySet[SavedSearch]:
    """Return the viewer's own saved searches, the newest first."""
    return SavedSearch.objects.filter(user_id=viewer.own_user_id).order_by("-created_at", "-id")


def get(code: UUID, *, viewer: Actor) -> SavedSearch:
    """Return one of the viewer's own; raises SavedSearch.DoesNotExist."""
    return of(viewer).get(code=code)


def perhaps_told_of(listing: Listing) -> list[SavedSearch]:
    """Return the searches of others that a published listing may pass and that have not told of it, in one query.

    Those that it cannot pass by direction, division, words or place are left out; the rest has to be asked one by one.
    """
    found = _waiting(listing.owner_id, [listing.direction], [listing.division_code], newest=listing.published_at)
    wanted = SearchQuery(OuterRef("words"), config="simple")
    found = found.filter(Q(words="") | Exists(Listing.objects.filter(pk=listing.pk, search=wanted)))
    anywhere = Q(area__isnull=True)
    return list(found.filter(anywhere | Q(area__bboverlaps=listing.place) if listing.place else anywhere))


def perhaps_told_of_import(run: ImportRun) -> list[SavedSearch]:
    """Return the searches of others that listings of an import may pass and that have not told of it."""
    listings = Listing.objects.filter(import_run=run).order_by()
    directions = listings.values_list("direction", flat=True).distinct()
    divisions = listings.values_list("division_code", flat=True).distinct()
    return list(_waiting(run.owner_id, directions, divisions, newest=run.committed_at))


def _waiting(
    owner_id: int, directions: Iterable[str], divisions: Iterable[str], *, newest: datetime | None
) -> QuerySet[SavedSearch]:
    beginnings = {beginning for code in divisions for beginning in reach.divisions(code)}
    waiting = SavedSearch.objects.filter(
        Q(alerted_at__isnull=True) | Q(alerted_at__lt=newest),
        wants_alerts=True,
        direction__in=["", *directions],
        division__in=sorted(beginnings),
    )
    return waiting.exclude(organisation_id=owner_id).order_by("id")


def filters_of(saved: SavedSearch) -> Filters:
    """Return what it looks for; a filter that no longer exists is left out."""
    return search.read(saved.filters)


def link_of(saved: SavedSearch) -> str:
    """Return the path of the search page with its filters."""
    return f"/search?{urlencode(saved.filters, doseq=True)}"

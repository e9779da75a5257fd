"""The searches that a user keeps."""

from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet

from accounts.core.actor import Actor
from marketplace.core.search import Filters
from marketplace.models import SavedSearch
from marketplace.selectors import search


def of(viewer: Actor) -> QuerySet[SavedSearch]:
    """Return the viewer's own saved searches, the newest first."""
    return SavedSearch.objects.filter(user_id=viewer.own_user_id).order_by("-created_at", "-id")


def get(code: UUID, *, viewer: Actor) -> SavedSearch:
    """Return one of the viewer's own; raises SavedSearch.DoesNotExist."""
    return of(viewer).get(code=code)


def filters_of(saved: SavedSearch) -> Filters:
    """Return what it looks for; a filter that no longer exists is left out."""
    return search.read(saved.filters)


def link_of(saved: SavedSearch) -> str:
    """Return the path of the search page with its filters."""
    return f"/search?{urlencode(saved.filters, doseq=True)}"

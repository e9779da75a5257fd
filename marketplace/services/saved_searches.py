"""Keep searches, and tell their owners when something new passes them."""

from datetime import datetime
from uuid import UUID

from django.contrib.gis.geos import Polygon
from django.db import IntegrityError, transaction

from accounts.core.actor import Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common import audit
from common.db import violated_constraint
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core import reach
from marketplace.core.listing_states import ListingState
from marketplace.core.search import Filters, to_params
from marketplace.models import ImportRun, Listing, SavedSearch
from marketplace.selectors import saved_searches as reads
from marketplace.selectors.search_query import matching

MOST_SAVED = 50


class SearchNotSaved(Refused):
    """The name is taken, the search empty, or there are too many."""


def save(name: str, filters: Filters, *, wants_alerts: bool = True, by: Actor, at: datetime) -> SavedSearch:
    """Keep a search under a name of the user's own.

    Raises:
        MayNotBind: nobody is signed in for a party.
        SearchNotSaved: the name is missing or taken, nothing is looked for, or there are fifty already.
    """
    organisation_id = policies.require_party(by)
    name = name.strip()[:80]
    if not name or filters.is_empty:
        raise SearchNotSaved(
            gettext_noop("A saved search needs a name and at least one filter."), field="" if name else "name"
        )
    if SavedSearch.objects.filter(user_id=by.own_user_id).count() >= MOST_SAVED:
        raise SearchNotSaved(gettext_noop("There are already %(most)s saved searches."), params={"most": MOST_SAVED})
    try:
        with transaction.atomic():
            search = SavedSearch.objects.create(
                user_id=by.own_user_id,
                organisation_id=organisation_id,
                name=name,
                filters=to_params(filters),
                direction=filters.direction,
                division=reach.division(filters),
                words=reach.words(filters),
                area=Polygon.from_bbox(box) if (box := reach.box(filters)) else None,
                wants_alerts=wants_alerts,
                created_at=at,
            )
            audit.record("saved_search.save", search, by=by, at=at)
            return search
    except IntegrityError as error:
        if violated_constraint(error) != "saved_search_name_once":
            raise
        raise SearchNotSaved(gettext_noop("You have a saved search of this name."), field="name") from error


@transaction.atomic
def set_alerts(code: UUID, *, wants_alerts: bool, by: Actor, at: datetime) -> SavedSearch:
    """Switch the alerts of one's own saved search on or off; raises SavedSearch.DoesNotExist."""
    search = SavedSearch.objects.select_for_update().get(code=code, user_id=by.own_user_id)
    search.wants_alerts = wants_alerts
    search.save(update_fields=["wants_alerts"])
    audit.record("saved_search.set_alerts", search, by=by, at=at, wants_alerts=wants_alerts)
    return search


@transaction.atomic
def delete(code: UUID, *, by: Actor, at: datetime) -> None:
    """Forget one's own saved search; raises SavedSearch.DoesNotExist."""
    search = SavedSearch.objects.select_for_update().get(code=code, user_id=by.own_user_id)
    audit.record("saved_search.delete", search, by=by, at=at)
    search.delete()


def alert_listing(code: UUID, *, at: datetime) -> int:
    """Tell of one newly published listing whoever's saved search it passes; return how many were told.

    A second call tells nobody again: each search remembers the newest listing it told of.
    """
    listing = Listing.objects.filter(code=code, state=ListingState.PUBLISHED).first()
    if listing is None or listing.published_at is None:
        return 0
    told = 0
    for search in reads.perhaps_told_of(listing):
        if matching(reads.filters_of(search)).filter(pk=listing.pk).exists():
            told += 1
            _tell(search, 1, listing.published_at, link=f"/listings/{listing.code}", title=listing.title, at=at)
    return told


def alert_import(code: UUID, *, at: datetime) -> int:
    """Tell once for each saved search how many listings of an import pass it; return how many were told."""
    run = ImportRun.objects.get(code=code)
    newest = run.committed_at
    if newest is None:
        return 0
    told = 0
    for search in reads.perhaps_told_of_import(run):
        count = matching(reads.filters_of(search)).filter(import_run=run).count()
        if count:
            told += 1
            _tell(search, count, newest, link=reads.link_of(search), title=search.name, at=at)
    return told


@transaction.atomic
def _tell(search: SavedSearch, count: int, newest: datetime, *, link: str, title: str, at: datetime) -> None:
    search.alerted_at = newest
    search.save(update_fields=["alerted_at"])
    notifications.notify(
        user_ids=[search.user_id],
        kind=NoticeKind.SEARCH,
        message=gettext_noop("New for your search “%(name)s”: %(title)s")
        if count == 1
        else gettext_noop("%(count)s new listings for your search “%(name)s”"),
        params={"name": search.name, "title": title, "count": count},
        link=link,
        at=at,
    )

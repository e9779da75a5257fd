"""Listings as their owners, reviewers and everybody see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.core.actor import Actor
from marketplace import policies
from marketplace.core.listing_states import LISTING, ON_RECORD, ListingState
from marketplace.directions import UNITS, Label, direction, fields
from marketplace.models import Listing, ListingDocument, ListingPhoto, ListingStep, ListingVersion
from marketplace.models.listing import ListingQuerySet

MOST_COMPARED = 4


def visible_to(viewer: Actor) -> ListingQuerySet:
    """Return the listings the viewer may read: their party's own and all published; reviewers also what was removed."""
    listings = Listing.objects.joined().defer("search", "search_text")
    if viewer.is_system:
        return listings
    states = ON_RECORD | {ListingState.REMOVED} if policies.reviews_content(viewer) else ON_RECORD
    return listings.filter(Q(state__in=sorted(states)) | Q(owner_id=viewer.own_organisation_id))


def get(code: UUID, *, viewer: Actor) -> Listing:
    """Return one listing with its owner, photos and weekly hours; others than its owner get no reserve price.

    Raises:
        Listing.DoesNotExist: no such listing, or not the viewer's to see.
    """
    listing = visible_to(viewer).prefetch_related("photos", "rules").get(code=code)
    if not policies.may_see_limits(viewer, listing):
        listing.reserve_price_fen = None
    return listing


def own(viewer: Actor, *, state: str = "", words: str = "") -> QuerySet[Listing]:
    """Return the listings of the party the viewer acts for, the last changed first."""
    listings = Listing.objects.of_organisation(viewer.own_organisation_id).joined().defer("search", "search_text")
    if state:
        listings = listings.filter(state=state)
    if words:
        listings = listings.filter(title__icontains=words)
    return listings.order_by("-changed_at", "-id")


def own_counts(viewer: Actor) -> dict[str, int]:
    """Return how many of the party's listings stand in each state."""
    rows = Listing.objects.of_organisation(viewer.own_organisation_id).values_list("state").annotate(Count("id"))
    return {str(state): 0 for state in ListingState} | dict(rows.order_by())


def of_provider(organisation_id: int) -> QuerySet[Listing]:
    """Return what a party has on offer now, the newest first; public."""
    listings = Listing.objects.of_organisation(organisation_id).published().joined().defer("search", "search_text")
    return listings.order_by("-published_at", "-id")


def counts_by_direction() -> dict[str, int]:
    """Return how many listings are published in each direction; public."""
    rows = Listing.objects.published().order_by().values_list("direction").annotate(Count("id"))
    return dict(rows)


def open_moves(listing: Listing, viewer: Actor) -> list[str]:
    """Return the moves open to the viewer; the system's own are not for show."""
    return LISTING.open_moves(listing.state, policies.listing_parties(viewer, listing))


def documents(listing: Listing, *, viewer: Actor) -> QuerySet[ListingDocument]:
    """Return the documents that the viewer may read."""
    found = listing.documents.order_by("added_at", "id")
    return found if policies.reviews_content(viewer) or _is_own(listing, viewer) else found.filter(is_public=True)


def photo(code: UUID, *, viewer: Actor) -> ListingPhoto:
    """Return a picture of a listing that the viewer may see; raises ListingPhoto.DoesNotExist."""
    return ListingPhoto.objects.select_related("listing").get(code=code, listing__in=visible_to(viewer).values("pk"))


def document(code: UUID, *, viewer: Actor) -> ListingDocument:
    """Return a document that the viewer may read; raises ListingDocument.DoesNotExist."""
    found = ListingDocument.objects.select_related("listing").get(
        code=code, listing__in=visible_to(viewer).values("pk")
    )
    if not (found.is_public or policies.reviews_content(viewer) or _is_own(found.listing, viewer)):
        raise ListingDocument.DoesNotExist
    return found


def versions(code: UUID, *, viewer: Actor) -> QuerySet[ListingVersion]:
    """Return every version of a listing that the viewer may see, the newest first.

    Raises:
        Listing.DoesNotExist: no such listing, or not the viewer's to see.
    """
    return get(code, viewer=viewer).versions.order_by("-version")


def steps(listing: Listing, *, viewer: Actor) -> QuerySet[ListingStep]:
    """Return the moves of a listing for its owner and reviewers; for others nothing."""
    found = listing.steps.select_related("by_user").order_by("at", "id")
    return found if policies.reviews_content(viewer) or _is_own(listing, viewer) else found.none()


@dataclass(frozen=True)
class ComparisonRow:
    """One line of a comparison: a label and one text for each listing; differs when they are not all equal."""

    label: Label
    texts: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.texts)) > 1


@dataclass(frozen=True)
class ComparisonTable:
    listings: tuple[Listing, ...]
    rows: tuple[ComparisonRow, ...]


def comparison(codes: Sequence[UUID], *, viewer: Actor) -> ComparisonTable:
    """Return up to four listings of one direction side by side; those of another direction than the first are left out.

    Rows that say nothing for any of them are left out. One query.
    """
    found = {listing.code: listing for listing in visible_to(viewer).filter(code__in=codes[:MOST_COMPARED])}
    listings = [found[code] for code in codes if code in found]
    listings = [listing for listing in listings if listing.direction == listings[0].direction]
    if not listings:
        return ComparisonTable((), ())
    kind = direction(listings[0].direction)
    rows = [
        ComparisonRow(Label("计量单位", "Unit"), tuple(str(UNITS[listing.unit]) for listing in listings)),
        ComparisonRow(
            Label("单价（元）", "Price (CNY)"),
            tuple("" if x.price_fen is None else f"{x.price_fen / 100:.2f}" for x in listings),
        ),
        ComparisonRow(Label("起订量", "Minimum lot"), tuple(str(listing.minimum_lot) for listing in listings)),
        ComparisonRow(Label("备货期（天）", "Lead time (days)"), tuple(str(x.lead_time_days) for x in listings)),
    ]
    rows += [
        ComparisonRow(spec.label, tuple(spec.text(listing.attributes.get(spec.name)) for listing in listings))
        for spec in fields(kind.offer)
    ]
    return ComparisonTable(tuple(listings), tuple(row for row in rows if any(row.texts)))


def _is_own(listing: Listing, viewer: Actor) -> bool:
    return viewer.organisation_id is not None and viewer.organisation_id == listing.owner_id

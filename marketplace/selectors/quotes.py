"""Inquiries and quotes: who may read which, and quotes side by side on more than their price."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.gis.db.models.functions import Distance
from django.db.models import Count, F, Q, QuerySet

from accounts.core.actor import Actor
from marketplace import directions, policies
from marketplace.core.quote_states import LIVE, QUOTE, InquiryState
from marketplace.directions import Fit
from marketplace.models import Demand, Inquiry, Listing, Quote


@dataclass(frozen=True)
class Compared:
    """One quote beside the others.

    Attributes:
        fit: how well the listing meets the demand; None when its attributes no longer parse.
        best_in: the columns in which no other live quote is better: "price", "time", "distance", "fit", "standing".
    """

    quote: Quote
    fit: Fit | None
    distance_m: float | None
    standing: int
    moves: list[str]
    best_in: frozenset[str]


def inquiries_of(viewer: Actor) -> QuerySet[Inquiry]:
    """Return the viewer's own inquiries, newest first, each with its number of live quotes as `n_quotes`."""
    return (
        Inquiry.objects.select_related("demand")
        .filter(consumer_id=viewer.organisation_id)
        .annotate(n_quotes=Count("quotes", filter=Q(quotes__state__in=sorted(LIVE))))
        .order_by("-opened_at", "-id")
    )


def open_inquiries(*, at: datetime, direction: str = "") -> QuerySet[Inquiry]:
    """Return the inquiries that take quotes, soonest to close first; anybody who may quote sees them."""
    rows = Inquiry.objects.select_related("demand", "consumer").filter(state=InquiryState.OPEN, closes_at__gt=at)
    return (rows.filter(demand__direction=direction) if direction else rows).order_by("closes_at", "id")


def quotes_of(viewer: Actor) -> QuerySet[Quote]:
    """Return the quotes that the viewer's organisation has given, newest first."""
    return (
        Quote.objects.select_related("inquiry__demand", "inquiry__consumer", "listing")
        .filter(provider_id=viewer.organisation_id)
        .order_by("-submitted_at", "-id")
    )


def inquiry(code: UUID, *, viewer: Actor) -> Inquiry:
    """Return one inquiry: its consumer and operators always, others while it takes quotes or when they have quoted.

    Raises:
        Inquiry.DoesNotExist: no such inquiry, or none of the viewer's business.
    """
    found = Inquiry.objects.select_related("demand", "consumer").get(code=code)
    own = viewer.organisation_id is not None and viewer.organisation_id == found.consumer_id
    if own or viewer.is_operator or (found.state == InquiryState.OPEN and viewer.is_signed_in):
        return found
    if viewer.organisation_id and found.quotes.filter(provider_id=viewer.organisation_id).exists():
        return found
    raise Inquiry.DoesNotExist


def open_inquiry_of(demand: Demand) -> Inquiry | None:
    """Return the inquiry of a demand that takes quotes, if there is one."""
    return demand.inquiries.filter(state=InquiryState.OPEN).first()


def listings_to_quote_from(demand: Demand, found: Inquiry | None, *, viewer: Actor) -> QuerySet[Listing]:
    """Return the viewer's own listings on offer in the demand's direction, from which they have no live quote yet."""
    if viewer.organisation_id is None:
        return Listing.objects.none()
    own = Listing.objects.published().filter(owner_id=viewer.organisation_id, direction=demand.direction)
    if found is not None:
        own = own.exclude(pk__in=found.quotes.filter(state__in=sorted(LIVE)).values("listing_id"))
    return own.order_by("title", "id")


def get(code: UUID, *, viewer: Actor, at: datetime) -> Quote:
    """Return one quote.

    Raises:
        Quote.DoesNotExist: no such quote, sealed still, or none of the viewer's business.
    """
    found = Quote.objects.select_related("inquiry__demand", "inquiry__consumer", "listing", "provider").get(code=code)
    if not policies.may_see_quote(viewer, found, at=at):
        raise Quote.DoesNotExist
    return found


def moves(quote: Quote, viewer: Actor, *, at: datetime) -> list[str]:
    """Return the moves that `viewer` may make with `quote`; nothing is revised once the inquiry has closed."""
    names = QUOTE.open_moves(quote.state, policies.quote_parties(viewer, quote, at=at))
    is_open = quote.inquiry.state == InquiryState.OPEN
    if not is_open or at >= quote.inquiry.closes_at:
        names = [name for name in names if name != "revise"]
    return [name for name in names if is_open or name != "award"]


def compare(found: Inquiry, *, viewer: Actor, at: datetime) -> list[Compared]:
    """Return the quotes of an inquiry that the viewer may read, cheapest first, with what each is best in."""
    quotes = (
        found.quotes.select_related("listing", "provider")
        .annotate(distance=Distance("listing__place", F("inquiry__demand__place")))
        .order_by("total_fen", "ends_at", "id")
    )
    rows = []
    for quote in quotes:
        quote.inquiry = found
        if policies.may_see_quote(viewer, quote, at=at):
            distance = getattr(quote, "distance", None)
            rows.append(
                Compared(
                    quote=quote,
                    fit=_fit(quote, found.demand),
                    distance_m=distance.m if distance is not None else None,
                    standing=quote.listing.standing,
                    moves=moves(quote, viewer, at=at),
                    best_in=frozenset(),
                )
            )
    return _with_best(rows)


def _with_best(rows: list[Compared]) -> list[Compared]:
    live = [row for row in rows if row.quote.state in LIVE]
    if len(live) < 2:
        return rows
    columns: dict[str, dict[UUID, float]] = {
        "price": {row.quote.code: row.quote.total_fen for row in live},
        "time": {row.quote.code: row.quote.ends_at.timestamp() for row in live},
        "distance": {row.quote.code: row.distance_m for row in live if row.distance_m is not None},
        "fit": {row.quote.code: -row.fit.score for row in live if row.fit is not None},
        "standing": {row.quote.code: -row.standing for row in live},
    }
    # A column in which all are alike has no best one.
    best = {name: min(values.values()) for name, values in columns.items() if len(set(values.values())) > 1}
    return [
        Compared(
            row.quote,
            row.fit,
            row.distance_m,
            row.standing,
            row.moves,
            frozenset(name for name in best if columns[name].get(row.quote.code) == best[name]),
        )
        for row in rows
    ]


def _fit(quote: Quote, demand: Demand) -> Fit | None:
    direction = directions.direction(demand.direction)
    if direction.has_legs:
        return None
    try:
        offer = direction.parse_offer(quote.listing.attributes, quote.listing.attributes_version)
        need = direction.parse_need(demand.attributes, demand.attributes_version)
    except directions.AttributesInvalid:
        return None
    return direction.fit(offer, need)


def is_sealed(found: Inquiry, *, at: datetime) -> bool:
    """Tell whether the seal of an inquiry is still closed."""
    return policies.is_sealed_at(found, at)

"""What the two owners of a tentative deal may see of it, and what operators see of the live market."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Min

from accounts.core.actor import Actor
from matching import policies
from matching.core.own_check import leeway_fen
from matching.core.proposal_states import Party
from matching.models import TentativeDeal

# Any constant of our own: the process that holds this lock is the live market.
LIVE_LOCK = 5_917_003
# More than these at once nobody reads.
MOST = 50


@dataclass(frozen=True)
class TentativeView:
    """A tentative deal as one side sees it.

    Attributes:
        deal: the row, joined with demand, listing, consumer and provider.
        side: which side the viewer is on.
        own_limit_fen: the viewer's own price limit per unit: the most to pay, or the least to receive; None for an
            offer by quote.
        low_fen, high_fen: prices per unit that surely leave nobody else a reason to object. The true range is as wide
            or wider: its ends would tell limits and reserves.
        total_fen: the whole deal at its price.
        may_ask: whether the viewer may have it proposed at once.
    """

    deal: TentativeDeal
    side: Party
    own_limit_fen: int | None
    low_fen: int
    high_fen: int
    total_fen: int
    may_ask: bool


@dataclass(frozen=True)
class LiveFigures:
    """Whether some process is the live market, how many deals it holds, and when the next of them is proposed."""

    is_running: bool
    n_deals: int
    next_at: datetime | None


def of_demand(code: UUID, *, viewer: Actor) -> TentativeView | None:
    """Return the tentative deal of a need of the viewer's, or None."""
    found = TentativeDeal.objects.joined().filter(consumer_id=viewer.own_organisation_id, demand__code=code)
    return next(iter(_seen(found, viewer)), None)


def of_listing(code: UUID, *, viewer: Actor) -> list[TentativeView]:
    """Return the tentative deals of an offer of the viewer's, the soonest first, at most MOST."""
    found = TentativeDeal.objects.joined().filter(provider_id=viewer.own_organisation_id, listing__code=code)
    return _seen(found.order_by("commit_at", "id")[:MOST], viewer)


def mine(viewer: Actor) -> list[TentativeView]:
    """Return the tentative deals in which the viewer's organisation is a side, the soonest first, at most MOST."""
    found = TentativeDeal.objects.joined().of_organisation(viewer.own_organisation_id)
    return _seen(found.order_by("commit_at", "id")[:MOST], viewer)


def figures() -> LiveFigures:
    """Return what operators see: totals, nobody's deal."""
    found = TentativeDeal.objects.aggregate(next_at=Min("commit_at"))
    return LiveFigures(is_running(), TentativeDeal.objects.count(), found["next_at"])


def is_running() -> bool:
    """Tell whether some process is the live market now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = 0 AND objid = %s)",
            [LIVE_LOCK],
        )
        return bool(cursor.fetchone()[0])


def _seen(deals: Iterable[TentativeDeal], viewer: Actor) -> list[TentativeView]:
    return [_view(deal, viewer) for deal in deals]


def _view(deal: TentativeDeal, viewer: Actor) -> TentativeView:
    side = Party.CONSUMER if deal.consumer_id == viewer.own_organisation_id else Party.PROVIDER
    price_fen = deal.unit_price_fen
    leeway = leeway_fen(price_fen, low_fen=deal.low_unit_price_fen, high_fen=deal.high_unit_price_fen)
    return TentativeView(
        deal=deal,
        side=side,
        own_limit_fen=deal.demand.budget_fen if side == Party.CONSUMER else deal.listing.floor_fen,
        low_fen=price_fen - leeway,
        high_fen=price_fen + leeway,
        total_fen=deal.quantity * price_fen + deal.setup_fen,
        may_ask=policies.may_bind(viewer) and deal.asked_at is None,
    )

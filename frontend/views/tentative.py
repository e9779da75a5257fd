"""The best partner of this moment: a panel on the pages of one's own needs and offers, and the wish not to wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.core.actor import Actor
from frontend.requests import actor, now
from marketplace.core.demand_states import DemandState
from marketplace.core.listing_states import ListingState
from marketplace.directions import MatchClass, direction
from marketplace.selectors import demands, listings
from matching.core.proposal_states import Party
from matching.selectors import proposals
from matching.selectors import tentative as select
from matching.selectors.tentative import TentativeView
from matching.services import tentative_deals

# The drawing is this wide, and what is shown takes so much of it.
WIDTH = 100.0
MARGIN = 8.0


@dataclass(frozen=True)
class Drawn:
    """A price range as it is drawn: places from left to right, 0 to 100.

    Attributes:
        own: place of the viewer's own limit, None without one.
    """

    low: float
    high: float
    price: float
    own: float | None

    @property
    def width(self) -> float:
        return round(max(self.high - self.low, 1.0), 2)


@dataclass(frozen=True)
class Shown:
    """One tentative deal in the panel: what is seen of it, its range drawn, and where to ask for an early proposal."""

    view: TentativeView
    range: Drawn
    propose_url: str


@require_GET
@login_required
def of_demand(request: HttpRequest, code: UUID) -> HttpResponse:
    context = demand_panel(demands.own(actor(request)).get(code=code), viewer=actor(request))
    if context is None:
        raise Http404
    return render(request, "tentative/_now.html", context)


@require_GET
@login_required
def of_listing(request: HttpRequest, code: UUID) -> HttpResponse:
    context = listing_panel(listings.own(actor(request)).get(code=code), viewer=actor(request))
    if context is None:
        raise Http404
    return render(request, "tentative/_now.html", context)


@require_GET
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "tentative/_now.html", own_panel(actor(request)))


@require_POST
@login_required
def propose_for_demand(request: HttpRequest, code: UUID, listing: UUID) -> HttpResponse:
    _propose(request, demand=code, listing=listing)
    return redirect("demand", code)


@require_POST
@login_required
def propose_for_listing(request: HttpRequest, code: UUID, demand: UUID) -> HttpResponse:
    _propose(request, demand=demand, listing=code)
    return redirect("listing", code)


def demand_panel(demand: Any, *, viewer: Actor) -> dict[str, Any] | None:
    """Return what the panel on a need's page shows its owner, or None where the live market does not look at it."""
    if demand.state != DemandState.PUBLISHED or direction(demand.direction).matching != MatchClass.UNIT:
        return None
    proposed = proposals.of_demand(demand.code, viewer=viewer).open().first()
    found = select.of_demand(demand.code, viewer=viewer)
    return {
        "now_url": reverse("demand-now", args=[demand.code]),
        "shown": _shown([found] if found and not proposed else []),
        "proposed": proposed,
        "empty": _("Nobody on the market is the best for it right now. As soon as somebody is, it shows here."),
    }


def listing_panel(listing: Any, *, viewer: Actor) -> dict[str, Any] | None:
    """Return what the panel on an offer's page shows its owner, or None where the live market does not look at it."""
    if listing.state != ListingState.PUBLISHED or direction(listing.direction).matching != MatchClass.UNIT:
        return None
    return {
        "now_url": reverse("listing-now", args=[listing.code]),
        "shown": _shown(select.of_listing(listing.code, viewer=viewer)),
        "empty": _("No need is best served by it right now. As soon as one is, it shows here."),
    }


def own_panel(viewer: Actor) -> dict[str, Any]:
    """Return what the panel beside the proposals shows: everything of the viewer's party."""
    return {
        "now_url": reverse("proposals-now"),
        "shown": _shown(select.mine(viewer)),
        "empty": _("None of your needs and offers has a partner right now that is not proposed already."),
    }


def drawn(view: TentativeView) -> Drawn:
    """Return the range of a deal between the viewer's own limit and what lies beyond the range."""
    known = [view.low_fen, view.high_fen, *([] if view.own_limit_fen is None else [view.own_limit_fen])]
    first, last = min(known), max(known)
    span = (last - first) or 1

    def place(fen: int) -> float:
        return round(MARGIN + (WIDTH - 2 * MARGIN) * (fen - first) / span, 2)

    if first == last:
        return Drawn(WIDTH / 2, WIDTH / 2, WIDTH / 2, None)
    own = None if view.own_limit_fen is None else place(view.own_limit_fen)
    return Drawn(place(view.low_fen), place(view.high_fen), place(view.deal.unit_price_fen), own)


def _shown(views: Sequence[TentativeView]) -> list[Shown]:
    return [Shown(view, drawn(view), _propose_url(view)) for view in views]


def _propose_url(view: TentativeView) -> str:
    demand, listing = view.deal.demand.code, view.deal.listing.code
    if view.side == Party.CONSUMER:
        return reverse("demand-propose-now", args=[demand, listing])
    return reverse("listing-propose-now", args=[listing, demand])


def _propose(request: HttpRequest, *, demand: UUID, listing: UUID) -> None:
    tentative_deals.propose_now(demand, listing, by=actor(request), at=now())
    messages.success(request, _("It will be proposed to both of you in a moment."))

"""Demands as their owners, reviewers and everybody see them."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.core.actor import Actor
from common import segmentation
from marketplace import policies
from marketplace.core.demand_states import DEMAND, ON_RECORD, DemandState
from marketplace.models import Demand, DemandStep, DemandVersion
from marketplace.models.demand import DemandQuerySet
from marketplace.selectors.search_query import of_words


def visible_to(viewer: Actor) -> DemandQuerySet:
    """Return the demands the viewer may read: their party's own and all published; reviewers also what was removed."""
    demands = Demand.objects.joined().defer("search", "search_text")
    if viewer.is_system:
        return demands
    states = ON_RECORD | {DemandState.REMOVED} if policies.reviews_content(viewer) else ON_RECORD
    return demands.filter(Q(state__in=sorted(states)) | Q(owner_id=viewer.own_organisation_id))


def get(code: UUID, *, viewer: Actor) -> Demand:
    """Return one demand with its owner and legs; others than its owner get no budget.

    Raises:
        Demand.DoesNotExist: no such demand, or not the viewer's to see.
    """
    demand = visible_to(viewer).get(code=code)
    if not policies.may_see_limits(viewer, demand):
        demand.budget_fen = None
        for leg in demand.legs.all():
            leg.budget_fen = None
    return demand


def own(viewer: Actor, *, state: str = "", words: str = "") -> QuerySet[Demand]:
    """Return the demands of the party the viewer acts for, the last changed first."""
    demands = Demand.objects.of_organisation(viewer.own_organisation_id).joined().defer("search", "search_text")
    if state:
        demands = demands.filter(state=state)
    if words:
        demands = demands.filter(title__icontains=words)
    return demands.order_by("-changed_at", "-id")


def own_counts(viewer: Actor) -> dict[str, int]:
    """Return how many of the party's demands stand in each state."""
    rows = Demand.objects.of_organisation(viewer.own_organisation_id).values_list("state").annotate(Count("id"))
    return {str(state): 0 for state in DemandState} | dict(rows.order_by())


def published(*, direction: str = "", words: str = "", division: str = "") -> QuerySet[Demand]:
    """Return what is wanted now, the newest first, without budgets; public.

    Args:
        division: GB/T 2260 code; 0000 and 00 at its end mean the whole province or city.
    """
    demands = Demand.objects.published().joined().defer("search", "search_text", "budget_fen")
    if direction:
        demands = demands.filter(direction=direction)
    if division:
        demands = demands.filter(division_code__startswith=division.removesuffix("00").removesuffix("00"))
    if asked := segmentation.words_of_query(words):
        demands = demands.filter(search=of_words(asked))
    return demands.order_by("-published_at", "-id")


def counts_by_direction() -> dict[str, int]:
    """Return how many demands are published in each direction; public."""
    rows = Demand.objects.published().order_by().values_list("direction").annotate(Count("id"))
    return dict(rows)


def open_moves(demand: Demand, viewer: Actor) -> list[str]:
    """Return the moves open to the viewer."""
    return DEMAND.open_moves(demand.state, policies.demand_parties(viewer, demand))


def versions(code: UUID, *, viewer: Actor) -> QuerySet[DemandVersion]:
    """Return every version of a demand that the viewer may see, the newest first.

    Raises:
        Demand.DoesNotExist: no such demand, or not the viewer's to see.
    """
    return get(code, viewer=viewer).versions.order_by("-version")


def steps(demand: Demand, *, viewer: Actor) -> QuerySet[DemandStep]:
    """Return the moves of a demand for its owner and reviewers; for others nothing."""
    found = demand.steps.select_related("by_user").order_by("at", "id")
    is_own = viewer.organisation_id is not None and viewer.organisation_id == demand.owner_id
    return found if policies.reviews_content(viewer) or is_own else found.none()

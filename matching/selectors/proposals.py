"""What the two sides of a proposal may see of it, and what a need's owner learns about not being matched."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import Actor
from marketplace.core import parts
from marketplace.directions import Label
from matching import policies
from matching.core import values
from matching.core.own_check import leeway_fen
from matching.core.proposal_states import PROPOSAL, Party
from matching.models import Proposal, ProposalStep, Unmatched
from matching.models.proposal import ProposalQuerySet


@dataclass(frozen=True)
class FitTermView:
    """One aspect of a proposal's fit; its label is in the reader's language."""

    code: str
    label: Label
    score_bp: int


@dataclass(frozen=True)
class ProposalView:
    """A proposal as one side sees it.

    Attributes:
        proposal: the row, joined with round, demand, listing, consumer and provider.
        side: which side the viewer is on.
        own_limit_fen: the viewer's own price limit per unit: the most to pay, or the least to receive; None for the
            provider of an offer by quote, whose least was taken from the other side's limit.
        leeway_fen: by how much the price may surely rise or fall without a reason for anybody else to object.
        moves: what the viewer may do now.
        terms: aspects of the fit, the weightiest first.
        room_fen: how far the price per unit stays inside that limit; negative where a whole bundle makes up for it.
        times: when it is proposed to be, each [start, end); empty where the two sides choose after agreement.
        weeks: begin of each calendar week that it is meant for, and its quantity; empty where no week is promised.
        siblings: the other proposals for the same need that stand or fall with this one; the consumer
            sees them, a provider does not.
    """

    proposal: Proposal
    side: Party
    own_limit_fen: int | None
    leeway_fen: int
    moves: list[str]
    terms: list[FitTermView]
    room_fen: int
    times: list[TimestamptzRange]
    weeks: list[tuple[datetime, int]]
    siblings: list[Proposal]


def mine(viewer: Actor) -> ProposalQuerySet:
    """Return the proposals in which the viewer's organisation is a side, newest first, ready to list."""
    return Proposal.objects.joined().of_organisation(viewer.organisation_id).order_by("-made_at", "rank", "id")


def open_for(viewer: Actor) -> ProposalQuerySet:
    """Return those of `mine` that still wait for a side."""
    return mine(viewer).open()


def get(code: UUID, *, viewer: Actor) -> ProposalView:
    """Return one proposal as the viewer's side sees it.

    Raises:
        Proposal.DoesNotExist: no such proposal, or the viewer is on neither side.
    """
    steps = ProposalStep.objects.select_related("by_organisation").order_by("at", "id")
    proposal = mine(viewer).select_related("next_listing").prefetch_related(Prefetch("steps", steps)).get(code=code)
    side = proposal.side_of(viewer.organisation_id)
    if side is None:
        raise Proposal.DoesNotExist
    is_consumer = side == Party.CONSUMER
    siblings = (
        mine(viewer).filter(bundle=proposal.bundle).exclude(pk=proposal.pk) if is_consumer else mine(viewer).none()
    )
    own_limit_fen = proposal.limit_fen if is_consumer else _own_reserve_fen(proposal)
    return ProposalView(
        proposal=proposal,
        side=side,
        own_limit_fen=own_limit_fen,
        leeway_fen=leeway_fen(
            proposal.unit_price_fen, low_fen=proposal.low_unit_price_fen, high_fen=proposal.high_unit_price_fen
        ),
        moves=PROPOSAL.open_moves(proposal.state, policies.sides(viewer, proposal)),
        terms=_terms(proposal),
        room_fen=0 if own_limit_fen is None else (1 if is_consumer else -1) * (own_limit_fen - proposal.unit_price_fen),
        times=list(proposal.times.order_by("period").values_list("period", flat=True)),
        weeks=[(parts.calendar_week(week)[0], quantity) for week, quantity in proposal.weeks],
        siblings=list(siblings),
    )


def _own_reserve_fen(proposal: Proposal) -> int | None:
    """Return the least the provider takes, None where it was taken from the need's limit and would tell that."""
    share_bp = proposal.round.parameters.get("quote_share_bp", 0)
    assumed = proposal.limit_fen * share_bp // values.BASIS_POINTS
    return None if proposal.reserve_fen == assumed else proposal.reserve_fen


def _terms(proposal: Proposal) -> list[FitTermView]:
    """Return the aspects of the fit; of those that go by one name (class and finer class) the weightiest."""
    by_name: dict[str, FitTermView] = {}
    for term in proposal.fit_terms:
        view = FitTermView(term["code"], Label(term["zh"], term["en"]), round(term["score"] * 10_000))
        by_name.setdefault(term["en"], view)
    return list(by_name.values())


def unmatched(demand_code: UUID, *, viewer: Actor) -> Unmatched | None:
    """Return what the newest round says about a need of the viewer's that it left wanting, or None.

    The offer that came nearest is named only where no limit that would have won it is told: both tell its reserve.
    """
    rows = Unmatched.objects.filter(demand__code=demand_code, owner_id=viewer.organisation_id)
    found = rows.select_related("round", "listing").order_by("-round__at", "-id").first()
    if found and found.missing_fen:
        found.listing = None
    return found


def of_demand(demand_code: UUID, *, viewer: Actor) -> ProposalQuerySet:
    """Return the proposals that rounds made for one need, as far as the viewer is a side, newest first."""
    return mine(viewer).filter(demand__code=demand_code)

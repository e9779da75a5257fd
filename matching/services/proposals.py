"""What the two sides, and time, do to a proposal; when both have accepted it becomes an order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.core.actor import SYSTEM, Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common import audit, events
from common.errors import Refused, gettext_noop
from marketplace.services import order_parties
from matching import policies
from matching.core.proposal_states import OPEN, PROPOSAL, Party, ProposalState
from matching.models import Proposal, ProposalStep
from matching.services import proposal_orders, proposal_times


class ProposalExpired(Refused):
    """The time to answer is over, even where the clock's own move has not come by yet."""


@transaction.atomic
def accept(code: UUID, *, by: Actor, at: datetime) -> Proposal:
    """Say yes for `by`'s side; the second yes makes an order.

    A consumer who wants all or nothing accepts all parts of the bundle at once; each provider answers for
    its own part, and the order comes with the last yes.

    Raises:
        Proposal.DoesNotExist: no such proposal, or `by` is on neither side.
        TransitionRefused: this side has answered already, or it is over.
        ProposalExpired: the time to answer is over.
        DealingNeedsVerification, StandingRestricts: one of the two may not agree to it.
        ProposedTimeGone: somebody else has the proposed time meanwhile, or it is not offered any more.
        Refused: the marketplace cannot make the order, as when the offer was taken meanwhile.
    """
    proposal, family = _locked(code, by=by)
    if proposal.expires_at <= at:
        raise ProposalExpired(
            gettext_noop("The time to answer this proposal is over."),
            fix=gettext_noop("The next round looks at this need again."),
        )
    side = _side(proposal, by)
    PROPOSAL.target(proposal.state, "accept", {side})
    order_parties.require_dealable(proposal.party_ids(), total_fen=proposal.total_fen, by=by, at=at)
    _move(proposal, "accept", side=side, by=by, at=at)
    if proposal.is_whole and side == Party.CONSUMER:
        for part in _others(proposal, family):
            if "accept" in PROPOSAL.open_moves(part.state, {side}):
                _move(part, "accept", side=side, by=by, at=at)
    deal = family if proposal.is_whole else [proposal]
    if all(part.state == ProposalState.AGREED for part in deal):
        proposal_orders.conclude(deal, by=by, at=at)
    else:
        _tell_other_side(
            proposal, by, gettext_noop("The other side accepts a proposal; your answer is awaited."), at=at
        )
    audit.record("proposal.accept", proposal, by=by, at=at)
    return proposal


@transaction.atomic
def decline(code: UUID, *, by: Actor, at: datetime, reason: str = "") -> Proposal:
    """Say no for `by`'s side; the other parts of an all-or-nothing bundle fall with it.

    Raises:
        Proposal.DoesNotExist: no such proposal, or `by` is on neither side.
        TransitionRefused: it is over.
    """
    proposal, family = _locked(code, by=by)
    _move(proposal, "decline", side=_side(proposal, by), by=by, at=at, reason=reason[:500])
    _withdraw_rest(proposal, family, at=at)
    _tell_other_side(proposal, by, gettext_noop("The other side declined a proposal."), at=at)
    audit.record("proposal.decline", proposal, by=by, at=at)
    return proposal


def expire_due(*, by: Actor, at: datetime) -> int:
    """End every open proposal whose time to answer is over, and what stands or falls with it; return how many."""
    due = Proposal.objects.open().filter(expires_at__lte=at).order_by("expires_at", "id")
    ended = 0
    for code in due.values_list("code", flat=True):
        with transaction.atomic():
            family = _family(code)
            proposal = next(part for part in family if part.code == code)
            if proposal.state in OPEN:  # else it was answered, or fell, a moment ago
                _move(proposal, "expire", side=Party.SYSTEM, by=by, at=at)
                _withdraw_rest(proposal, family, at=at)
                ended += 1
    return ended


def _locked(code: UUID, *, by: Actor) -> tuple[Proposal, list[Proposal]]:
    family = _family(code)
    proposal = next(part for part in family if part.code == code)
    if not policies.sides(by, proposal):
        raise Proposal.DoesNotExist
    return proposal, family


def _family(code: UUID) -> list[Proposal]:
    """Lock and return all proposals of the same need and round, in one order for all callers."""
    bundle = Proposal.objects.values_list("bundle", flat=True).get(code=code)
    rows = Proposal.objects.select_for_update(of=("self",)).joined().filter(bundle=bundle)
    return list(rows.order_by("id"))


def _others(proposal: Proposal, family: Sequence[Proposal]) -> list[Proposal]:
    return [part for part in family if part.pk != proposal.pk]


def _side(proposal: Proposal, by: Actor) -> Party:
    return next(iter(policies.sides(by, proposal)))


def _move(proposal: Proposal, name: str, *, side: Party, by: Actor, at: datetime, reason: str = "") -> None:
    source = proposal.state
    proposal.state = PROPOSAL.target(source, name, {side})
    if proposal.state not in OPEN:
        proposal.ended_at = at
        proposal_times.release(proposal)
    proposal.save(update_fields=["state", "ended_at"])
    ProposalStep.objects.create(
        proposal=proposal,
        move=name,
        source_state=source,
        target_state=proposal.state,
        by_user_id=by.user_id,
        by_organisation_id=by.organisation_id,
        at=at,
        reason=reason,
    )
    events.publish(
        f"proposal.{proposal.state}",
        audience=proposal.party_ids(),
        proposal=proposal.code,
        demand=proposal.demand.code,
        round=proposal.round.code,
    )


def _withdraw_rest(proposal: Proposal, family: Sequence[Proposal], *, at: datetime) -> None:
    if not proposal.is_whole:
        return
    for part in _others(proposal, family):
        if "withdraw" in PROPOSAL.open_moves(part.state, {Party.SYSTEM}) and part.order_code is None:
            _move(part, "withdraw", side=Party.SYSTEM, by=SYSTEM, at=at)


def _tell_other_side(proposal: Proposal, by: Actor, message: str, *, at: datetime) -> None:
    notifications.notify(
        organisation_ids=[party for party in proposal.party_ids() if party != by.organisation_id],
        kind=NoticeKind.MATCH,
        message=message,
        link=f"/proposals/{proposal.code}",
        at=at,
    )

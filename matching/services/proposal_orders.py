"""A proposal that every side accepted becomes an order of the marketplace."""

from collections.abc import Sequence
from datetime import datetime

from accounts.core.actor import Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common.errors import Refused, gettext_noop
from marketplace.core import parts
from marketplace.core.deal import Acceptance, Line
from marketplace.core.parts import Part, Slot
from marketplace.services import orders
from marketplace.services.bookings import SlotClosed, SlotTaken
from matching.models import Proposal, ProposalStep


class ProposedTimeGone(Refused):
    """The hours that a proposal names can no longer be booked."""


def conclude(deal: Sequence[Proposal], *, by: Actor, at: datetime) -> None:
    """Make the order of an accepted proposal, or of all parts of an accepted bundle, and remember its code.

    Raises:
        ProposedTimeGone: somebody else has the proposed time meanwhile, or it is not offered any more.
        Refused: the marketplace cannot make it, as when an offer was withdrawn or taken meanwhile.
    """
    first = deal[0]
    try:
        order = orders.from_match(
            [_line(proposal, at) for proposal in deal],
            demand_code=first.demand.code,
            proposal_code=first.bundle if len(deal) > 1 else first.code,
            acceptances=_acceptances(deal),
            by=by,
            at=at,
        )
    except (SlotTaken, SlotClosed) as gone:
        raise ProposedTimeGone(
            gettext_noop("The proposed time is gone: it was booked meanwhile, or is no longer offered."),
            fix=gettext_noop("Let this proposal lapse: the next round looks for another time."),
        ) from gone
    for proposal in deal:
        proposal.order_code = order.code
        proposal.save(update_fields=["order_code"])
    notifications.notify(
        organisation_ids=sorted({party for proposal in deal for party in proposal.party_ids()}),
        kind=NoticeKind.DEAL,
        message=gettext_noop("Both sides accepted a proposal; the order is made."),
        link=f"/orders/{order.code}",
        at=at,
    )


def _line(proposal: Proposal, at: datetime) -> Line:
    slots = [Slot(time.period.lower, time.period.upper) for time in proposal.times.order_by("period")]
    start = proposal.period.lower if proposal.period else None
    end = proposal.period.upper if proposal.period else None
    return Line(
        listing_code=proposal.listing.code,
        quantity=proposal.quantity,
        unit_price_fen=proposal.unit_price_fen,
        setup_fen=proposal.setup_fen,
        start=slots[0].start if slots else start,
        end=slots[-1].end if slots else end,
        slots=slots,
        weeks=_weeks(proposal, at),
    )


def _weeks(proposal: Proposal, at: datetime) -> list[Part]:
    """Return what was matched for each week, within the period and from now on."""
    found = []
    for week, quantity in proposal.weeks:
        start, end = parts.calendar_week(week)
        if proposal.period:
            start, end = max(start, proposal.period.lower or start), min(end, proposal.period.upper or end)
        found.append(Part(max(start, at), end, quantity))
    return found


def _acceptances(deal: Sequence[Proposal]) -> list[Acceptance]:
    """Return each side's yes once, the consumer's and every provider's, from the steps that gave it."""
    steps = ProposalStep.objects.filter(proposal__in=deal, move="accept").order_by("-at", "-id")
    by_party = {
        step.by_organisation_id: Acceptance(step.by_organisation_id, step.by_user_id, step.at)
        for step in steps
        if step.by_organisation_id is not None
    }
    return list(by_party.values())

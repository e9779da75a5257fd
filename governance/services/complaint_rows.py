"""Move a locked complaint by its table: clocks, pauses, history, notices and what follows for the order."""

from datetime import datetime

from accounts.core.actor import Actor
from common import events
from governance.core.complaint_clocks import LIMITS
from governance.core.complaint_inputs import StepWords
from governance.core.complaint_states import CLOSED, COMPLAINT, PAUSED, ComplaintParty, ComplaintState
from governance.models import Complaint, ComplaintStep, Pause
from governance.selectors import limits
from governance.selectors.limits import Clock


def move(
    complaint: Complaint, name: str, *, parties: frozenset[ComplaintParty], words: StepWords, by: Actor, at: datetime
) -> None:
    """Make move `name`, keep clocks and pauses, save and add the step.

    Raises:
        TransitionRefused: the move does not start here, or it is not for any of `parties`.
    """
    source = ComplaintState(complaint.state)
    target = ComplaintState(COMPLAINT.target(source, name, parties))
    complaint.state = target
    if target is not source:
        _pause(complaint, source, target, reason=words.text, at=at)
        complaint.since_at = at
        if target in CLOSED:
            complaint.closed_at = complaint.closed_at or at
        elif source in CLOSED:
            complaint.closed_at = None
        set_clocks(complaint)
    complaint.save()
    ComplaintStep.objects.create(
        complaint=complaint,
        move=name,
        source=source,
        target=target,
        party=_as(parties, name, source),
        user_id=by.user_id,
        text=words.text,
        offer_fen=words.offer_fen,
        at=at,
    )
    audience = [complaint.complainant_id] + ([complaint.respondent_id] if complaint.accepted_at else [])
    events.publish(f"complaint.{name}", audience=audience, complaint=complaint.code)


def set_clocks(complaint: Complaint) -> None:
    """Set both deadlines of the present state, and whether they may still change with a year's notice."""
    code = LIMITS.get(ComplaintState(complaint.state))
    due = limits.clock(code, complaint.since_at) if code else limits.NO_CLOCK
    stop = limits.NO_CLOCK
    if complaint.accepted_at and complaint.state not in CLOSED:
        stop = _hard_stop(complaint, complaint.accepted_at)
    complaint.due_at, complaint.is_due_provisional = due
    complaint.hard_stop_at, complaint.is_hard_stop_provisional = stop


def _hard_stop(complaint: Complaint, accepted_at: datetime) -> Clock:
    over = complaint.pauses.filter(from_at__gte=accepted_at, until_at__isnull=False)
    pauses = [(pause.from_at, pause.until_at) for pause in over if pause.until_at is not None]
    return limits.outer_clock("complaint.hard_stop", accepted_at, pauses)


def _pause(complaint: Complaint, source: str, target: str, *, reason: str, at: datetime) -> None:
    if source in PAUSED:
        Pause.objects.filter(complaint=complaint, until_at__isnull=True).update(until_at=at)
    if target in PAUSED:
        Pause.objects.create(complaint=complaint, reason=reason[:200], from_at=at)


def _as(parties: frozenset[ComplaintParty], name: str, source: str) -> ComplaintParty:
    allowed = {str(party) for m in COMPLAINT.moves if m.name == name and source in m.sources for party in m.parties}
    return next(ComplaintParty(party) for party in ComplaintParty if party in parties and party in allowed)

"""Move a locked complaint by its table: clocks, pauses, history, notices and what follows for the order."""

from datetime import date, datetime

from accounts.core.actor import Actor
from common import events, working_days
from common.working_days import CHINA, CalendarMissingError
from governance.core.complaint_clocks import LIMITS
from governance.core.complaint_inputs import StepWords
from governance.core.complaint_states import CLOSED, COMPLAINT, PAUSED, ComplaintParty, ComplaintState
from governance.models import Complaint, ComplaintStep, Pause
from governance.selectors import limits


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
    """Set both deadlines of the present state; None where the calendar of that year is not published yet."""
    code = LIMITS.get(ComplaintState(complaint.state))
    complaint.due_at = _deadline(code, complaint.since_at) if code else None
    complaint.hard_stop_at = None
    if complaint.accepted_at and complaint.state not in CLOSED:
        complaint.hard_stop_at = _hard_stop(complaint)


def _deadline(code: str, at: datetime) -> datetime | None:
    try:
        return limits.deadline(code, at)
    except CalendarMissingError:
        return None


def _hard_stop(complaint: Complaint) -> datetime | None:
    if complaint.accepted_at is None:
        return None
    days = limits.in_force("complaint.hard_stop", complaint.accepted_at).value
    try:
        for pause in complaint.pauses.filter(from_at__gte=complaint.accepted_at, until_at__isnull=False):
            if pause.until_at is not None:
                days += working_days.count(_day(pause.from_at), _day(pause.until_at))
        return working_days.deadline(complaint.accepted_at, days)
    except CalendarMissingError:
        return None


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _pause(complaint: Complaint, source: str, target: str, *, reason: str, at: datetime) -> None:
    if source in PAUSED:
        Pause.objects.filter(complaint=complaint, until_at__isnull=True).update(until_at=at)
    if target in PAUSED:
        Pause.objects.create(complaint=complaint, reason=reason[:200], from_at=at)


def _as(parties: frozenset[ComplaintParty], name: str, source: str) -> ComplaintParty:
    allowed = {str(party) for m in COMPLAINT.moves if m.name == name and source in m.sources for party in m.parties}
    return next(ComplaintParty(party) for party in ComplaintParty if party in parties and party in allowed)

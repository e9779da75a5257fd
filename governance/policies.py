"""Who is what in a rating, a complaint or a report: predicates over an actor and a row."""

from accounts.core.actor import Actor, Role
from governance.core.complaint_states import ComplaintParty
from governance.core.report_states import ReportParty
from governance.models import Complaint, Rating

_SPEAKING_ROLES = (Role.OWNER, Role.MANAGER)


def may_speak_for(actor: Actor, organisation_id: int | None) -> bool:
    """Whether `actor` may rate, complain and settle in the name of the organisation."""
    return organisation_id is not None and actor.organisation_id == organisation_id and actor.has(*_SPEAKING_ROLES)


def is_mediator(actor: Actor) -> bool:
    return actor.has(Role.MEDIATOR, Role.OPERATOR)


def complaint_parties(actor: Actor, complaint: Complaint) -> frozenset[ComplaintParty]:
    """Return as what `actor` may move `complaint`; a mediator never in a matter of their own party."""
    parties: set[ComplaintParty] = set()
    if actor.is_system:
        parties.add(ComplaintParty.SYSTEM)
    if may_speak_for(actor, complaint.complainant_id):
        parties.add(ComplaintParty.COMPLAINANT)
    elif may_speak_for(actor, complaint.respondent_id) and complaint.accepted_at is not None:
        parties.add(ComplaintParty.RESPONDENT)
    elif is_mediator(actor) and actor.organisation_id not in (complaint.complainant_id, complaint.respondent_id):
        parties.add(ComplaintParty.MEDIATOR)
    return frozenset(parties)


def may_see_complaint(actor: Actor, complaint: Complaint) -> bool:
    """The complainant; the respondent once the platform has accepted it; mediators once it is submitted."""
    if actor.is_system:
        return True
    if actor.organisation_id is not None and actor.organisation_id == complaint.complainant_id:
        return True
    if actor.organisation_id is not None and actor.organisation_id == complaint.respondent_id:
        return complaint.accepted_at is not None
    return is_mediator(actor) and complaint.submitted_at is not None


def report_parties(actor: Actor) -> frozenset[ReportParty]:
    """Return as what `actor` may move reports."""
    parties: set[ReportParty] = set()
    if actor.is_system:
        parties.add(ReportParty.SYSTEM)
    if actor.has(Role.OPERATOR, Role.REVIEWER):
        parties.add(ReportParty.STAFF)
    return frozenset(parties)


def may_hide(actor: Actor, rating: Rating) -> bool:
    """An operator who belongs to neither side."""
    return actor.is_operator and actor.organisation_id not in (rating.rater_id, rating.rated_id)

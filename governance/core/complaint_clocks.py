"""Which limit runs in which state of a complaint, and which move SYSTEM makes when it has run out."""

from governance.core.complaint_states import CLOSED, ComplaintState

S = ComplaintState

LIMITS: dict[ComplaintState, str] = {
    S.SUBMITTED: "complaint.acknowledge",
    S.ACKNOWLEDGED: "complaint.accept",
    S.NEED_INFO: "complaint.give_info",
    S.REOPENED: "complaint.accept",
    S.ACCEPTED: "complaint.reply",
    S.SELLER_REPLY: "complaint.negotiate",
    S.NEGOTIATION: "complaint.negotiate",
    S.MEDIATION: "complaint.propose",
    S.PROPOSAL: "complaint.answer",
    S.DEFAULT_DECISION: "complaint.decide",
    S.AGREED: "complaint.perform",
    S.PERFORMING: "complaint.confirm",
    **{state: "complaint.archive" for state in CLOSED if state is not S.ARCHIVED},
}

# Where a party is silent, SYSTEM moves on. Where the platform or a promise is late, nothing moves: it shows as overdue.
ON_TIMEOUT: dict[ComplaintState, str] = {
    S.NEED_INFO: "expire",
    S.ACCEPTED: "default",
    S.SELLER_REPLY: "mediate",
    S.NEGOTIATION: "mediate",
    S.PROPOSAL: "end_mediation",
    S.PERFORMING: "lapse",
    **{state: "archive" for state in CLOSED if state is not S.ARCHIVED},
}

# The law's outer limit ends a mediation that found no agreement.
ON_HARD_STOP: dict[ComplaintState, str] = {S.MEDIATION: "end_mediation", S.PROPOSAL: "end_mediation"}

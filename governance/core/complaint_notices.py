"""Whom a step of a complaint is told to, and in which words."""

from common.errors import gettext_noop
from governance.core.complaint_states import ComplaintParty as P

_BOTH = (P.COMPLAINANT, P.RESPONDENT)

NOTICES: dict[str, tuple[tuple[P, ...], str]] = {
    "acknowledge": ((P.COMPLAINANT,), gettext_noop("Your complaint “%(title)s” has been received by a mediator.")),
    "ask_info": ((P.COMPLAINANT,), gettext_noop("Your complaint “%(title)s” needs more information from you.")),
    "accept": (_BOTH, gettext_noop("The complaint “%(title)s” is accepted. The other side is asked to reply.")),
    "refuse": (
        (P.COMPLAINANT,),
        gettext_noop("Your complaint “%(title)s” was not accepted; see why."),
    ),
    "reply": ((P.COMPLAINANT,), gettext_noop("The other side has replied to your complaint “%(title)s”.")),
    "default": (_BOTH, gettext_noop("No reply came to the complaint “%(title)s” in time. The platform now decides.")),
    "settle": (_BOTH, gettext_noop("The complaint “%(title)s” is settled: the offer was taken.")),
    "negotiate": ((P.RESPONDENT,), gettext_noop("The complaint “%(title)s” goes on: the other side wishes to talk.")),
    "say": (_BOTH, gettext_noop("There is a new message in the complaint “%(title)s”.")),
    "mediate": (_BOTH, gettext_noop("The complaint “%(title)s” is now with a mediator.")),
    "propose": (_BOTH, gettext_noop("The mediator has made a proposal in the complaint “%(title)s”. Please answer.")),
    "appraise": (_BOTH, gettext_noop("The complaint “%(title)s” waits for an appraisal; its clock stands still.")),
    "appraised": (_BOTH, gettext_noop("The appraisal in the complaint “%(title)s” is in; mediation goes on.")),
    "agree": (_BOTH, gettext_noop("One side has accepted the proposal in the complaint “%(title)s”.")),
    "conclude": (_BOTH, gettext_noop("Both sides agree in the complaint “%(title)s”.")),
    "decline": (_BOTH, gettext_noop("The proposal in the complaint “%(title)s” was declined; mediation goes on.")),
    "end_mediation": (_BOTH, gettext_noop("Mediation of the complaint “%(title)s” ended without agreement.")),
    "decide": (_BOTH, gettext_noop("The platform has decided the complaint “%(title)s”.")),
    "perform": ((P.COMPLAINANT,), gettext_noop("The other side says that “%(title)s” is put right. Please confirm.")),
    "confirm": ((P.RESPONDENT,), gettext_noop("The complaint “%(title)s” is resolved.")),
    "lapse": (_BOTH, gettext_noop("Nobody objected in time: the complaint “%(title)s” counts as resolved.")),
    "breach": (_BOTH, gettext_noop("What was agreed in the complaint “%(title)s” was not done; mediation goes on.")),
    "escalate": ((P.RESPONDENT,), gettext_noop("The complaint “%(title)s” is taken to another place.")),
    "reopen": (_BOTH, gettext_noop("The complaint “%(title)s” is reopened.")),
    "withdraw": ((P.RESPONDENT,), gettext_noop("The complaint “%(title)s” is withdrawn.")),
    "expire": (
        (P.COMPLAINANT,),
        gettext_noop("Your complaint “%(title)s” ended: no answer came in time."),
    ),
}

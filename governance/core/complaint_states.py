"""How a complaint goes: who may take which step from where."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class ComplaintState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    NEED_INFO = "need_info"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    SELLER_REPLY = "seller_reply"
    NEGOTIATION = "negotiation"
    MEDIATION = "mediation"
    APPRAISAL = "appraisal"
    PROPOSAL = "proposal"
    NO_AGREEMENT = "no_agreement"
    AGREED = "agreed"
    PERFORMING = "performing"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    DEFAULT_DECISION = "default_decision"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    ARCHIVED = "archived"


class ComplaintParty(StrEnum):
    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    MEDIATOR = "mediator"
    SYSTEM = "system"


S = ComplaintState

CLOSED = frozenset({S.NOT_ACCEPTED, S.NO_AGREEMENT, S.RESOLVED, S.WITHDRAWN, S.ESCALATED, S.ARCHIVED})
BEFORE_AGREEMENT = frozenset(
    {
        S.DRAFT,
        S.SUBMITTED,
        S.ACKNOWLEDGED,
        S.NEED_INFO,
        S.ACCEPTED,
        S.SELLER_REPLY,
        S.NEGOTIATION,
        S.MEDIATION,
        S.APPRAISAL,
        S.PROPOSAL,
        S.DEFAULT_DECISION,
    }
)
_COMPLAINANT, _RESPONDENT, _MEDIATOR, _SYSTEM = ({party} for party in ComplaintParty)
_PARTIES = _COMPLAINANT | _RESPONDENT

COMPLAINT = StateMachine(
    "complaint",
    initial=S.DRAFT,
    moves=(
        #    move             from                                       to                  asked for by
        move("submit",        {S.DRAFT},                                 S.SUBMITTED,        _COMPLAINANT),
        move("acknowledge",   {S.SUBMITTED},                             S.ACKNOWLEDGED,     _MEDIATOR),
        move("ask_info",      {S.ACKNOWLEDGED},                          S.NEED_INFO,        _MEDIATOR),
        move("give_info",     {S.NEED_INFO},                             S.ACKNOWLEDGED,     _COMPLAINANT),
        move("accept",        {S.ACKNOWLEDGED, S.REOPENED},              S.ACCEPTED,         _MEDIATOR),
        move("refuse",        {S.ACKNOWLEDGED, S.REOPENED},              S.NOT_ACCEPTED,     _MEDIATOR),
        move("reply",         {S.ACCEPTED, S.DEFAULT_DECISION},          S.SELLER_REPLY,     _RESPONDENT),
        move("default",       {S.ACCEPTED},                              S.DEFAULT_DECISION, _SYSTEM),
        move("settle",        {S.SELLER_REPLY, S.NEGOTIATION},           S.AGREED,           _COMPLAINANT),
        move("negotiate",     {S.SELLER_REPLY},                          S.NEGOTIATION,      _COMPLAINANT),
        move("say",           {S.NEGOTIATION},                           S.NEGOTIATION,      _PARTIES),
        move("say",           {S.MEDIATION},                             S.MEDIATION,        _PARTIES | _MEDIATOR),
        move("mediate",       {S.SELLER_REPLY, S.NEGOTIATION},           S.MEDIATION,        _PARTIES | _SYSTEM),
        move("propose",       {S.MEDIATION},                             S.PROPOSAL,         _MEDIATOR),
        move("appraise",      {S.MEDIATION},                             S.APPRAISAL,        _MEDIATOR),
        move("appraised",     {S.APPRAISAL},                             S.MEDIATION,        _MEDIATOR),
        move("agree",         {S.PROPOSAL},                              S.PROPOSAL,         _PARTIES),
        move("conclude",      {S.PROPOSAL},                              S.AGREED,           _SYSTEM),
        move("decline",       {S.PROPOSAL},                              S.MEDIATION,        _PARTIES),
        move("end_mediation", {S.MEDIATION, S.PROPOSAL},                 S.NO_AGREEMENT,     _MEDIATOR | _SYSTEM),
        move("decide",        {S.DEFAULT_DECISION},                      S.AGREED,           _MEDIATOR),
        move("perform",       {S.AGREED},                                S.PERFORMING,       _RESPONDENT),
        move("confirm",       {S.AGREED, S.PERFORMING},                  S.RESOLVED,         _COMPLAINANT),
        move("lapse",         {S.PERFORMING},                            S.RESOLVED,         _SYSTEM),
        move("breach",        {S.AGREED, S.PERFORMING},                  S.MEDIATION,        _COMPLAINANT),
        move("escalate",      {S.NOT_ACCEPTED, S.NO_AGREEMENT, S.DEFAULT_DECISION}, S.ESCALATED, _COMPLAINANT),
        move("reopen",        {S.RESOLVED, S.NOT_ACCEPTED, S.NO_AGREEMENT}, S.REOPENED,      _COMPLAINANT),
        move("withdraw",      BEFORE_AGREEMENT,                          S.WITHDRAWN,        _COMPLAINANT),
        move("expire",        {S.NEED_INFO},                             S.WITHDRAWN,        _SYSTEM),
        move("archive",       CLOSED - {S.ARCHIVED},                     S.ARCHIVED,         _SYSTEM),
    ),
)  # fmt: skip

OPEN = COMPLAINT.states() - CLOSED - {S.DRAFT}  # the order stands still in these
# The outer clock stands still: it waits for the complainant, or for an appraisal.
PAUSED = frozenset({S.NEED_INFO, S.APPRAISAL})
# Waits for the platform.
FOR_STAFF = frozenset({S.SUBMITTED, S.ACKNOWLEDGED, S.MEDIATION, S.DEFAULT_DECISION, S.REOPENED})

"""How a report of illegal content goes; the reporter is never a party to it."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class ReportState(StrEnum):
    RECEIVED = "received"
    TRIAGED = "triaged"
    VERIFIED = "verified"
    UNFOUNDED = "unfounded"
    MEASURE = "measure"
    CLUE_SENT = "clue_sent"
    INFORMED = "informed"


class ReportParty(StrEnum):
    STAFF = "staff"
    SYSTEM = "system"


class ReportCategory(StrEnum):
    PROHIBITED = "prohibited"
    NO_LICENCE = "no_licence"
    FALSE_ADVERTISING = "false_advertising"
    FRAUD = "fraud"
    INFRINGEMENT = "infringement"
    PERSONAL_DATA = "personal_data"
    PRICE = "price"
    OTHER = "other"


S = ReportState
P = ReportParty

REPORT = StateMachine(
    "report",
    initial=S.RECEIVED,
    moves=(
        #    move          from                                     to            asked for by
        move("triage",     {S.RECEIVED},                            S.TRIAGED,    {P.STAFF}),
        move("verify",     {S.TRIAGED},                             S.VERIFIED,   {P.STAFF}),
        move("dismiss",    {S.TRIAGED},                             S.UNFOUNDED,  {P.STAFF}),
        move("measure",    {S.VERIFIED},                            S.MEASURE,    {P.STAFF}),
        move("send_clue",  {S.VERIFIED, S.MEASURE},                 S.CLUE_SENT,  {P.STAFF}),
        move("inform",     {S.UNFOUNDED, S.MEASURE, S.CLUE_SENT},   S.INFORMED,   {P.STAFF, P.SYSTEM}),
    ),
)  # fmt: skip

OPEN = frozenset({S.RECEIVED, S.TRIAGED, S.VERIFIED, S.UNFOUNDED, S.MEASURE, S.CLUE_SENT})

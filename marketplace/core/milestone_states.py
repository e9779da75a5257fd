"""Where one part of a task order may stand: handed in, accepted, or sent back."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class MilestoneState(StrEnum):
    PLANNED = "planned"
    SUBMITTED = "submitted"
    REWORK = "rework"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class MilestoneParty(StrEnum):
    CONSUMER = "consumer"
    PROVIDER = "provider"
    SYSTEM = "system"


S, P = MilestoneState, MilestoneParty

MILESTONE = StateMachine(
    "milestone",
    initial=S.PLANNED,
    moves=(
        #    move          from                                   to            asked for by
        move("submit",      {S.PLANNED, S.REWORK},                 S.SUBMITTED,  {P.PROVIDER}),
        move("accept",      {S.SUBMITTED},                         S.ACCEPTED,   {P.CONSUMER, P.SYSTEM}),
        move("ask_rework",  {S.SUBMITTED},                         S.REWORK,     {P.CONSUMER}),
        move("cancel",      {S.PLANNED, S.SUBMITTED, S.REWORK},    S.CANCELLED,  {P.SYSTEM}),
    ),
)  # fmt: skip

DONE = frozenset({S.ACCEPTED})

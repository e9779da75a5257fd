"""The life of a round that was asked for, until it is written."""

from datetime import timedelta
from enum import StrEnum

from common.state_machine import StateMachine, move


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunParty(StrEnum):
    OPERATOR = "operator"
    SYSTEM = "system"


class RunStep(StrEnum):
    """What a running round is at; solving alone counts its parts."""

    GATHER = "gather"
    SOLVE = "solve"
    VERIFY = "verify"
    WRITE = "write"


S, P = RunState, RunParty

RUN = StateMachine(
    "round run",
    initial=S.WAITING,
    moves=(
        #    move        from                       to             asked for by
        move("begin",    {S.WAITING},               S.RUNNING,     {P.SYSTEM}),
        move("finish",   {S.RUNNING},               S.DONE,        {P.SYSTEM}),
        move("fail",     {S.RUNNING},               S.FAILED,      {P.SYSTEM}),
        move("cancel",   {S.WAITING, S.RUNNING},    S.CANCELLED,   {P.OPERATOR}),
    ),
)  # fmt: skip

OPEN = frozenset({S.WAITING, S.RUNNING})
SILENT_AFTER = timedelta(minutes=2)  # a running round that nobody works on then is given up

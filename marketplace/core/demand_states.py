"""The life of a demand."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class DemandState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    MATCHED = "matched"
    CLOSED = "closed"
    EXPIRED = "expired"
    REMOVED = "removed"


class DemandParty(StrEnum):
    CONSUMER = "consumer"
    OPERATOR = "operator"
    SYSTEM = "system"


S, P = DemandState, DemandParty

DEMAND = StateMachine(
    "demand",
    initial=S.DRAFT,
    moves=(
        #    move       from                                          to            asked for by
        move("publish", {S.DRAFT, S.EXPIRED},                         S.PUBLISHED,  {P.CONSUMER}),
        # Orders cover all of it; reopened when one of them falls through.
        move("match",   {S.PUBLISHED},                                S.MATCHED,    {P.SYSTEM, P.CONSUMER}),
        move("reopen",  {S.MATCHED},                                  S.PUBLISHED,  {P.SYSTEM, P.CONSUMER}),
        move("close",   {S.DRAFT, S.PUBLISHED, S.MATCHED, S.EXPIRED}, S.CLOSED,     {P.CONSUMER}),
        move("expire",  {S.PUBLISHED},                                S.EXPIRED,    {P.SYSTEM}),
        move("remove",  {S.PUBLISHED, S.MATCHED, S.CLOSED, S.EXPIRED}, S.REMOVED,   {P.OPERATOR}),
        move("restore", {S.REMOVED},                                  S.CLOSED,     {P.OPERATOR}),
    ),
)  # fmt: skip

EDITABLE = frozenset({S.DRAFT, S.PUBLISHED, S.EXPIRED})
ON_RECORD = frozenset({S.PUBLISHED, S.MATCHED, S.CLOSED, S.EXPIRED})

"""Where one use of a listing may stand, and when it takes the machine's time."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class BookingState(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    IN_USE = "in_use"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class BookingParty(StrEnum):
    CONSUMER = "consumer"
    PROVIDER = "provider"
    SYSTEM = "system"


S, P = BookingState, BookingParty

BOOKING = StateMachine(
    "booking",
    initial=S.REQUESTED,
    moves=(
        #    move       from                          to            asked for by
        move("confirm",  {S.REQUESTED},                S.CONFIRMED,  {P.SYSTEM}),
        move("decline",  {S.REQUESTED},                S.DECLINED,   {P.SYSTEM}),
        move("start",    {S.CONFIRMED},                S.IN_USE,     {P.PROVIDER}),
        move("finish",   {S.IN_USE},                   S.COMPLETED,  {P.PROVIDER, P.CONSUMER, P.SYSTEM}),
        move("cancel",   {S.REQUESTED},                S.CANCELLED,  {P.SYSTEM}),
        move("cancel",   {S.CONFIRMED},                S.CANCELLED,  {P.CONSUMER, P.PROVIDER, P.SYSTEM}),
        move("miss",     {S.CONFIRMED},                S.NO_SHOW,    {P.PROVIDER, P.SYSTEM}),
    ),
)  # fmt: skip

# A slot is taken in these states and in no other: a request holds it until it is answered or expires.
OCCUPYING = frozenset({S.REQUESTED, S.CONFIRMED, S.IN_USE})
DONE = frozenset({S.COMPLETED, S.NO_SHOW})

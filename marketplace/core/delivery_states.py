"""Where one consignment of a quantity order may stand, and when it takes the plant's capacity."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class DeliveryState(StrEnum):
    PLANNED = "planned"
    SHIPPED = "shipped"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class DeliveryParty(StrEnum):
    CONSUMER = "consumer"
    PROVIDER = "provider"
    SYSTEM = "system"


S, P = DeliveryState, DeliveryParty

DELIVERY = StateMachine(
    "delivery",
    initial=S.PLANNED,
    moves=(
        #    move      from                                   to            asked for by
        move("ship",    {S.PLANNED, S.RETURNED},               S.SHIPPED,    {P.PROVIDER}),
        move("accept",  {S.SHIPPED},                           S.ACCEPTED,   {P.CONSUMER, P.SYSTEM}),
        move("return",  {S.SHIPPED},                           S.RETURNED,   {P.CONSUMER}),
        move("cancel",  {S.PLANNED, S.SHIPPED, S.RETURNED},    S.CANCELLED,  {P.SYSTEM}),
    ),
)  # fmt: skip

# What was accepted was also made: it keeps its share of the week.
OCCUPYING = frozenset({S.PLANNED, S.SHIPPED, S.RETURNED, S.ACCEPTED})
DONE = frozenset({S.ACCEPTED})

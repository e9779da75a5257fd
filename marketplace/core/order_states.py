"""Where an order may stand and who may move it: one table for every direction."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class OrderState(StrEnum):
    PROPOSED = "proposed"
    PLEDGED = "pledged"  # a leg of a bundle whose provider agrees, waiting for the other legs
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ON_HOLD = "on_hold"  # a complaint stands; nothing moves until it is settled


class OrderParty(StrEnum):
    CONSUMER = "consumer"
    PROVIDER = "provider"
    PROPOSER = "proposer"  # the side that made the proposal
    ANSWERER = "answerer"  # the side whose answer is awaited
    LEG = "leg"  # the same for a leg of a bundle, whose answer binds only with all others
    OPERATOR = "operator"
    SYSTEM = "system"


S, P = OrderState, OrderParty

ORDER = StateMachine(
    "order",
    initial=S.PROPOSED,
    moves=(
        #    move                  from                                      to             asked for by
        move("accept",              {S.PROPOSED},                             S.AGREED,      {P.ANSWERER}),
        move("pledge",              {S.PROPOSED},                             S.PLEDGED,     {P.LEG}),
        move("agree",               {S.PROPOSED, S.PLEDGED},                  S.AGREED,      {P.SYSTEM}),
        move("refuse",              {S.PROPOSED},                             S.REFUSED,     {P.ANSWERER, P.LEG}),
        move("refuse",              {S.PROPOSED, S.PLEDGED},                  S.REFUSED,     {P.SYSTEM}),
        move("withdraw",            {S.PROPOSED, S.PLEDGED},                  S.CANCELLED,   {P.PROPOSER}),
        move("expire",              {S.PROPOSED, S.PLEDGED, S.AGREED},        S.EXPIRED,     {P.SYSTEM}),
        move("start",               {S.AGREED},                               S.IN_PROGRESS, {P.PROVIDER, P.SYSTEM}),
        move("complete",            {S.IN_PROGRESS},                          S.COMPLETED,   {P.CONSUMER, P.SYSTEM}),
        move("cancel",              {S.AGREED, S.IN_PROGRESS},                S.CANCELLED,   {P.CONSUMER, P.PROVIDER}),
        move("cancel",              {S.AGREED, S.IN_PROGRESS, S.ON_HOLD},     S.CANCELLED,   {P.OPERATOR, P.SYSTEM}),
        move("close",               {S.COMPLETED},                            S.CLOSED,      {P.SYSTEM}),
        move("hold",                {S.AGREED, S.IN_PROGRESS, S.COMPLETED},   S.ON_HOLD,     {P.OPERATOR, P.SYSTEM}),
        move("release_agreed",      {S.ON_HOLD},                              S.AGREED,      {P.OPERATOR, P.SYSTEM}),
        move("release_in_progress", {S.ON_HOLD},                              S.IN_PROGRESS, {P.OPERATOR, P.SYSTEM}),
        move("release_completed",   {S.ON_HOLD},                              S.COMPLETED,   {P.OPERATOR, P.SYSTEM}),
    ),
)  # fmt: skip

OPEN = frozenset({S.PROPOSED, S.PLEDGED, S.AGREED, S.IN_PROGRESS, S.COMPLETED, S.ON_HOLD})
AWAITING = frozenset({S.PROPOSED, S.PLEDGED})
# Contact data, invoices and unmasked messages begin here.
BINDING = frozenset({S.AGREED, S.IN_PROGRESS, S.COMPLETED, S.CLOSED, S.ON_HOLD})
ENDED = frozenset({S.CLOSED, S.REFUSED, S.CANCELLED, S.EXPIRED})
ENDED_BADLY = frozenset({S.REFUSED, S.CANCELLED, S.EXPIRED})

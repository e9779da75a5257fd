"""Where an answer to a demand may stand: offered, countered, awarded or not."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class QuoteState(StrEnum):
    SUBMITTED = "submitted"
    COUNTERED = "countered"
    AWARDED = "awarded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class QuoteParty(StrEnum):
    CONSUMER = "consumer"  # only once the seal is open
    PROVIDER = "provider"
    SYSTEM = "system"


class InquiryState(StrEnum):
    OPEN = "open"
    AWARDED = "awarded"
    CLOSED = "closed"


S, P, N = QuoteState, QuoteParty, InquiryState

QUOTE = StateMachine(
    "quote",
    initial=S.SUBMITTED,
    moves=(
        #    move       from                          to            asked for by
        move("revise",   {S.SUBMITTED},                S.SUBMITTED,  {P.PROVIDER}),
        move("counter",  {S.SUBMITTED},                S.COUNTERED,  {P.CONSUMER}),
        move("answer",   {S.COUNTERED},                S.SUBMITTED,  {P.PROVIDER}),
        move("award",    {S.SUBMITTED},                S.AWARDED,    {P.CONSUMER}),
        move("decline",  {S.SUBMITTED, S.COUNTERED},   S.DECLINED,   {P.CONSUMER, P.SYSTEM}),
        move("withdraw", {S.SUBMITTED, S.COUNTERED},   S.WITHDRAWN,  {P.PROVIDER}),
        move("expire",   {S.SUBMITTED, S.COUNTERED},   S.EXPIRED,    {P.SYSTEM}),
    ),
)  # fmt: skip

INQUIRY = StateMachine(
    "inquiry",
    initial=N.OPEN,
    moves=(
        #    move     from        to          asked for by
        move("award",  {N.OPEN},   N.AWARDED,  {P.CONSUMER}),
        move("close",  {N.OPEN},   N.CLOSED,   {P.CONSUMER, P.SYSTEM}),
    ),
)  # fmt: skip

LIVE = frozenset({S.SUBMITTED, S.COUNTERED})

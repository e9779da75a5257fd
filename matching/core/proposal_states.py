"""What becomes of a proposal: both sides say yes, or one says no, or nobody says anything in time."""

from enum import StrEnum

from common.state_machine import StateMachine
from common.state_machine import move as _move


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    WANTED = "wanted"  # the consumer has accepted
    OFFERED = "offered"  # the provider has accepted
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # another part of the same bundle fell, or the offer or need is gone


class Party(StrEnum):
    CONSUMER = "consumer"
    PROVIDER = "provider"
    SYSTEM = "system"


S, P = ProposalState, Party

PROPOSAL = StateMachine(
    "proposal",
    initial=S.PROPOSED,
    moves=(
        #     move        from                                   to            asked for by
        _move("accept",   {S.PROPOSED},                          S.WANTED,     {P.CONSUMER}),
        _move("accept",   {S.PROPOSED},                          S.OFFERED,    {P.PROVIDER}),
        _move("accept",   {S.OFFERED},                           S.AGREED,     {P.CONSUMER}),
        _move("accept",   {S.WANTED},                            S.AGREED,     {P.PROVIDER}),
        _move("decline",  {S.PROPOSED, S.WANTED, S.OFFERED},     S.DECLINED,   {P.CONSUMER, P.PROVIDER}),
        _move("expire",   {S.PROPOSED, S.WANTED, S.OFFERED},     S.EXPIRED,    {P.SYSTEM}),
        _move("withdraw", {S.PROPOSED, S.WANTED, S.OFFERED, S.AGREED}, S.WITHDRAWN, {P.SYSTEM}),
    ),
)  # fmt: skip

OPEN = frozenset({S.PROPOSED, S.WANTED, S.OFFERED})  # still waits for a side

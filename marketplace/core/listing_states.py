"""The life of a listing."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class ListingState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"
    REMOVED = "removed"


class ListingParty(StrEnum):
    PROVIDER = "provider"
    OPERATOR = "operator"
    SYSTEM = "system"


S, P = ListingState, ListingParty

LISTING = StateMachine(
    "listing",
    initial=S.DRAFT,
    moves=(
        #    move       from                                 to            asked for by
        move("publish", {S.DRAFT},                           S.PUBLISHED,  {P.PROVIDER}),
        move("pause",   {S.PUBLISHED},                       S.PAUSED,     {P.PROVIDER, P.OPERATOR}),
        move("resume",  {S.PAUSED},                          S.PUBLISHED,  {P.PROVIDER}),
        # A licence, a certificate or the identity it rests on has run out: resume asks for it again.
        move("lapse",   {S.PUBLISHED},                       S.PAUSED,     {P.SYSTEM}),
        move("close",   {S.DRAFT, S.PUBLISHED, S.PAUSED},    S.CLOSED,     {P.PROVIDER}),
        move("remove",  {S.PUBLISHED, S.PAUSED, S.CLOSED},   S.REMOVED,    {P.OPERATOR}),
        move("restore", {S.REMOVED},                         S.PAUSED,     {P.OPERATOR}),
    ),
)  # fmt: skip

EDITABLE = frozenset({S.DRAFT, S.PUBLISHED, S.PAUSED})
ON_RECORD = frozenset({S.PUBLISHED, S.PAUSED, S.CLOSED})  # everybody who holds the link may read these

"""The life of one identity verification."""

from enum import StrEnum

from common.state_machine import StateMachine, move


class VerificationState(StrEnum):
    CHECKING = "checking"
    IN_REVIEW = "in_review"
    NEEDS_MORE = "needs_more"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REVOKED = "revoked"


class VerificationParty(StrEnum):
    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    SYSTEM = "system"


S, P = VerificationState, VerificationParty

VERIFICATION = StateMachine(
    "verification",
    initial=S.CHECKING,
    moves=(
        #    move        from                                       to             asked for by
        move("queue",    {S.CHECKING},                              S.IN_REVIEW,   {P.SYSTEM}),
        # The machine passes low risk and samples it; it never refuses (586-3, XM-4.2.1).
        move("pass",     {S.CHECKING},                              S.APPROVED,    {P.SYSTEM}),
        move("approve",  {S.IN_REVIEW},                             S.APPROVED,    {P.REVIEWER}),
        move("refuse",   {S.IN_REVIEW},                             S.REFUSED,     {P.REVIEWER}),
        move("ask",      {S.IN_REVIEW},                             S.NEEDS_MORE,  {P.REVIEWER}),
        move("confirm",  {S.APPROVED},                              S.APPROVED,    {P.REVIEWER}),
        move("revoke",   {S.APPROVED},                              S.REVOKED,     {P.REVIEWER}),
        move("resubmit", {S.NEEDS_MORE},                            S.CHECKING,    {P.APPLICANT}),
        move("withdraw", {S.CHECKING, S.IN_REVIEW, S.NEEDS_MORE},   S.WITHDRAWN,   {P.APPLICANT}),
        move("lapse",    {S.NEEDS_MORE},                            S.WITHDRAWN,   {P.SYSTEM}),
        move("expire",   {S.APPROVED},                              S.EXPIRED,     {P.SYSTEM}),
    ),
)  # fmt: skip

OPEN = frozenset({S.CHECKING, S.IN_REVIEW, S.NEEDS_MORE})

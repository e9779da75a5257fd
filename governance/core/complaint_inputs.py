"""What a step of a complaint must say."""

from dataclasses import dataclass

from governance.core.complaint_terms import Finding, Outlet


@dataclass(frozen=True)
class StepWords:
    """What whoever takes a step says with it; which parts a step needs stands in `NEEDS` and `TAKES`."""

    text: str = ""
    offer_fen: int | None = None
    finding: Finding | None = None
    outlet: Outlet | None = None
    satisfaction: int | None = None


NEEDS: dict[str, frozenset[str]] = {
    "ask_info": frozenset({"text"}),
    "give_info": frozenset({"text"}),
    "refuse": frozenset({"text"}),
    "reply": frozenset({"text"}),
    "say": frozenset({"text"}),
    "appraise": frozenset({"text"}),
    "appraised": frozenset({"text"}),
    "propose": frozenset({"text", "finding"}),
    "decide": frozenset({"text", "finding"}),
    "decline": frozenset({"text"}),
    "end_mediation": frozenset({"text"}),
    "perform": frozenset({"text"}),
    "breach": frozenset({"text"}),
    "escalate": frozenset({"outlet"}),
    "reopen": frozenset({"text"}),
}

_MAY: dict[str, frozenset[str]] = {
    "reply": frozenset({"offer_fen"}),
    "propose": frozenset({"offer_fen"}),
    "decide": frozenset({"offer_fen"}),
    "end_mediation": frozenset({"finding"}),
    "confirm": frozenset({"text", "satisfaction"}),
    "withdraw": frozenset({"text"}),
    "escalate": frozenset({"text"}),
}


def takes(move: str) -> frozenset[str]:
    """Return the names of all parts that the step `move` may carry."""
    return NEEDS.get(move, frozenset()) | _MAY.get(move, frozenset())


def missing(move: str, words: StepWords) -> list[str]:
    """Return the parts that `move` needs and `words` lacks, sorted."""
    return sorted(name for name in NEEDS.get(move, ()) if not getattr(words, name))

"""How far a party's identity is verified, what each level asks for, and how long it lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from accounts.core.parties import OrganisationKind


class Level(IntEnum):
    """V0 mail only, V1 person, V2 organisation, V3 also a licence, V4 also certified by a third party or on site."""

    MAIL = 0
    PERSON = 1
    ORGANISATION = 2
    LICENSED = 3
    CERTIFIED = 4


class CaseKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    LICENCE = "licence"
    CERTIFICATE = "certificate"


LEVEL_OF = {
    CaseKind.PERSON: Level.PERSON,
    CaseKind.ORGANISATION: Level.ORGANISATION,
    CaseKind.LICENCE: Level.LICENSED,
    CaseKind.CERTIFICATE: Level.CERTIFIED,
}


@dataclass(frozen=True)
class ReverificationRule:
    """Identity is checked again at the latest after `days`; in force from `since`."""

    since: date
    days: int
    source: str


# Newest last. The measures ask for a check "at least every six months"; 180 days stay within any six months' span.
REVERIFICATION = (ReverificationRule(date(2021, 5, 1), 180, "网络交易监督管理办法 art. 24"),)


def identity_kind(kind: str) -> CaseKind:
    """Return the case that proves who a party of this kind is."""
    return CaseKind.PERSON if kind == OrganisationKind.PERSON else CaseKind.ORGANISATION


def needed_to_deal(kind: str) -> Level:
    """Return the level without which a party of this kind neither publishes nor orders."""
    return LEVEL_OF[identity_kind(kind)]


def valid_until(decided: date, document_until: date | None) -> date:
    """Return the last day on which an approval of `decided` holds: the rule's span or the document's own end."""
    rule = [rule for rule in REVERIFICATION if rule.since <= decided][-1]
    end = decided + timedelta(days=rule.days)
    return min(end, document_until) if document_until else end


def level_of(kind: str, approved: Iterable[CaseKind]) -> Level:
    """Return the level that the cases in force give; without the identity case nothing above V0 counts."""
    held = set(approved)
    if identity_kind(kind) not in held:
        return Level.MAIL
    return max(LEVEL_OF[case] for case in held)

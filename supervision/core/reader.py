"""Who reads, what for and where: an officer on the pages or a client over the API, always for one agency."""

from dataclasses import dataclass
from enum import StrEnum

from supervision.core.territory import Territory


class Scope(StrEnum):
    """What an agency may be allowed to read; the names of the OAuth scopes."""

    STATS = "sup.stats"
    PARTIES = "sup.parties"
    MARKET = "sup.market"
    ORDERS = "sup.orders"
    COMPLAINTS = "sup.complaints"
    VERIFICATIONS = "sup.verifications"
    LOG = "sup.log"


@dataclass(frozen=True)
class Reader:
    """One agency reading through one door; exactly one of client and officer is set."""

    agency_id: int
    agency_code: str
    scopes: frozenset[str]
    territory: Territory
    client_id: int | None = None
    officer_id: int | None = None  # the user

    @property
    def via(self) -> str:
        return "api" if self.client_id else "page"

    def may(self, scope: str) -> bool:
        return scope in self.scopes

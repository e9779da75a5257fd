"""Authorities, their officers and their clients."""

from datetime import datetime

from accounts.core.actor import SYSTEM, Actor
from accounts.selectors import actors
from supervision.core.reader import Reader, Scope
from supervision.models import Agency
from supervision.selectors import agencies as agency_selectors
from supervision.services import agencies
from tests.make.accounts import MONDAY_9AM, _numbers, user

ALL_SCOPES = tuple(Scope)


def agency(*division_codes: str, scopes: tuple[str, ...] = ALL_SCOPES, at: datetime = MONDAY_9AM) -> Agency:
    """An authority of Xiamen that may read everything there, unless told otherwise."""
    return agencies.create(
        name=f"测试监管机构{next(_numbers)}",
        level="city",
        division_codes=division_codes or ("350200",),
        scopes=scopes,
        legal_basis="测试依据",
        by=SYSTEM,
        at=at,
    )


def officer(agency_: Agency | None = None) -> Actor:
    """A new user who reads for the authority on the pages."""
    made = user()
    agencies.add_officer(agency_ or agency(), user_id=made.pk, by=SYSTEM, at=MONDAY_9AM)
    return actors.actor_for(made)


def agency_client(agency_: Agency | None = None) -> agencies.IssuedClient:
    """A new client of the authority, with its secret."""
    return agencies.issue_client(agency_ or agency(), label="测试客户端", by=SYSTEM, at=MONDAY_9AM)


def reader(agency_: Agency | None = None) -> Reader:
    """An officer of the authority, as the services take readers."""
    return agency_selectors.reader_for(officer(agency_))

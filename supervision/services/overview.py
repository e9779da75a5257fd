"""What the pages show at a glance, read through the same selectors and written into the same log as the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.selectors import supervised as accounts
from governance.selectors import supervised as governance
from marketplace.selectors import supervised as marketplace
from matching.selectors import supervised as matching
from supervision.core.reader import Reader, Scope
from supervision.core.resources import COMPLAINTS, ROUNDS
from supervision.core.rows import shape
from supervision.selectors import rows
from supervision.services import keys, reads

MOST_SHOWN = 100


@dataclass(frozen=True)
class Overview:
    """Counts of what the reader may read row by row; a resource outside its scopes is left out."""

    counts: dict[str, Mapping[str, Any]]
    activity: list[Mapping[str, Any]]  # per division and direction: listings, demands, orders open now


@transaction.atomic
def read(reader: Reader, *, at: datetime) -> Overview:
    """Return what goes on in the reader's territory at present."""
    prefixes = reader.territory.prefixes
    counts: dict[str, Mapping[str, Any]] = {}
    activity: list[Mapping[str, Any]] = []
    if reader.may(Scope.PARTIES):
        counts["parties"] = accounts.count_parties(prefixes)
    if reader.may(Scope.VERIFICATIONS):
        counts["verifications"] = accounts.count_verifications(prefixes)
    if reader.may(Scope.MARKET):
        counts["listings"] = marketplace.count_listings(prefixes, at)
        counts["demands"] = marketplace.count_demands(prefixes, at)
        counts["rounds"] = matching.count_rounds()
        with_orders = reader.may(Scope.ORDERS)
        activity = [row if with_orders else {**row, "orders": 0} for row in marketplace.activity(prefixes)]
    if reader.may(Scope.ORDERS):
        counts["orders"] = marketplace.count_orders(prefixes, at)
    if reader.may(Scope.COMPLAINTS):
        counts["complaints"] = governance.count_complaints(prefixes, at)
    reads.record(reader, resource="overview", level="D1", query={}, rows=len(activity), at=at)
    return Overview(counts, activity)


@transaction.atomic
def complaints(reader: Reader, *, at: datetime) -> list[dict[str, Any]]:
    """Return the open complaints of the territory, nearest deadline first, as the API would show them."""
    found = governance.complaints_on_the_clock(reader.territory.prefixes, MOST_SHOWN)
    key = keys.key_for(reader.agency_id, at)
    about = {party for row in found for party in row["about"]}
    asked = {"open": True, "limit": MOST_SHOWN}
    reads.record(reader, resource="complaints", level="D1", query=asked, rows=len(found), at=at, organisation_ids=about)
    return [shape(COMPLAINTS, row, key=key, last_updated=row["since_at"]) for row in found]


@transaction.atomic
def rounds(reader: Reader, *, at: datetime) -> list[dict[str, Any]]:
    """Return the newest match rounds with their certificates."""
    ids = matching.newest(MOST_SHOWN)
    found = rows.by_id(ROUNDS.kind, ids, reader.territory)
    key = keys.key_for(reader.agency_id, at)
    asked = {"newest": MOST_SHOWN}
    reads.record(reader, resource="rounds", level=ROUNDS.level, query=asked, rows=len(found), at=at)
    shaped = [shape(ROUNDS, found[pk], key=key, last_updated=found[pk]["at"]) for pk in ids if pk in found]
    return [
        {**row, "over_greedy_fen": row["certificate"]["primal_fen"] - row["certificate"]["greedy_fen"]}
        for row in shaped
    ]

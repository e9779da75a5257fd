"""A round's gap term by term, and scarcity by place: read within the territory, and written into the read log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching.core.scarcity import NATION, Figure
from matching.selectors import supervised as matching
from matching.selectors.supervised import GapTerms
from supervision.core.pseudonym import pseudonym
from supervision.core.reader import Reader
from supervision.core.resources import PARTY
from supervision.services import keys, reads

MOST_CLAIMS = 20


@dataclass(frozen=True)
class Terms:
    """What a round's gap is made of.

    Attributes:
        sums: over all participants of the country; None while they are not written yet.
        largest: the largest claims within the territory, each under its party's pseudonym.
    """

    sums: GapTerms | None
    largest: Sequence[Mapping[str, Any]]


@transaction.atomic
def terms(reader: Reader, code: UUID, *, at: datetime) -> Terms:
    """Return the terms of one round.

    Raises:
        Round.DoesNotExist: no such round; nothing was read.
    """
    sums = matching.terms(code)
    found = matching.largest_claims(code, reader.territory.prefixes, MOST_CLAIMS) if sums else []
    key = keys.key_for(reader.agency_id, at)
    about = {party for row in found for party in row["about"]}
    asked = {"round": str(code), "largest": MOST_CLAIMS}
    reads.record(reader, resource="claims", level="D1", query=asked, rows=len(found), at=at, organisation_ids=about)
    names = ("side", "direction", "division_code", "lost_fen", "is_rejected", "made_whole_fen")
    largest = [
        {"party": pseudonym(key, PARTY, str(row["organisation_id"])), **{name: row[name] for name in names}}
        for row in found
    ]
    return Terms(sums, largest)


@transaction.atomic
def scarcity(reader: Reader, direction: str, *, at: datetime) -> list[tuple[str, Figure]]:
    """Return how scarce each class of a direction was in the cities of the territory, and in the country beside it."""
    found = [
        (class_code, figure)
        for class_code, figure in matching.scarcity(direction, at=at)
        if figure.city_code == NATION
        or reader.territory.covers(figure.city_code)
        or _is_around(reader, figure.city_code)
    ]
    reads.record(reader, resource="scarcity", level="D3", query={"direction": direction}, rows=len(found), at=at)
    return found


def _is_around(reader: Reader, city_code: str) -> bool:
    """Tell whether part of the city is the reader's: a county's authority sees its city, which shows nobody alone."""
    return any(prefix.startswith(city_code[:4]) for prefix in reader.territory.prefixes)

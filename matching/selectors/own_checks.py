"""One participant's own part of a stored round, to be checked by itself: see `core/own_check.py`."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Q

from accounts.core.actor import Actor
from marketplace.selectors import demands, listings, named
from marketplace.selectors.named import NamedListing
from matching.core.build import parts
from matching.core.check import Decided, part_certificate
from matching.core.market import Market, Section
from matching.core.outcome import Outcome
from matching.core.own_check import LotCheck, NeedCheck, lot_check, need_check
from matching.models import Proposal, Round, RoundRecord, Unmatched

Stored = tuple[Market, Outcome]
# So many rounds are looked through for an offer that got no proposal in any of them.
ROUNDS_BACK = 3


@dataclass(frozen=True)
class OwnNeed:
    """A need's part of a round.

    Attributes:
        demand: the need; round: the round.
        check: None where no offer was worth anything to it, or its part of the market could not be decided.
        is_decided: whether its part of the market was decided and its certificate holds.
        section: what the round decided on, for the names of lots and legs.
        offers: the listings behind the lots that the check names, by row of the lot; one may be gone.
    """

    demand: Any
    round: Round
    check: NeedCheck | None
    is_decided: bool
    section: Section
    offers: Mapping[int, NamedListing | None]


@dataclass(frozen=True)
class OwnOffer:
    """An offer's part of a round.

    Attributes:
        listing: the offer; round: the round.
        check: None where its part of the market could not be decided.
        needs: title of the need behind each deal, by row of the need.
    """

    listing: Any
    round: Round
    check: LotCheck | None
    section: Section
    needs: Mapping[int, str]


def of_demand(code: UUID, *, viewer: Actor, round_code: UUID | None = None) -> OwnNeed | None:
    """Return a need's part of the newest round that looked at it, or of the round that is named; None without one.

    Raises:
        Demand.DoesNotExist: no such need of the viewer's.
    """
    demand = demands.own(viewer).get(code=code)
    found = _round_of_demand(code, round_code)
    if found is None:
        return None
    stored = _stored(found)
    market, _ = stored
    for number, section in enumerate(market.sections):
        if str(code) not in section.needs.code:
            continue
        row = list(section.needs.code).index(str(code))
        one = next(_decided(stored, number, needs=[row]), None)
        if one is None:
            return OwnNeed(demand, found, None, True, section, {})
        if one.outcome.failure or not one.certificate.is_sound:
            return OwnNeed(demand, found, None, False, section, {})
        check = need_check(section, market.parameters, one, row)
        rows = {line.lot for line in check.lines} | {deal.lot for deal in check.deals}
        by_code = named.listings([section.lots.code[lot] for lot in rows])
        offers = {lot: by_code.get(str(section.lots.code[lot])) for lot in rows}
        return OwnNeed(demand, found, check, True, section, offers)
    return None


def of_listing(code: UUID, *, viewer: Actor, round_code: UUID | None = None) -> OwnOffer | None:
    """Return an offer's part of the newest round that looked at it, or of the round that is named.

    Returns:
        None where none of the last ROUNDS_BACK rounds looked at it.

    Raises:
        Listing.DoesNotExist: no such offer of the viewer's.
    """
    listing = listings.own(viewer).get(code=code)
    for found in _rounds_of_listing(listing, round_code):
        stored = _stored(found)
        for number, section in enumerate(stored[0].sections):
            rows = [row for row, each in enumerate(section.lots.code) if str(each) == str(code)]
            if not rows:
                continue
            own = list(_decided(stored, number, lots=rows))
            if any(one.outcome.failure or not one.certificate.is_sound for one in own):
                return OwnOffer(listing, found, None, section, {})
            check = lot_check(section, stored[0].parameters, own, rows)
            asked = {deal.need: str(section.needs.code[deal.need]) for deal in check.deals}
            by_code = named.demands(asked.values())
            return OwnOffer(listing, found, check, section, {row: by_code[code].title for row, code in asked.items()})
    return None


def _decided(stored: Stored, number: int, *, needs: Sequence[int] = (), lots: Sequence[int] = ()) -> Iterator[Decided]:
    """Yield the components of one section that hold any of these rows, with their certificates."""
    market, outcome = stored
    section = market.sections[number]
    for part, decided in zip(parts(section, market.parameters), outcome.sections[number], strict=True):
        if np.isin(part.needs, needs).any() or np.isin(part.lots, lots).any():
            yield Decided(part, decided, part_certificate(part, decided))


def _round_of_demand(code: UUID, round_code: UUID | None) -> Round | None:
    """Return the newest round that proposed something to a need or said why not, or the named one."""
    if round_code is not None:
        return Round.objects.filter(code=round_code).first()
    served = Proposal.objects.filter(demand__code=code).values("round")
    left = Unmatched.objects.filter(demand__code=code).values("round")
    return Round.objects.filter(Q(pk__in=served) | Q(pk__in=left)).order_by("-at", "-id").first()


def _rounds_of_listing(listing: Any, round_code: UUID | None) -> list[Round]:
    if round_code is not None:
        return list(Round.objects.filter(code=round_code))
    return list(Round.objects.filter(directions__contains=[listing.direction]).order_by("-at", "-id")[:ROUNDS_BACK])


def _stored(found: Round) -> Stored:
    record = RoundRecord.objects.get(round=found)
    return Market.from_bytes(zlib.decompress(record.input)), Outcome.from_bytes(zlib.decompress(record.outcome))

"""From rows to a market: open needs, what could serve them, how well it fits, and what keeps the rest out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.contrib.gis.geos import Point
from psycopg.types.range import TimestamptzRange

from marketplace.directions import DIRECTIONS, Direction, MatchClass
from marketplace.selectors import candidates, dealing
from marketplace.selectors.candidates import Need, Pair, Part
from marketplace.selectors.dealing import Limits
from matching.core.explain import Why
from matching.core.market import Edges, Legs, Lots, Market, Needs, Parameters, Section
from matching.core.problem import ints
from matching.models import Proposal
from matching.selectors.fits import Fits
from matching.selectors.supply import Held, Supply

_WHY = {
    "offered": Why.NOBODY_OFFERS,
    "reach": Why.TOO_FAR,
    "time": Why.NOT_FREE,
    "licence": Why.NOT_LICENSED,
    "price": Why.TOO_DEAR,
}


@dataclass(frozen=True)
class NeedRow:
    """The row behind a need of a section."""

    id: int
    owner_id: int
    code: UUID
    version: int
    place: Point | None
    period: TimestamptzRange | None


@dataclass(frozen=True)
class LotRow:
    """The row behind a lot of a section."""

    id: int
    owner_id: int
    code: UUID
    version: int
    place: Point | None
    unit: str
    standing: int


@dataclass(frozen=True)
class Hurdle:
    """What kept a need from having any candidate, with the figures that its sentence names."""

    why: Why
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Passed:
    """Parts of needs, as (demand id, leg id), that have an offer after the filters, the limits and the fit."""

    filters: set[tuple[int, int | None]]
    limits: set[tuple[int, int | None]]
    fit: set[tuple[int, int | None]]

    @classmethod
    def of(cls, *pairs: Sequence[Pair]) -> "Passed":
        return cls(*({(pair.demand_id, pair.leg_id) for pair in some} for some in pairs))


@dataclass(frozen=True)
class GatheredSection:
    """One direction's section with the rows behind it.

    Attributes:
        hurdles: by row of a need without candidates.
        fits: of the legs and offers behind the edges.
        fitted: for each edge, the row of its leg and of its offer there.
    """

    direction: str
    rows: Section
    needs: Sequence[NeedRow]
    lots: Sequence[LotRow]
    hurdles: Mapping[int, Hurdle]
    fits: Fits
    fitted: Sequence[tuple[int, int]]

    def fit_terms(self, edge: int) -> list[dict[str, Any]]:
        """Return the aspects of one pair's fit, the weightiest first."""
        terms = sorted(self.fits.one(*self.fitted[edge]).terms, key=lambda term: -term.weight)
        return [
            {"code": t.code, "zh": t.label.zh, "en": t.label.en, "score": t.score, "weight": t.weight} for t in terms
        ]


@dataclass(frozen=True)
class Gathered:
    """The market of a round with the rows behind it."""

    market: Market
    sections: tuple[GatheredSection, ...]


@dataclass
class Waiting:
    """What open proposals hold back from a new round, and what was declined before.

    Attributes:
        demand_ids: needs that wait for an answer.
        declined: (demand id, listing id) that one side did not want.
    """

    demand_ids: set[int] = field(default_factory=set)
    held: Held = field(default_factory=Held)
    declined: set[tuple[int, int]] = field(default_factory=set)


def gather(parameters: Parameters, *, directions: Collection[str] | None, at: datetime) -> Gathered:
    """Return the market as it stands at `at`, one section for each direction with a need.

    Args:
        directions: codes to look at; all when None.

    Notes:
        A constant number of queries per direction, whatever the size of the market.
    """
    waiting, limits = _waiting(), dealing.limits(at=at)
    chosen = [d for d in DIRECTIONS if directions is None or d.code in directions]
    sections = [_section(direction, parameters, waiting, limits, at=at) for direction in chosen]
    found = tuple(section for section in sections if section.needs)
    return Gathered(Market(parameters, tuple(section.rows for section in found)), found)


def _waiting() -> Waiting:
    found = Waiting()
    held = found.held
    rows = Proposal.objects.open().values_list("demand_id", "listing_id", "quantity", "weeks")
    for demand_id, listing_id, quantity, weeks in rows:
        found.demand_ids.add(demand_id)
        held.deals[listing_id] = held.deals.get(listing_id, 0) + 1
        held.units[listing_id] = held.units.get(listing_id, 0) + quantity
        for week, units in weeks:
            held.weeks[listing_id, week] = held.weeks.get((listing_id, week), 0) + units
    declined = Proposal.objects.filter(state="declined")
    found.declined.update(declined.values_list("demand_id", "listing_id"))
    return found


def _section(
    direction: Direction, parameters: Parameters, waiting: Waiting, limits: Limits, *, at: datetime
) -> GatheredSection:
    needs = candidates.needs(direction, at=at, without=waiting.demand_ids)
    priced = [need for need in needs if _hurdle_of_owner(need, limits) is None]
    found = candidates.pairs(
        direction, priced, nearest=parameters.nearest, radius_m=parameters.radius_m, at=at, barred=limits.barred
    )
    found = [pair for pair in found if (pair.demand_id, pair.listing_id) not in waiting.declined]
    offers = candidates.lots({pair.listing_id for pair in found})
    small = _within_limits(found, priced, offers, limits)
    parts = [(need.id, part) for need in priced for part in need.parts]
    part_row = {(demand_id, part.leg_id): row for row, (demand_id, part) in enumerate(parts)}
    offer_row = {offer.pk: row for row, offer in enumerate(offers)}
    fits = Fits(direction, [part.attributes for _, part in parts], [offer.attributes for offer in offers])
    rows = [(part_row[pair.demand_id, pair.leg_id], offer_row[pair.listing_id]) for pair in small]
    fit_bp, is_remote = fits.of(ints([part for part, _ in rows]), ints([offer for _, offer in rows]))
    fitting = np.flatnonzero(fit_bp >= 0)
    pairs = [small[pair] for pair in fitting.tolist()]
    supply = Supply(direction, priced, offers, pairs, places=fits.places.tolist(), held=waiting.held, at=at)
    legs, leg_row = _legs(needs)
    lots = [offers[offer] for offer in supply.lot]
    kept = fitting[ints(supply.pair)]
    of_edge = [small[pair] for pair in kept.tolist()]
    leg = [leg_row[pair.demand_id, pair.leg_id] for pair in of_edge]
    one_deal_each = direction.matching == MatchClass.UNIT
    wanted = len(needs) if one_deal_each else int(legs.quantity.sum())
    group, group_capacity = _quotas(lots, parameters, wanted=wanted)
    section = Section(
        direction=direction.code,
        one_deal_each=one_deal_each,
        needs=Needs(
            code=[str(need.code) for need in needs],
            version=ints([need.version for need in needs]),
            posted=ints([int(need.posted_at.timestamp()) for need in needs]),
            whole=ints([int(need.is_whole) for need in needs]),
            max_suppliers=ints([need.max_suppliers for need in needs]),
        ),
        legs=legs,
        lots=Lots(
            code=[str(lot.code) for lot in lots],
            version=ints([lot.version for lot in lots]),
            capacity=ints(supply.capacity),
            asked_fen=ints([-1 if lot.price_fen is None else lot.price_fen for lot in lots]),
            min_units=ints([lot.minimum_lot for lot in lots]),
            setup_fen=ints([lot.setup_fee_fen for lot in lots]),
            week=ints(supply.week),
            group=ints(group),
        ),
        edges=Edges(
            leg=ints(leg),
            lot=ints(supply.row),
            reserve_fen=ints(
                [
                    _reserve_fen(lots[row], int(legs.limit_fen[part]), parameters)
                    for part, row in zip(leg, supply.row, strict=True)
                ]
            ),
            most_units=ints(supply.most_units),
            fit_bp=fit_bp[kept],
            distance_m=ints(np.where(is_remote[kept], 0, ints([pair.distance_m or 0 for pair in of_edge]))),
        ),
        group_capacity=ints(group_capacity),
    )
    return GatheredSection(
        direction=direction.code,
        rows=section,
        needs=[NeedRow(n.id, n.owner_id, n.code, n.version, n.place, n.period) for n in needs],
        lots=[LotRow(lot.pk, lot.owner_id, lot.code, lot.version, lot.place, lot.unit, lot.standing) for lot in lots],
        hurdles=_hurdles(direction, needs, Passed.of(found, small, of_edge), parameters, limits, at=at),
        fits=fits,
        fitted=[rows[pair] for pair in kept.tolist()],
    )


def _most_fen(part: Part) -> int:
    """Return the most that a deal over the whole part could come to."""
    return (part.budget_fen or 0) * part.quantity


def _hurdle_of_owner(need: Need, limits: Limits) -> Hurdle | None:
    """Return what on the need's own side keeps it out, before any offer is looked at."""
    if need.owner_id in limits.barred:
        return Hurdle(Why.MAY_NOT_DEAL, {})
    if any(part.budget_fen is None for part in need.parts):
        return Hurdle(Why.NO_LIMIT, {})
    if not all(limits.allow(need.owner_id, _most_fen(part)) for part in need.parts):
        return Hurdle(Why.MAY_NOT_DEAL, {"most_fen": limits.most_fen[need.owner_id]})
    return None


def _within_limits(
    found: Sequence[Pair], needs: Sequence[Need], offers: Sequence[Any], limits: Limits
) -> Sequence[Pair]:
    """Return the pairs whose provider may agree to the whole part at the need's limit."""
    if not limits.most_fen:
        return found
    owner = {offer.pk: offer.owner_id for offer in offers}
    most = {(need.id, part.leg_id): _most_fen(part) for need in needs for part in need.parts}
    return [p for p in found if limits.allow(owner[p.listing_id], most[p.demand_id, p.leg_id])]


def _quotas(lots: Sequence[Any], parameters: Parameters, *, wanted: int) -> tuple[list[int], list[int]]:
    """Return each lot's group and the quota of each group, as the parameters bound the share of one party or city."""
    if not parameters.quota_by:
        return [], []
    of = [lot.owner_id if parameters.quota_by == "provider" else lot.division_code[:4] for lot in lots]
    groups: dict[int | str, int] = {}
    group = [groups.setdefault(name, len(groups)) for name in of]
    return group, [max(1, wanted * parameters.quota_share_bp // 10_000)] * len(groups)


def _legs(needs: Sequence[Need]) -> tuple[Legs, dict[tuple[int, int | None], int]]:
    """Return all parts of all needs in order, and the row of each."""
    parts = [(row, need, part) for row, need in enumerate(needs) for part in need.parts]
    legs = Legs(
        need=ints([row for row, _, _ in parts]),
        name=[part.name for _, _, part in parts],
        quantity=ints([part.quantity for _, _, part in parts]),
        limit_fen=ints([part.budget_fen or 0 for _, _, part in parts]),
    )
    return legs, {(need.id, part.leg_id): row for row, (_, need, part) in enumerate(parts)}


def _reserve_fen(lot: Any, limit_fen: int, parameters: Parameters) -> int:
    """Return the least the provider takes per unit; an offer by quote is taken to ask a share of the limit."""
    floor_fen: int | None = lot.floor_fen
    return limit_fen * parameters.quote_share_bp // 10_000 if floor_fen is None else floor_fen


def _hurdles(
    direction: Direction,
    needs: Sequence[Need],
    passed: Passed,
    parameters: Parameters,
    limits: Limits,
    *,
    at: datetime,
) -> dict[int, Hurdle]:
    """Return, by row, why a need has a part without any candidate."""
    hurdles: dict[int, Hurdle] = {}
    unserved: dict[int, int] = {}
    for row, need in enumerate(needs):
        parts = {(need.id, part.leg_id) for part in need.parts}
        if own := _hurdle_of_owner(need, limits):
            hurdles[row] = own
        elif parts - passed.filters:
            unserved[need.id] = row
        elif parts - passed.limits:
            hurdles[row] = Hurdle(Why.TOO_LARGE, {})
        elif parts - passed.fit:
            hurdles[row] = Hurdle(Why.NOT_FREE, {})
    asked = [needs[row] for row in unserved.values()]
    firsts = candidates.hurdles(direction, asked, radius_m=parameters.radius_m, at=at, barred=limits.barred)
    for demand_id, first in firsts.items():
        # Never the least that a provider takes: that is theirs alone.
        facts = {} if first.distance_m is None else {"distance_m": first.distance_m}
        hurdles[unserved[demand_id]] = Hurdle(_WHY[first.filter], facts)
    return hurdles

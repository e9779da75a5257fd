"""One direction's part of a market, from the rows of needs and offers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from marketplace.core.nearby import Pairs as Found
from marketplace.directions import Direction, MatchClass
from marketplace.selectors import candidates, nearby
from marketplace.selectors.candidates import Need, Offer, Part
from marketplace.selectors.dealing import Limits
from matching.core.explain import Why
from matching.core.market import Edges, Legs, Lots, Needs, Parameters, Section
from matching.core.problem import Ints, ints
from matching.selectors.fits import Fits
from matching.selectors.gathered import GatheredSection, Hurdle, LotRow, NeedRow
from matching.selectors.supply import Held, Supply

_WHY = {
    "offered": Why.NOBODY_OFFERS,
    "reach": Why.TOO_FAR,
    "time": Why.NOT_FREE,
    "licence": Why.NOT_LICENSED,
    "price": Why.TOO_DEAR,
}


@dataclass
class Waiting:
    """What open proposals hold back from a new round, and what was declined before.

    Attributes:
        demand_ids: needs that wait for an answer.
        declined: (demand id, listing id) that one side did not want.
        without_allotted: leave out the offers that wait for a round of all wishes together.
    """

    demand_ids: set[int] = field(default_factory=set)
    held: Held = field(default_factory=Held)
    declined: set[tuple[int, int]] = field(default_factory=set)
    without_allotted: bool = False


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of a part and an offer.

    Attributes:
        part: (n,) row among the parts that take part.
        offer: (n,) row among the offers that were read.
        distance_m: (n,) whole metres; -1 where one of the two has no place.
    """

    part: Ints
    offer: Ints
    distance_m: Ints

    def kept(self, which: np.ndarray) -> "Pairs":
        return Pairs(ints(self.part[which]), ints(self.offer[which]), ints(self.distance_m[which]))


class Source:
    """The needs and offers of a direction, read once.

    Attributes:
        needs: all that are open; priced: those that take part; row_of: the rows of these among all.
        parts: the parts of those that take part, with their needs.
        around: the same parts beside all offers of their kind.
    """

    def __init__(
        self, direction: Direction, parameters: Parameters, waiting: Waiting, limits: Limits, *, at: datetime
    ) -> None:
        self.direction, self.parameters, self.waiting, self.limits, self.at = direction, parameters, waiting, limits, at
        self.needs = candidates.needs(direction, at=at, without=waiting.demand_ids)
        # Row of each need that takes part, and its parts.
        self.row_of = [row for row, need in enumerate(self.needs) if _hurdle_of_owner(need, limits) is None]
        self.priced = [self.needs[row] for row in self.row_of]
        self.parts = [(need, part) for need in self.priced for part in need.parts]
        self.around = nearby.Market(
            direction, self.priced, radius_m=parameters.radius_m, at=at, barred=self.limits.barred
        )
        self._pairs = self.around.pairs(nearest=parameters.nearest)

    def add(self, further: Found) -> None:
        """Look at further pairs as well."""
        self._pairs = self._pairs.and_also(further)

    def has(self, pairs: Found) -> np.ndarray:
        """Return (n,) which pairs are looked at already."""
        n_offers = self.around.listing_ids.size
        known = self._pairs.wish * n_offers + self._pairs.offer
        return np.isin(pairs.wish * n_offers + pairs.offer, known)

    def section(self) -> GatheredSection:
        """Return the direction's section: the pairs looked at, what they can give, and what they are worth."""
        direction, parameters, needs = self.direction, self.parameters, self.needs
        used, offer = np.unique(self._pairs.offer, return_inverse=True)
        offers = candidates.offers(self.around.listing_ids[used].tolist())
        metres = np.where(np.isnan(self._pairs.distance_m), -1, np.rint(np.nan_to_num(self._pairs.distance_m)))
        pairs = Pairs(ints(self._pairs.wish), ints(offer), ints(metres.astype(np.int64)))
        pairs = self._not_declined(pairs, offers)
        small = pairs.kept(self._within_limits(pairs, offers))
        fits = Fits(direction, [part.attributes for _, part in self.parts], [offer.attributes for offer in offers])
        fit_bp, is_remote = fits.of(small.part, small.offer)
        valid = np.flatnonzero(fit_bp >= 0)
        given = small.kept(valid)
        supply = Supply(
            direction,
            self.parts,
            offers,
            part=given.part,
            offer=given.offer,
            places=fits.places,
            held=self.waiting.held,
            at=self.at,
        )
        edges = given.kept(supply.pair)
        legs, leg_of_part = self.legs()
        leg = ints(leg_of_part[edges.part])
        lots = [offers[offer] for offer in supply.lot.tolist()]
        one_deal_each = direction.matching == MatchClass.UNIT
        wanted = len(needs) if one_deal_each else int(legs.quantity.sum())
        group, group_capacity = _quotas(lots, parameters, wanted=wanted)
        of_edge = valid[supply.pair]
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
                capacity=supply.capacity,
                asked_fen=ints([-1 if lot.price_fen is None else lot.price_fen for lot in lots]),
                min_units=ints([lot.minimum_lot for lot in lots]),
                setup_fen=ints([lot.setup_fee_fen for lot in lots]),
                week=supply.week,
                group=ints(group),
            ),
            edges=Edges(
                leg=leg,
                lot=supply.row,
                reserve_fen=_reserve_fen(offers, edges.offer, ints(legs.limit_fen[leg]), parameters),
                most_units=supply.most_units,
                fit_bp=ints(fit_bp[of_edge]),
                distance_m=ints(np.where(is_remote[of_edge], 0, np.maximum(edges.distance_m, 0))),
            ),
            group_capacity=ints(group_capacity),
        )
        return GatheredSection(
            source=self,
            direction=direction.code,
            rows=section,
            needs=[NeedRow(n.id, n.owner_id, n.code, n.version, n.place, n.period) for n in needs],
            lots=[
                LotRow(lot.id, lot.owner_id, lot.code, lot.version, lot.place, lot.unit, lot.standing) for lot in lots
            ],
            hurdles=self._hurdles(pairs, small, edges),
            fits=fits,
            part=edges.part,
            offer=edges.offer,
        )

    def _not_declined(self, pairs: Pairs, offers: Sequence[Offer]) -> Pairs:
        """Leave out the pairs that one side did not want, and those that wait for a round."""
        if self.waiting.without_allotted and offers:
            pairs = pairs.kept(~np.array([offer.is_allotted for offer in offers], dtype=bool)[pairs.offer])
        part_rows: dict[int, list[int]] = {}
        for row, (need, _) in enumerate(self.parts):
            part_rows.setdefault(need.id, []).append(row)
        offer_row = {offer.id: row for row, offer in enumerate(offers)}
        declined = [
            part * len(offers) + offer_row[listing_id]
            for demand_id, listing_id in self.waiting.declined
            if listing_id in offer_row
            for part in part_rows.get(demand_id, ())
        ]
        return pairs.kept(~np.isin(pairs.part * len(offers) + pairs.offer, ints(declined)))

    def _within_limits(self, pairs: Pairs, offers: Sequence[Offer]) -> np.ndarray:
        """Return (n_pairs,) whether the provider may agree to the whole part at the need's limit."""
        most = self.limits.most_fen
        if not most:
            return np.ones(pairs.part.size, dtype=bool)
        wanted = np.array([float(_most_fen(part)) for _, part in self.parts])
        allowed = np.array([float(most.get(offer.owner_id, np.inf)) for offer in offers])
        return np.asarray(wanted[pairs.part] <= allowed[pairs.offer])

    def legs(self) -> tuple[Legs, Ints]:
        """Return all parts of all needs in order, and the row there of each part that takes part."""
        rows = [(row, part) for row, need in enumerate(self.needs) for part in need.parts]
        legs = Legs(
            need=ints([row for row, _ in rows]),
            name=[part.name for _, part in rows],
            quantity=ints([part.quantity for _, part in rows]),
            limit_fen=ints([part.budget_fen or 0 for _, part in rows]),
        )
        return legs, ints(np.flatnonzero(np.isin(legs.need, self.row_of)))

    def _hurdles(self, pairs: Pairs, small: Pairs, edges: Pairs) -> dict[int, Hurdle]:
        """Return, by row, why a need has a part without any candidate."""
        hurdles = {
            row: own for row, need in enumerate(self.needs) if (own := _hurdle_of_owner(need, self.limits)) is not None
        }
        # By need: 0 where a part has no offer after the filters, 1 after the limits, 2 after the fit and the hours.
        level = np.full(len(self.priced), 3)
        of_part = np.repeat(np.arange(len(self.priced)), [len(need.parts) for need in self.priced])
        for number, some in reversed(list(enumerate((pairs, small, edges)))):
            level[of_part[np.bincount(some.part, minlength=of_part.size) == 0]] = number
        for number, why in ((1, Why.TOO_LARGE), (2, Why.NOT_FREE)):
            hurdles |= {self.row_of[need]: Hurdle(why, {}) for need in np.flatnonzero(level == number).tolist()}
        for need, first in self.around.hurdles(ints(np.flatnonzero(level == 0))).items():
            # Never the least that a provider takes: that is theirs alone.
            facts = {} if first.distance_m is None else {"distance_m": first.distance_m}
            hurdles[self.row_of[need]] = Hurdle(_WHY[first.filter], facts)
        return hurdles


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


def _quotas(lots: Sequence[Offer], parameters: Parameters, *, wanted: int) -> tuple[list[int], list[int]]:
    """Return each lot's group and the quota of each group, as the parameters bound the share of one party or city."""
    if not parameters.quota_by:
        return [], []
    of = [lot.owner_id if parameters.quota_by == "provider" else lot.division_code[:4] for lot in lots]
    groups: dict[int | str, int] = {}
    group = [groups.setdefault(name, len(groups)) for name in of]
    return group, [max(1, wanted * parameters.quota_share_bp // 10_000)] * len(groups)


def _reserve_fen(offers: Sequence[Offer], offer: Ints, limit_fen: Ints, parameters: Parameters) -> Ints:
    """Return (n_edges,) the least the provider takes per unit; by quote that is a share of the limit."""
    floor = ints([-1 if each.floor_fen is None else each.floor_fen for each in offers])[offer]
    return ints(np.where(floor < 0, limit_fen * parameters.quote_share_bp // 10_000, floor))

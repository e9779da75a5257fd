"""From a market to the problems that can be decided one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.core import values
from matching.core.components import component_of_edges, edges_by_component, joined
from matching.core.market import Parameters, Section, tie_key
from matching.core.mixed import MixedProblem
from matching.core.problem import NONE, Ints, MatchProblem, ints, per_node

MOST_FEN = 2**48  # some 2.8 million million yuan in one deal


@dataclass(frozen=True, eq=False)
class Part:
    """One connected component of a section, with the way back to the section's rows.

    Attributes:
        kind: "unit" (one deal on both sides), "divisible", "capped" (divisible, with bounds on edges or quotas
            over groups of lots) or "mixed".
        problem: the component, in key order.
        edges: (n_edges,) the section's row of each edge.
        needs: (n_needs,) the section's row of each need; lots: (n_lots,) likewise.
        deal: (n_edges,) index of the deal an edge belongs to: one leg and one listing, in any of its weeks.
        deal_units: (n_edges,) real units in one unit of the problem; the whole quantity where deals are single.
        setup_fen: (n_edges,) what the edge's deal costs before its first unit.
        asked_fen: (n_edges,) the lot's listed price per real unit; -1 where it lists none.
        bonus_fen: (n_edges,) how much of the problem's surplus is a bonus that nobody pays, per unit of the problem.
    """

    kind: str
    problem: MatchProblem | MixedProblem
    edges: Ints
    needs: Ints
    lots: Ints
    deal: Ints
    deal_units: Ints
    setup_fen: Ints
    asked_fen: Ints
    bonus_fen: Ints


def surplus_of_edges(section: Section, parameters: Parameters) -> Ints:
    """Return (n_edges,) surplus in fen per real unit of every candidate pair, good or not."""
    leg = section.edges.leg
    return values.surplus(
        ints(section.legs.limit_fen[leg]),
        section.edges.reserve_fen,
        section.edges.fit_bp,
        section.edges.distance_m,
        scale_m=parameters.distance_scale_m,
        weight_bp=parameters.distance_weight_bp,
    )


def bonus_of_edges(section: Section, parameters: Parameters, surplus: Ints) -> Ints:
    """Return (n_edges,) how much of each pair's bonus counts, in fen per real unit; a pair worth nothing gets none.

    Args:
        surplus: (n_edges,) as of `surplus_of_edges`.
    """
    counted = values.counted_bonus(
        section.edges.bonus_fen,
        ints(section.legs.limit_fen[section.edges.leg]),
        section.edges.fit_bp,
        section.edges.distance_m,
        scale_m=parameters.distance_scale_m,
        weight_bp=parameters.distance_weight_bp,
    )
    return ints(np.where(surplus > 0, counted, 0))


def parts(section: Section, parameters: Parameters) -> Iterator[Part]:
    """Yield the section's components, each as the simplest kind of problem that says all of it.

    A pair worth nothing is left out, unless its need wants all or nothing: there one pair may pay for
    another. So is one whose amounts no deal has: sums must stay exact. A bonus counts among the pairs that are
    left; it lets none in.
    """
    need_of_leg = section.legs.need
    leg, lot = section.edges.leg, section.edges.lot
    surplus = surplus_of_edges(section, parameters)
    need = ints(need_of_leg[leg])
    if section.one_deal_each:
        quantity = section.legs.quantity[leg]
        kept = surplus * quantity > section.lots.setup_fen[lot]
        kept &= (section.edges.most_units >= quantity) & (section.lots.min_units[lot] <= quantity)
    else:
        kept = (surplus > 0) | (section.needs.whole[need] == 1)
    kept &= section.edges.fit_bp > 0
    most_units = np.maximum(section.legs.quantity[leg], section.lots.capacity[lot])
    kept &= section.legs.limit_fen[leg] <= MOST_FEN // most_units
    bonus = bonus_of_edges(section, parameters, surplus)
    builder = _Builder(section, parameters, ints(surplus + bonus), bonus, ints(np.flatnonzero(kept)))
    for edges in edges_by_component(builder.component()):
        yield builder.part(builder.kept[edges])


class _Builder:
    """Cuts parts out of one section, nodes and edges in key order."""

    def __init__(self, section: Section, parameters: Parameters, surplus: Ints, bonus: Ints, kept: Ints) -> None:
        self.one_deal_each = section.one_deal_each
        self.surplus, self.bonus, self.kept = surplus, bonus, kept
        self.leg, self.lot = section.edges.leg, section.edges.lot
        self.need_of_leg, self.quantity = section.legs.need, section.legs.quantity
        self.need = ints(self.need_of_leg[self.leg])
        self.limit = section.legs.limit_fen
        self.whole, self.max_suppliers = section.needs.whole, section.needs.max_suppliers
        self.capacity, self.asked = section.lots.capacity, section.lots.asked_fen
        self.reserve, self.most = section.edges.reserve_fen, section.edges.most_units
        self.min_units, self.setup = section.lots.min_units, section.lots.setup_fen
        self.need_key = ints([tie_key(parameters.seed, code) for code in section.needs.code])
        weeks = zip(section.lots.code, section.lots.week.tolist(), strict=True)
        names = [f"{code} {week}" if week >= 0 else code for code, week in weeks]
        self.lot_key = ints([tie_key(parameters.seed, name) for name in names])
        listings: dict[str, int] = {}
        listing = ints([listings.setdefault(code, len(listings)) for code in section.lots.code])
        # What one listing gives to one leg, in whichever weeks, is one deal.
        self.deal = ints(self.leg * max(len(listings), 1) + listing[self.lot])
        deals = np.unique(self.deal[kept], return_index=True)[1]
        self.deals_of_need = np.bincount(self.need[kept[deals]], minlength=self.whole.size)
        self.legs_of_need = np.bincount(self.need_of_leg, minlength=self.whole.size)
        self.first_leg = np.cumsum(self.legs_of_need) - self.legs_of_need
        self.group_capacity = section.group_capacity
        self.group = self._binding(section.lots.group)

    def component(self) -> Ints:
        """Return the component of each kept edge."""
        right = joined(ints(self.lot[self.kept]), self.group)
        n_right = self.capacity.size + self.group_capacity.size
        return component_of_edges(ints(self.need[self.kept]), right, n_left=self.whole.size, n_right=n_right)

    def part(self, edges: np.ndarray) -> Part:
        edges = edges[np.lexsort((self.lot_key[self.lot[edges]], self.leg[edges], self.need_key[self.need[edges]]))]
        cut = _Cut(ints(edges), *_renumber(self.need[edges], self.need_key), *_renumber(self.lot[edges], self.lot_key))
        kind = self._kind(cut)
        deal = ints(np.unique(self.deal[edges], return_inverse=True)[1])
        setup, asked = ints(self.setup[self.lot[edges]]), ints(self.asked[self.lot[edges]])
        deal_units = ints(self.quantity[self.leg[edges]] if self.one_deal_each else np.ones_like(edges))
        problem = self._mixed(cut, deal) if kind == "mixed" else self._match(cut, deal_units)
        bonus = ints(self.bonus[edges] * deal_units)
        return Part(kind, problem, cut.edges, cut.needs, cut.lots, deal, deal_units, setup, asked, bonus)

    def _binding(self, group: Ints) -> Ints:
        """Return the lots' groups, -1 where all that could be taken stays within the quota."""
        member = np.flatnonzero(group >= 0)
        each = (
            np.ones_like(self.kept)
            if self.one_deal_each
            else np.minimum(self.most[self.kept], self.quantity[self.leg[self.kept]])
        )
        could = np.minimum(per_node(ints(self.lot[self.kept]), ints(each), self.capacity.size), self.capacity)
        together = per_node(ints(group[member]), ints(could[member]), self.group_capacity.size)
        binds = np.append(together > self.group_capacity, False)
        return ints(np.where(binds[group], group, -1))

    def _groups(self, lots: Ints) -> dict[str, Ints]:
        """Return the groups of a part's lots, numbered among themselves."""
        group = self.group[lots]
        found = np.unique(group[group >= 0])
        place = np.where(group >= 0, np.searchsorted(found, group), -1)
        return {"group": ints(place), "group_capacity": ints(self.group_capacity[found])}

    def _kind(self, cut: "_Cut") -> str:
        edges, needs, lots = cut.edges, cut.needs, cut.lots
        has_quotas = bool((self.group[lots] >= 0).any())
        if self.one_deal_each:
            if has_quotas:
                return "capped"
            return "unit" if (self.capacity[lots] == 1).all() else "divisible"
        if (
            self.whole[needs].any()
            or (self.min_units[self.lot[edges]] > 1).any()
            or self.setup[self.lot[edges]].any()
            or (self.max_suppliers[needs] < self.deals_of_need[needs]).any()
            or (self.legs_of_need[needs] > 1).any()
        ):
            return "mixed"
        ends = np.minimum(self.quantity[self.leg[edges]], self.capacity[self.lot[edges]])
        return "capped" if has_quotas or (self.most[edges] < ends).any() else "divisible"

    def _match(self, cut: "_Cut", deal_units: Ints) -> MatchProblem:
        edges, needs, lots = cut.edges, cut.needs, cut.lots
        # A single deal bears its setup; where quantities are divided there is none, or the part is mixed.
        setup = self.setup[self.lot[edges]]
        return MatchProblem(
            need=cut.need,
            lot=cut.lot,
            surplus_fen=self.surplus[edges] * deal_units - setup,
            floor_fen=self.reserve[edges] * deal_units + setup,
            ceiling_fen=self.limit[self.leg[edges]] * deal_units,
            max_units=NONE if self.one_deal_each else self.most[edges],
            quantity=np.ones_like(needs) if self.one_deal_each else self.quantity[self.first_leg[needs]],
            capacity=self.capacity[lots],
            need_key=self.need_key[needs],
            lot_key=self.lot_key[lots],
            **self._groups(lots),
        )

    def _mixed(self, cut: "_Cut", deal: Ints) -> MixedProblem:
        edges, needs, lots = cut.edges, cut.needs, cut.lots
        # All legs of these needs, also those without a candidate: they make all-or-nothing impossible.
        n_legs = self.legs_of_need[needs]
        need_of_leg = np.repeat(np.arange(needs.size), n_legs)
        start = np.cumsum(n_legs) - n_legs
        legs = self.first_leg[needs][need_of_leg] + np.arange(need_of_leg.size) - start[need_of_leg]
        in_order = np.argsort(legs)
        one_of_deal = edges[np.unique(deal, return_index=True)[1]]
        # A leg of a bundle comes from one provider whole; only single-leg needs are split.
        in_bundle = self.legs_of_need[self.need[one_of_deal]] > 1
        least = np.where(in_bundle, self.quantity[self.leg[one_of_deal]], 1)
        return MixedProblem(
            need_of_leg=need_of_leg,
            leg_quantity=self.quantity[legs],
            leg=in_order[np.searchsorted(legs, self.leg[edges], sorter=in_order)],
            lot=cut.lot,
            deal=deal,
            surplus_fen=self.surplus[edges],
            min_units=np.maximum(least, self.min_units[self.lot[one_of_deal]]),
            max_units=self.most[edges],
            setup_fen=self.setup[self.lot[one_of_deal]],
            floor_fen=self.reserve[edges],
            limit_fen=per_node(ints(need_of_leg), ints(self.limit[legs] * self.quantity[legs]), needs.size),
            max_suppliers=np.maximum(self.max_suppliers[needs], n_legs),
            whole=self.whole[needs],
            capacity=self.capacity[lots],
            need_key=self.need_key[needs],
            lot_key=self.lot_key[lots],
            **self._groups(lots),
        )


@dataclass(frozen=True)
class _Cut:
    """The section's rows of one component, and for each edge the place of its two ends among them."""

    edges: Ints
    needs: Ints
    need: Ints
    lots: Ints
    lot: Ints


def _renumber(rows: np.ndarray, key: Ints) -> tuple[Ints, Ints]:
    """Return the distinct rows in key order, and for each entry its place among them."""
    found, row = np.unique(rows, return_inverse=True)
    order = np.argsort(key[found])
    place = np.empty(found.size, dtype=np.int64)
    place[order] = np.arange(found.size)
    return ints(found[order]), ints(place[row])

"""From a market to the problems that can be decided one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.core import values
from matching.core.components import component_of_edges, edges_by_component
from matching.core.market import Parameters, Section, tie_key
from matching.core.mixed import MixedProblem
from matching.core.problem import Ints, MatchProblem, ints

MOST_FEN = 2**48  # some 2.8 million million yuan in one deal


@dataclass(frozen=True, eq=False)
class Part:
    """One connected component of a section, with the way back to the section's rows.

    Attributes:
        kind: "unit", "divisible" or "mixed".
        problem: the component, in key order.
        edges: (n_edges,) the section's row of each edge.
        needs: (n_needs,) the section's row of each need; lots: (n_lots,) likewise.
        deal_units: (n_edges,) real units in one unit of the problem; the whole quantity where deals are single.
        setup_fen: (n_edges,) what a deal on the edge costs before its first unit.
        asked_fen: (n_edges,) the lot's listed price per real unit; -1 where it lists none.
    """

    kind: str
    problem: MatchProblem | MixedProblem
    edges: Ints
    needs: Ints
    lots: Ints
    deal_units: Ints
    setup_fen: Ints
    asked_fen: Ints


def surplus_of_edges(section: Section, parameters: Parameters) -> Ints:
    """Return (n_edges,) surplus in fen per real unit of every candidate pair, good or not."""
    leg = ints(section.edges.leg)
    return values.surplus(
        ints(ints(section.legs.limit_fen)[leg]),
        ints(section.edges.reserve_fen),
        ints(section.edges.fit_bp),
        ints(section.edges.distance_m),
        scale_m=parameters.distance_scale_m,
        weight_bp=parameters.distance_weight_bp,
    )


def parts(section: Section, parameters: Parameters) -> Iterator[Part]:
    """Yield the section's components, each as the simplest kind of problem that says all of it.

    A pair worth nothing is left out, unless its need wants all or nothing: there one pair may pay for
    another. So is one whose amounts no deal has: sums must stay exact.
    """
    need_of_leg = ints(section.legs.need)
    leg, lot = ints(section.edges.leg), ints(section.edges.lot)
    surplus = surplus_of_edges(section, parameters)
    need = ints(need_of_leg[leg])
    if section.one_deal_each:
        quantity = ints(section.legs.quantity)[leg]
        kept = surplus * quantity > ints(section.lots.setup_fen)[lot]
        kept &= (ints(section.edges.most_units) >= quantity) & (ints(section.lots.min_units)[lot] <= quantity)
    else:
        kept = (surplus > 0) | (ints(section.needs.whole)[need] == 1)
    kept &= ints(section.edges.fit_bp) > 0
    most_units = np.maximum(ints(section.legs.quantity)[leg], ints(section.lots.capacity)[lot])
    kept &= ints(section.legs.limit_fen)[leg] <= MOST_FEN // most_units
    positions = np.flatnonzero(kept)
    component = component_of_edges(
        ints(need[positions]), ints(lot[positions]), n_left=len(section.needs.code), n_right=len(section.lots.code)
    )
    builder = _Builder(section, parameters, need, surplus)
    for edges in edges_by_component(component):
        yield builder.part(positions[edges])


class _Builder:
    """Cuts parts out of one section, nodes and edges in key order."""

    def __init__(self, section: Section, parameters: Parameters, need: Ints, surplus: Ints) -> None:
        self.one_deal_each = section.one_deal_each
        self.need, self.surplus = need, surplus
        self.leg, self.lot = ints(section.edges.leg), ints(section.edges.lot)
        self.need_of_leg, self.quantity = ints(section.legs.need), ints(section.legs.quantity)
        self.limit = ints(section.legs.limit_fen)
        self.whole, self.max_suppliers = ints(section.needs.whole), ints(section.needs.max_suppliers)
        self.capacity, self.asked = ints(section.lots.capacity), ints(section.lots.asked_fen)
        self.reserve, self.most = ints(section.edges.reserve_fen), ints(section.edges.most_units)
        self.min_units, self.setup = ints(section.lots.min_units), ints(section.lots.setup_fen)
        self.need_key = ints([tie_key(parameters.seed, code) for code in section.needs.code])
        self.lot_key = ints([tie_key(parameters.seed, code) for code in section.lots.code])

    def part(self, edges: np.ndarray) -> Part:
        edges = edges[np.lexsort((self.lot_key[self.lot[edges]], self.leg[edges], self.need_key[self.need[edges]]))]
        needs, need = _renumber(self.need[edges], self.need_key)
        lots, lot = _renumber(self.lot[edges], self.lot_key)
        kind = self._kind(edges, needs)
        setup, asked = ints(self.setup[self.lot[edges]]), ints(self.asked[self.lot[edges]])
        if kind == "mixed":
            one = ints(np.ones_like(edges))
            return Part(kind, self._mixed(edges, needs, lots, lot), ints(edges), needs, lots, one, setup, asked)
        deal_units = self.quantity[self.leg[edges]] if kind == "unit" else np.ones_like(edges)
        problem = MatchProblem(
            need=need,
            lot=lot,
            surplus_fen=self.surplus[edges] * deal_units - setup,
            floor_fen=self.reserve[edges] * deal_units + setup,
            ceiling_fen=self.limit[self.leg[edges]] * deal_units,
            quantity=np.ones_like(needs) if kind == "unit" else self.quantity[self._only_leg(needs)],
            capacity=np.ones_like(lots) if kind == "unit" else self.capacity[lots],
            need_key=self.need_key[needs],
            lot_key=self.lot_key[lots],
        )
        return Part(kind, problem, ints(edges), needs, lots, ints(deal_units), setup, asked)

    def _kind(self, edges: np.ndarray, needs: Ints) -> str:
        if self.one_deal_each:
            return "unit"
        candidates = np.bincount(self.need[edges], minlength=self.whole.size)[needs]
        divisible = (
            not self.whole[needs].any()
            and (self.min_units[self.lot[edges]] == 1).all()
            and not self.setup[self.lot[edges]].any()
            and (self.max_suppliers[needs] >= candidates).all()
            and np.isin(self.need_of_leg, needs).sum() == needs.size
            # what fits into the period of the need never binds
            and (self.most[edges] >= np.minimum(self.quantity[self.leg[edges]], self.capacity[self.lot[edges]])).all()
        )
        return "divisible" if divisible else "mixed"

    def _only_leg(self, needs: Ints) -> np.ndarray:
        return np.searchsorted(self.need_of_leg, needs)

    def _mixed(self, edges: np.ndarray, needs: Ints, lots: Ints, lot: Ints) -> MixedProblem:
        place = np.full(self.whole.size, -1, dtype=np.int64)
        place[needs] = np.arange(needs.size)
        # All legs of these needs, also those without a candidate: they make all-or-nothing impossible.
        legs = np.flatnonzero(place[self.need_of_leg] >= 0)
        legs = legs[np.argsort(place[self.need_of_leg[legs]], kind="stable")]
        row = np.full(self.need_of_leg.size, -1, dtype=np.int64)
        row[legs] = np.arange(legs.size)
        limit = np.zeros(needs.size, dtype=np.int64)
        np.add.at(limit, place[self.need_of_leg[legs]], self.limit[legs] * self.quantity[legs])
        legs_of_need = np.bincount(self.need_of_leg, minlength=self.whole.size)
        # A leg of a bundle comes from one provider whole; only single-leg needs are split.
        in_bundle = legs_of_need[self.need[edges]] > 1
        least = np.where(in_bundle, self.quantity[self.leg[edges]], self.min_units[self.lot[edges]])
        return MixedProblem(
            need_of_leg=place[self.need_of_leg[legs]],
            leg_quantity=self.quantity[legs],
            leg=row[self.leg[edges]],
            lot=lot,
            surplus_fen=self.surplus[edges],
            min_units=np.maximum(least, self.min_units[self.lot[edges]]),
            max_units=self.most[edges],
            setup_fen=self.setup[self.lot[edges]],
            floor_fen=self.reserve[edges],
            limit_fen=limit,
            max_suppliers=np.maximum(self.max_suppliers[needs], legs_of_need[needs]),
            whole=self.whole[needs],
            capacity=self.capacity[lots],
            need_key=self.need_key[needs],
            lot_key=self.lot_key[lots],
        )


def _renumber(rows: np.ndarray, key: Ints) -> tuple[Ints, Ints]:
    """Return the distinct rows in key order, and for each entry its place among them."""
    found = np.unique(rows)
    ordered = found[np.argsort(key[found])]
    place = np.empty(int(found.max()) + 1, dtype=np.int64)
    place[ordered] = np.arange(ordered.size)
    return ints(ordered), ints(place[rows])

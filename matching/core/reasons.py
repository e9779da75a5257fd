"""Who got less than wanted, the first reason that binds, and the smallest change that would help."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.core.build import Part, surplus_of_edges
from matching.core.explain import Why, next_best
from matching.core.market import Parameters, Section
from matching.core.outcome import PartOutcome
from matching.core.problem import MatchProblem, ints, per_node


@dataclass(frozen=True)
class LeftOver:
    """One need that got less than it wanted.

    Attributes:
        need: row of the need in its section.
        units: what is missing, in real units over all legs.
        why: the first reason that binds.
        lot: row of the lot that came nearest, or -1.
        missing_fen: by how much that pair's surplus per real unit would have to rise, 0 when money would
            not help.
        leg: the part of a bundle at fault, else empty.
    """

    need: int
    units: int
    why: Why
    lot: int = -1
    missing_fen: int = 0
    leg: str = ""


def left_over(
    section: Section, parameters: Parameters, decided: Sequence[tuple[Part, PartOutcome]]
) -> Iterator[LeftOver]:
    """Yield every need of the section that got less than it wanted, in row order.

    A need without any candidate comes with NOBODY_OFFERS: which filter emptied its list is for
    those who applied the filters to say.
    """
    n_needs = len(section.needs.code)
    missing = per_node(ints(section.legs.need), ints(section.legs.quantity), n_needs).copy()
    competed: dict[int, LeftOver] = {}
    for part, outcome in decided:
        real = ints(ints(outcome.units) * part.deal_units)
        np.subtract.at(missing, part.needs[part.problem.need], real)
        competed.update(_competed(part, outcome))
    hurdles = _Hurdles(section, parameters)
    for need in np.flatnonzero(missing > 0).tolist():
        found = competed.get(need) or hurdles.first(need)
        yield LeftOver(need, int(missing[need]), found.why, found.lot, found.missing_fen, found.leg)


def _competed(part: Part, outcome: PartOutcome) -> dict[int, LeftOver]:
    """Return what kept each need of a decided component from (more of) a partner."""
    if outcome.failure:
        return {need: LeftOver(need, 0, Why.NOT_DECIDED) for need in part.needs.tolist()}
    if not isinstance(part.problem, MatchProblem):
        return {need: LeftOver(need, 0, Why.OTHERS_GAINED_MORE) for need in part.needs.tolist()}
    problem = part.problem
    nearest = next_best(
        problem,
        ints(outcome.units),
        deal=part.deal,
        need_fen=ints(outcome.need_fen),
        lot_fen=ints(outcome.lot_fen),
    )
    deal_units = dict(zip(problem.need.tolist(), part.deal_units.tolist(), strict=True))
    found = {}
    for need, row in enumerate(part.needs.tolist()):
        best = nearest.get(need)
        lot, fen = (int(part.lots[best.lot]), -(-best.missing_fen // deal_units[need])) if best else (-1, 0)
        found[row] = LeftOver(row, 0, Why.OTHERS_GAINED_MORE, lot, fen)
    return found


class _Hurdles:
    """What kept a need out of every component, from its candidate pairs."""

    def __init__(self, section: Section, parameters: Parameters) -> None:
        self.section = section
        self.surplus = surplus_of_edges(section, parameters)
        self.edges_of_leg: dict[int, list[int]] = {}
        for edge, leg in enumerate(section.edges.leg):
            self.edges_of_leg.setdefault(leg, []).append(edge)
        self.legs_of_need: dict[int, list[int]] = {}
        for leg, need in enumerate(section.legs.need):
            self.legs_of_need.setdefault(need, []).append(leg)

    def first(self, need: int) -> LeftOver:
        legs = self.legs_of_need[need]
        edges = [edge for leg in legs for edge in self.edges_of_leg.get(leg, ())]
        if not edges:
            return LeftOver(need, 0, Why.NOBODY_OFFERS)
        for leg in legs:
            if not self.edges_of_leg.get(leg):
                return LeftOver(need, 0, Why.INCOMPLETE, leg=self.section.legs.name[leg])
        fitting = [edge for edge in edges if self.section.edges.fit_bp[edge] > 0]
        if not fitting:
            return LeftOver(need, 0, Why.POOR_FIT, self.section.edges.lot[edges[0]])
        best = max(fitting, key=lambda edge: int(self.surplus[edge]))
        lot, fen = self.section.edges.lot[best], int(self.surplus[best])
        if fen > 0:
            return LeftOver(need, 0, Why.INCOMPLETE, lot)
        return LeftOver(need, 0, Why.NOTHING_TO_SHARE, lot, 1 - fen)

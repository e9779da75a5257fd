"""Who got less than wanted, the first reason that binds, and the smallest change that would help."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.core import values
from matching.core.build import Part, surplus_of_edges
from matching.core.explain import Why
from matching.core.market import Parameters, Section
from matching.core.outcome import PartOutcome
from matching.core.problem import Ints, MatchProblem, ints, per_node

_FAR = 2**62


@dataclass(frozen=True)
class LeftOver:
    """One need that got less than it wanted.

    Attributes:
        need: row of the need in its section.
        units: what is missing, in real units over all legs.
        why: the first reason that binds.
        lot: row of the lot that came nearest, or -1.
        missing_fen: by how much the limit per real unit of a need that got nothing would have had to be higher to
            get that lot, all else equal; 0 when money would not help, or when nobody can say.
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
    wanted = per_node(section.legs.need, section.legs.quantity, n_needs)
    missing = wanted.copy()
    competed: set[int] = set()
    failed: set[int] = set()
    for part, outcome in decided:
        real = ints(outcome.units * part.deal_units)
        np.subtract.at(missing, part.needs[part.problem.need], real)
        (failed if outcome.failure else competed).update(part.needs.tolist())
    hurdles = _Hurdles(section, parameters, decided)
    for need in np.flatnonzero(missing > 0).tolist():
        if need in failed:
            yield LeftOver(need, int(missing[need]), Why.NOT_DECIDED)
        elif need in competed:
            lot, fen = hurdles.nearest(need)
            # Who has some units already competes with itself for more.
            is_alone = missing[need] == wanted[need]
            yield LeftOver(need, int(missing[need]), Why.OTHERS_GAINED_MORE, lot, fen if is_alone else 0)
        else:
            yield hurdles.first(need, int(missing[need]))


class _Hurdles:
    """What keeps a need from (more of) a partner, from its candidate pairs and what others would pay for them.

    Notes:
        A need that got nothing gains nothing, at any prices that support the plan. So its pair with a lot enters as
        soon as it is worth more than the highest price at which the lot's partners would still keep it: the upper
        end of the core. At the reference price, in the middle, they would outbid it.
    """

    def __init__(self, section: Section, parameters: Parameters, decided: Sequence[tuple[Part, PartOutcome]]) -> None:
        self.section = section
        self.surplus = surplus_of_edges(section, parameters)
        leg = section.edges.leg
        self.legs_of_need = _rows_of(section.legs.need, len(section.needs.code))
        self.edges_of_leg = _rows_of(leg, len(section.legs.need))
        limit, reserve = section.legs.limit_fen[leg], section.edges.reserve_fen
        self.missing = self._missing(leg, limit, reserve, parameters, decided)

    def _missing(
        self,
        leg: Ints,
        limit: Ints,
        reserve: Ints,
        parameters: Parameters,
        decided: Sequence[tuple[Part, PartOutcome]],
    ) -> Ints:
        """Return (n_edges,) by how much each edge's limit falls short of winning (more of) its lot; _FAR for never."""
        section = self.section
        lot, edges = section.edges.lot, section.edges
        rent, room = np.zeros(len(section.lots.code), dtype=np.int64), np.ones(leg.size, dtype=bool)
        for part, outcome in decided:
            known = isinstance(part.problem, MatchProblem) and not outcome.failure
            rent[part.lots] = outcome.lot_high_fen if known else _FAR
            room[part.edges[outcome.units >= part.problem.max_units]] = False
        quantity, least = section.legs.quantity[leg], section.lots.min_units[lot]
        setup = section.lots.setup_fen[lot]
        units = quantity if section.one_deal_each else np.ones_like(quantity)
        if section.one_deal_each:
            room &= (edges.most_units >= quantity) & (least <= quantity)
        room &= (edges.fit_bp > 0) & (rent[lot] < _FAR)
        wanted = np.where(room, -(-(np.where(room, rent[lot], 0) + setup + 1) // units), 0)
        # A bonus helps to win a lot, but lets no pair in that is worth nothing, and ends at the limit.
        worth = np.maximum(wanted - edges.bonus_fen, -(-(setup + 1) // units))
        asked = values.limit_for(
            ints(worth),
            reserve,
            edges.fit_bp,
            edges.distance_m,
            scale_m=parameters.distance_scale_m,
            weight_bp=parameters.distance_weight_bp,
        )
        least = np.maximum(asked, wanted + reserve)
        return ints(np.where(room & (asked >= 0), np.maximum(least - limit, 0), _FAR))

    def nearest(self, need: int) -> tuple[int, int]:
        """Return the lot that the least rise of the need's limit would win, and that rise; -1 and 0 if none would."""
        edges = self._edges(need)
        best = int(edges[np.argmin(self.missing[edges])])
        fen = int(self.missing[best])
        return (int(self.section.edges.lot[best]), fen) if fen < _FAR else (-1, 0)

    def first(self, need: int, units: int) -> LeftOver:
        """Return what keeps a need out of every component."""
        section, edges = self.section, self._edges(need)
        if not edges.size:
            return LeftOver(need, units, Why.NOBODY_OFFERS)
        for leg in self.legs_of_need[need].tolist():
            if not self.edges_of_leg[leg].size:
                return LeftOver(need, units, Why.INCOMPLETE, leg=section.legs.name[leg])
        fitting = edges[section.edges.fit_bp[edges] > 0]
        if not fitting.size:
            return LeftOver(need, units, Why.POOR_FIT, int(section.edges.lot[edges[0]]))
        best = int(fitting[np.argmax(self.surplus[fitting])])
        lot = int(section.edges.lot[best])
        if self.surplus[best] > 0:
            return LeftOver(need, units, Why.INCOMPLETE, lot)
        near, fen = self.nearest(need)
        return LeftOver(need, units, Why.NOTHING_TO_SHARE, near if near >= 0 else lot, fen)

    def _edges(self, need: int) -> Ints:
        return ints(np.concatenate([self.edges_of_leg[leg] for leg in self.legs_of_need[need].tolist()]))


def _rows_of(node: Ints, n: int) -> list[Ints]:
    """Return for each of `n` nodes the positions at which it stands in `node`."""
    order = np.argsort(node, kind="stable")
    return [ints(rows) for rows in np.split(order, np.searchsorted(node[order], np.arange(1, n)))]

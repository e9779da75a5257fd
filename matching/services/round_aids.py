"""What bonuses changed in a round: which deals came about by them, and who lost one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matching.core.bonuses import shares_bp
from matching.core.check import Decided
from matching.core.problem import Ints, ints, per_node
from matching.core.settle import first_of_deals
from matching.selectors import bonuses
from matching.selectors.gathered import Gathered, GatheredSection


@dataclass(frozen=True, eq=False)
class Aid:
    """One section's bonuses and what they changed.

    Attributes:
        entrant_bp, memory_bp: (n_edges,) bonus of each pair in basis points of the limit, by its ground; 0 where
            fit and way leave no room for one.
        made: (leg, listing id) of the deals that the market makes without bonuses.
        lost: rows of needs that get more without them.
    """

    entrant_bp: Ints
    memory_bp: Ints
    made: frozenset[tuple[int, int]]
    lost: frozenset[int]


def aids(
    gathered: Gathered, checked: Sequence[Sequence[Decided]], unaided: Sequence[Sequence[Decided]], *, at: datetime
) -> list[Aid]:
    """Return by section what bonuses changed.

    Args:
        checked: what was decided with bonuses; unaided: without, over the same rows.
    """
    parameters, found = gathered.market.parameters, []
    standings = bonuses.standings(gathered, at=at)
    for section, standing, parts, without in zip(gathered.sections, standings, checked, unaided, strict=True):
        counts = np.zeros(len(section.rows.edges), dtype=bool)
        for one in parts:
            counts[one.part.edges] = one.part.bonus_fen > 0
        entrant, memory = shares_bp(section.rows, standing, parameters)
        lost = np.flatnonzero(_units(section, parts) < _units(section, without))
        found.append(
            Aid(
                entrant_bp=ints(np.where(counts, entrant, 0)),
                memory_bp=ints(np.where(counts, memory, 0)),
                made=frozenset(_made(section, without)),
                lost=frozenset(lost.tolist()),
            )
        )
    return found


def _made(section: GatheredSection, parts: Sequence[Decided]) -> set[tuple[int, int]]:
    edges = section.rows.edges
    found: set[tuple[int, int]] = set()
    for one in parts:
        rows = one.part.edges[first_of_deals(one.part, one.outcome.units)]
        listings = [section.lots[lot].id for lot in edges.lot[rows].tolist()]
        found |= set(zip(edges.leg[rows].tolist(), listings, strict=True))
    return found


def _units(section: GatheredSection, parts: Sequence[Decided]) -> Ints:
    """Return (n_needs,) the real units that each need gets."""
    got = np.zeros(len(section.needs), dtype=np.int64)
    for one in parts:
        part = one.part
        real = per_node(part.problem.need, ints(one.outcome.units * part.deal_units), part.needs.size)
        got[part.needs] += real
    return ints(got)

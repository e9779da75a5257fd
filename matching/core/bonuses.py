"""Bonuses that count when pairs are chosen and that nobody pays: for new entrants, and for needs that went without."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.core import values
from matching.core.build import Part, parts
from matching.core.cutting import cut, rows_of
from matching.core.market import Market, Parameters, Section
from matching.core.outcome import Outcome, PartOutcome
from matching.core.problem import Ints, ints
from matching.core.settle import first_of_deals

# At a bonus of the whole limit nothing more can be added: surplus and bonus end at limit less reserve.
MOST_BP = values.BASIS_POINTS


@dataclass(frozen=True, eq=False)
class Standing:
    """What a section's rows may get a bonus for.

    Attributes:
        is_entrant: (n_lots,) whether the lot is a new entrant's.
        waited: (n_needs,) rounds in a row in which the need went without because others gained more.
    """

    is_entrant: np.ndarray
    waited: Ints


@dataclass(frozen=True)
class Entrants:
    """How many of the deals of a plan go to new entrants."""

    deals: int = 0
    of: int = 0

    def __add__(self, other: "Entrants") -> "Entrants":
        return Entrants(self.deals + other.deals, self.of + other.of)

    def reaches(self, floor_bp: int) -> bool:
        """Return whether their share is at least so many basis points; of no deals everybody has enough."""
        return self.deals * values.BASIS_POINTS >= floor_bp * self.of

    def is_less_than(self, other: "Entrants") -> bool:
        """Return whether their share is smaller than another one."""
        return self.deals * max(other.of, 1) < other.deals * max(self.of, 1)


@dataclass(frozen=True)
class LeastBonus:
    """The least bonus at which new entrants get the share that they should.

    Attributes:
        bonus_bp: share of the limit in basis points; one less does not do.
        is_reached: whether it does; else it is the least that gives them as much as the greatest bonus would.
        tries: how often the market was decided.
    """

    bonus_bp: int
    is_reached: bool
    tries: int


def shares_bp(section: Section, standing: Standing, parameters: Parameters) -> tuple[Ints, Ints]:
    """Return (n_edges,) each: the bonus of a pair for its entrant and for its need's waiting, in basis points."""
    edges = section.edges
    need = section.legs.need[edges.leg]
    rounds = np.minimum(standing.waited, parameters.memory_rounds)
    entrant = np.where(standing.is_entrant[edges.lot], parameters.entrant_bonus_bp, 0)
    return ints(entrant), ints(parameters.memory_bonus_bp * rounds[need])


def with_bonuses(market: Market, standings: Sequence[Standing]) -> Market:
    """Return the market with the bonuses that its parameters grant, one standing for each section."""
    return replace(
        market,
        sections=tuple(
            _granted(section, standing, market.parameters)
            for section, standing in zip(market.sections, standings, strict=True)
        ),
    )


def _granted(section: Section, standing: Standing, parameters: Parameters) -> Section:
    entrant, memory = shares_bp(section, standing, parameters)
    limit = section.legs.limit_fen[section.edges.leg]
    bonus = ints(limit * (entrant + memory) // values.BASIS_POINTS)
    return replace(section, edges=replace(section.edges, bonus_fen=bonus))


def least_bonus(market: Market, standings: Sequence[Standing], decide: Callable[[Market], Outcome]) -> LeastBonus:
    """Return the least bonus for new entrants at which they get `entrant_floor_bp` of the deals.

    Args:
        decide: what decides a market.

    Notes:
        A greater bonus never takes units from those who have it, where it is the same for all and no limit cuts it
        (the optimum of a sum that grows with its weight). Bonuses here are shares of limits and end at them, and what
        is bounded is a share of deals: so the answer is a boundary by halving: at it the share is reached, at one
        basis point less it is not. Components without a lot of an entrant are decided once.
    """
    fixed, varied, rows = _split(market, standings)
    constant = entrants(fixed, decide(fixed), [_nobody(section) for section in fixed.sections])
    tries = 0

    def at(bonus_bp: int) -> Entrants:
        nonlocal tries
        tries += 1
        parameters = replace(varied.parameters, entrant_bonus_bp=bonus_bp)
        tried = with_bonuses(replace(varied, parameters=parameters), rows)
        return constant + entrants(tried, decide(tried), rows)

    floor_bp = market.parameters.entrant_floor_bp
    without = at(0)
    if without.reaches(floor_bp):
        return LeastBonus(0, True, tries)
    most = at(MOST_BP)
    is_reached = most.reaches(floor_bp)
    if not without.is_less_than(most):
        return LeastBonus(0, False, tries)
    low, high = 0, MOST_BP
    while high - low > 1:
        middle = (low + high) // 2
        found = at(middle)
        enough = found.reaches(floor_bp) if is_reached else not found.is_less_than(most)
        low, high = (low, middle) if enough else (middle, high)
    return LeastBonus(high, is_reached, tries)


def entrants(market: Market, outcome: Outcome, standings: Sequence[Standing]) -> Entrants:
    """Return how many deals of an outcome go to new entrants."""
    found = Entrants()
    for section, decided, standing in zip(market.sections, outcome.sections, standings, strict=True):
        for part, one in zip(parts(section, market.parameters), decided, strict=True):
            found += entrants_of(part, one, standing.is_entrant)
    return found


def entrants_of(part: Part, outcome: PartOutcome, is_entrant: np.ndarray) -> Entrants:
    """Return how many deals of one component go to new entrants.

    Args:
        is_entrant: (n_lots of the section,)
    """
    made = first_of_deals(part, outcome.units)
    lots = part.lots[part.problem.lot[made]]
    return Entrants(int(np.count_nonzero(is_entrant[lots])), made.size)


def _split(market: Market, standings: Sequence[Standing]) -> tuple[Market, Market, list[Standing]]:
    """Return the components that no bonus for entrants can change, the others, and the standings of their rows.

    The first keep the bonuses for waiting, in their rows.
    """
    whole = with_bonuses(replace(market, parameters=replace(market.parameters, entrant_bonus_bp=0)), standings)
    fixed: list[Section] = []
    varied: list[Section] = []
    rows: list[Standing] = []
    for section, standing in zip(whole.sections, standings, strict=True):
        if section.group_capacity.size:  # quotas join lots beyond their components' edges
            varied.append(section)
            rows.append(standing)
            continue
        found = list(parts(section, whole.parameters))
        can_change = [bool(standing.is_entrant[part.lots].any()) for part in found]
        for chosen, is_varied in ((fixed, False), (varied, True)):
            own = rows_of([part for part, changes in zip(found, can_change, strict=True) if changes == is_varied])
            chosen.append(cut(section, own))
            if is_varied:
                rows.append(Standing(standing.is_entrant[own.lots], ints(standing.waited[own.needs])))
    return replace(whole, sections=tuple(fixed)), replace(whole, sections=tuple(varied)), rows


def _nobody(section: Section) -> Standing:
    """Return a standing in which nobody is an entrant, or waited."""
    return Standing(np.zeros(len(section.lots), dtype=bool), ints(np.zeros(len(section.needs), dtype=np.int64)))

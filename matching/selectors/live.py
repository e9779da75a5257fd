"""What a live market takes of a gathered one: single deals by the ids of their rows, and the terms of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np

from common.working_days import CHINA
from marketplace.directions import DIRECTIONS, MatchClass
from marketplace.selectors import deadlines
from marketplace.selectors.deadlines import NeedTimes, OfferTimes
from matching.core import tentative
from matching.core.build import Part, parts
from matching.core.cutting import cut, rows_of
from matching.core.market import Market, Parameters
from matching.core.problem import Ints, MatchProblem, ints
from matching.core.tentative import Terms
from matching.selectors.gathered import Gathered, GatheredSection, LotRow, NeedRow

# The directions whose needs make one deal each.
DIRECTION_CODES = tuple(direction.code for direction in DIRECTIONS if direction.matching == MatchClass.UNIT)
# (demand id, listing id)
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class LiveSection:
    """One direction's single deals.

    Attributes:
        gathered: the section with the rows behind it.
        parts: its components that a live market can hold, in the order of `build.parts`; problems: theirs.
        edges: surplus in fen by demand id and listing id; needs in the order that decides among equals.
        places: by listing id, deals that it can make, at most one more than needs look at it: further ones change
            nothing.
        where: component and edge of each pair.
    """

    gathered: GatheredSection
    parts: Sequence[Part]
    problems: Sequence[MatchProblem]
    edges: Mapping[int, Mapping[int, int]]
    places: Mapping[int, int]
    where: Mapping[Pair, tuple[int, int]]

    @property
    def direction(self) -> str:
        return self.gathered.direction

    def terms(self, pair: Pair) -> tuple[Terms, NeedRow, LotRow]:
        """Return the terms of one pair and the rows behind it.

        Raises:
            KeyError: there is no such pair.
        """
        number, edge = self.where[pair]
        part, problem = self.parts[number], self.problems[number]
        terms = Terms(
            worth_fen=int(problem.surplus_fen[edge]),
            floor_fen=int(problem.floor_fen[edge]),
            ceiling_fen=int(problem.ceiling_fen[edge]),
            setup_fen=int(part.setup_fen[edge]),
            units=int(part.deal_units[edge]),
            asked_fen=int(part.asked_fen[edge]),
        )
        need, lot = part.needs[problem.need[edge]], part.lots[problem.lot[edge]]
        return terms, self.gathered.needs[int(need)], self.gathered.lots[int(lot)]


def sections(gathered: Gathered) -> list[LiveSection]:
    """Return what a live market can hold of a gathered one, by direction."""
    return [_section(section, gathered.market.parameters) for section in gathered.sections]


def with_components_of(
    found: Sequence[LiveSection], pairs: Collection[Pair], parameters: Parameters
) -> tuple[Gathered, list[LiveSection]]:
    """Return a market of the components that hold these pairs and of nothing else, as rounds and as live markets do."""
    chosen = []
    for section in found:
        numbers = sorted({section.where[pair][0] for pair in pairs if pair in section.where})
        if numbers:
            chosen.append(_cut(section, numbers))
    gathered = Gathered(Market(parameters, tuple(section.rows for section in chosen)), tuple(chosen))
    return gathered, sections(gathered)


def plans(section: LiveSection, standing: Mapping[int, int]) -> list[Ints]:
    """Return units on the edges of each component, where `standing` names the listing of each demand that has one."""
    units = [np.zeros(part.problem.n_edges, dtype=np.int64) for part in section.parts]
    for pair in standing.items():
        if pair in section.where:
            number, edge = section.where[pair]
            units[number][edge] = 1
    return [ints(of_part) for of_part in units]


def commit_times(pairs: Iterable[Pair]) -> dict[Pair, datetime]:
    """Return when each pair is proposed if nothing better comes before, by the times of both sides."""
    chosen = list(pairs)
    needs = deadlines.of_needs({need for need, _ in chosen})
    offers = deadlines.of_offers({offer for _, offer in chosen})
    return {
        (need, offer): tentative.commit_at(needs[need].posted_at, last_moments(needs[need], offers[offer]))
        for need, offer in chosen
        if need in needs and offer in offers
    }


def last_moments(need: NeedTimes, offer: OfferTimes) -> list[datetime | None]:
    """Return until when two could still agree: each time that one of them names.

    Notes:
        Work should be agreed before the need's period begins; a period that began before the need was posted lasts
        until there is no time left after the offer's lead time. A licence is good until its last day in China ends.
    """
    begins = need.begins_at if need.begins_at and need.begins_at > need.posted_at else None
    ends = need.ends_at - timedelta(days=offer.lead_time_days) if need.ends_at else None
    day_after = offer.valid_until + timedelta(days=1) if offer.valid_until else None
    licence = datetime.combine(day_after, time(), CHINA) if day_after else None
    return [need.answers_until, begins, ends, licence]


def _section(section: GatheredSection, parameters: Parameters) -> LiveSection:
    kept: list[Part] = []
    problems: list[MatchProblem] = []
    edges: dict[int, dict[int, int]] = {}
    places: dict[int, int] = {}
    where: dict[Pair, tuple[int, int]] = {}
    for part in parts(section.rows, parameters):
        problem = part.problem
        needs = [section.needs[row].id for row in part.needs.tolist()]
        lots = [section.lots[row].id for row in part.lots.tolist()]
        if not isinstance(problem, MatchProblem) or not _has_single_deals(problem) or len(set(lots)) < len(lots):
            continue
        looked_at = np.bincount(problem.lot, minlength=problem.n_lots)
        places |= dict(zip(lots, np.minimum(problem.capacity, looked_at + 1).tolist(), strict=True))
        ends = zip(problem.need.tolist(), problem.lot.tolist(), problem.surplus_fen.tolist(), strict=True)
        for edge, (need, lot, worth) in enumerate(ends):
            edges.setdefault(needs[need], {})[lots[lot]] = worth
            where[needs[need], lots[lot]] = (len(kept), edge)
        kept.append(part)
        problems.append(problem)
    return LiveSection(section, kept, problems, edges, places, where)


def _has_single_deals(problem: MatchProblem) -> bool:
    """Whether each need makes one deal, and nothing but the two ends of an edge bounds what flows on it."""
    return not problem.is_capped and bool((problem.quantity == 1).all())


def _cut(section: LiveSection, numbers: Sequence[int]) -> GatheredSection:
    whole = section.gathered
    rows = rows_of([section.parts[number] for number in numbers])
    return replace(
        whole,
        rows=cut(whole.rows, rows),
        needs=[whole.needs[row] for row in rows.needs.tolist()],
        lots=[whole.lots[row] for row in rows.lots.tolist()],
        hurdles={},
        part=ints(whole.part[rows.edges]),
        offer=ints(whole.offer[rows.edges]),
    )

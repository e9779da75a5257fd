"""Why this partner rather than the next, and what would have to change for those left out."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.core.problem import Ints, MatchProblem, ints


class Why(StrEnum):
    """What keeps a need without a partner, in the order in which it binds."""

    MAY_NOT_DEAL = "may_not_deal"  # its owner's verification or standing lets it agree to no such deal
    NO_LIMIT = "no_limit"  # it names no price limit, so nothing can be weighed
    NOBODY_OFFERS = "nobody_offers"  # nothing published in this direction
    TOO_FAR = "too_far"  # offers exist, all beyond the radius
    NOT_FREE = "not_free"  # offers in reach, none free in the period
    NOT_LICENSED = "not_licensed"  # free ones lack a licence or verification the need asks for
    TOO_DEAR = "too_dear"  # the cheapest asks more than the limit
    TOO_LARGE = "too_large"  # within the limit, but who offers may not agree to so large a sum
    POOR_FIT = "poor_fit"  # within the limit, but attributes do not do what is needed
    NOTHING_TO_SHARE = "nothing_to_share"  # fits, but worth less than it costs
    INCOMPLETE = "incomplete"  # some leg, or the whole quantity, cannot be filled
    OTHERS_GAINED_MORE = "others_gained_more"  # candidates exist, scarce, and went to others
    NOT_DECIDED = "not_decided"  # its part of the market could not be computed this time


@dataclass(frozen=True)
class NextBest:
    """The lot a need would turn to next, and how far that is from happening.

    Attributes:
        lot: index of the lot.
        missing_fen: by how much less per unit the need would gain there, at these prices.
    """

    lot: int
    missing_fen: int


def slack(problem: MatchProblem, *, need_fen: Ints, lot_fen: Ints) -> Ints:
    """Return (n_edges,) by how many fen per unit each edge brings less than its two ends gain at these prices.

    Notes:
        At prices that support the plan never negative, but on edges that carry all they can; 0 on other used ones.
    """
    return ints(need_fen[problem.need] + lot_fen[problem.lot] - problem.surplus_fen)


def next_best(problem: MatchProblem, units: Ints, *, deal: Ints, need_fen: Ints, lot_fen: Ints) -> dict[int, NextBest]:
    """Return, for each need that has an unused deal, the one that would leave it most at these prices.

    Args:
        deal: (n_edges,) index of the deal an edge belongs to: several weeks of one provider are one.
    """
    missing = slack(problem, need_fen=need_fen, lot_fen=lot_fen)
    unused = np.flatnonzero(~np.isin(deal, deal[units > 0]))
    order = unused[np.lexsort((problem.lot_key[problem.lot[unused]], missing[unused], problem.need[unused]))]
    _, first = np.unique(problem.need[order], return_index=True)
    return {
        int(problem.need[edge]): NextBest(lot=int(problem.lot[edge]), missing_fen=int(missing[edge]))
        for edge in order[first].tolist()
    }


def rank_within(group: Ints, value: Ints) -> tuple[Ints, Ints]:
    """Return each entry's place by falling `value` inside its group, from 1, and the group's size.

    Args:
        group: (n,) what to rank inside, as the need of each edge.
        value: (n,) what to rank by, as the surplus of each edge; equals keep their order.
    """
    order = np.lexsort((-value, group))
    _, first, size = np.unique(group[order], return_index=True, return_counts=True)
    place = np.empty(group.size, dtype=np.int64)
    place[order] = np.arange(group.size) - np.repeat(first, size) + 1
    of_group = np.empty(group.size, dtype=np.int64)
    of_group[order] = np.repeat(size, size)
    return ints(place), ints(of_group)

"""What a round comes to, beside the same market without fairness terms, so that their price is known."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from matching.core.bonuses import entrants_of
from matching.core.fairness import concentration
from matching.core.problem import ints
from matching.core.settle import first_of_deals
from matching.selectors import bonuses

if TYPE_CHECKING:
    from matching.services.rounds import DecidedRound


def compared(found: "DecidedRound", *, at: datetime) -> dict[str, dict[str, int]]:
    """Return the figures of a decided round as chosen, and of the same market without fairness terms."""
    return {"chosen": figures(found, at=at), "free": figures(found.free or found, at=at)}


def figures(found: "DecidedRound", *, at: datetime) -> dict[str, int]:
    """Return what a decided round comes to.

    Returns:
        Needs, needs served, deals, those of new entrants, total gain without bonuses and the gap in fen,
        concentration of deals, and the bonus of new entrants in basis points of the limit.
    """
    deals = needs = served = entrants = gain_fen = gap_fen = 0
    won: Counter[int] = Counter()
    for section, parts, standing in zip(
        found.gathered.sections, found.checked, bonuses.standings(found.gathered, at=at), strict=True
    ):
        needs += len(section.needs)
        for one in parts:
            if not one.certificate.is_sound:
                continue
            part, units = one.part, ints(one.outcome.units)
            made = first_of_deals(part, units)
            won.update(section.lots[lot].owner_id for lot in part.lots[part.problem.lot[made]].tolist())
            deals += made.size
            entrants += entrants_of(part, one.outcome, standing.is_entrant).deals
            served += np.unique(part.problem.need[made]).size
            gain_fen += one.certificate.primal_fen - int((part.bonus_fen * units).sum())
            gap_fen += one.certificate.gap_fen
    return {
        "needs": needs,
        "served": served,
        "deals": deals,
        "entrants": entrants,
        "gain_fen": gain_fen,
        "gap_fen": gap_fen,
        "hhi": concentration(won),
        "entrant_bonus_bp": found.gathered.market.parameters.entrant_bonus_bp,
    }

"""What a round would come to, without proposing anything: beside the same market without quotas."""

from collections import Counter
from dataclasses import replace

import numpy as np

from matching.core.fairness import concentration
from matching.core.problem import NONE
from matching.core.settle import first_of_deals
from matching.selectors.gathered import Gathered
from matching.services.rounds import DecidedRound


def without_quotas(gathered: Gathered) -> Gathered:
    """Return the same market where nobody's share is bounded."""
    sections = tuple(
        replace(
            section,
            rows=replace(section.rows, lots=replace(section.rows.lots, group=NONE), group_capacity=NONE),
        )
        for section in gathered.sections
    )
    parameters = replace(gathered.market.parameters, quota_by="", quota_share_bp=0)
    market = replace(gathered.market, parameters=parameters, sections=tuple(section.rows for section in sections))
    return Gathered(market, sections)


def figures(found: DecidedRound) -> dict[str, int]:
    """Return what a decided round comes to: needs, needs served, deals, fen, and concentration of deals."""
    deals = needs = served = gain_fen = bound_fen = 0
    won: Counter[int] = Counter()
    for section, parts in zip(found.gathered.sections, found.checked, strict=True):
        needs += len(section.needs)
        for one in parts:
            if not one.certificate.is_sound:
                continue
            made = first_of_deals(one.part, one.outcome.units)
            lots = one.part.lots[one.part.problem.lot[made]]
            won.update(section.lots[lot].owner_id for lot in lots.tolist())
            deals += made.size
            served += np.unique(one.part.problem.need[made]).size
            gain_fen += one.certificate.primal_fen
            bound_fen += one.certificate.dual_fen
    return {
        "needs": needs,
        "served": served,
        "deals": deals,
        "gain_fen": gain_fen,
        "bound_fen": bound_fen,
        "hhi": concentration(won),
    }

"""How a round spread its proposals over providers, from what was gathered and what is proposed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from accounts.selectors import organisations
from matching.core.check import Decided
from matching.core.fairness import NEW_FOR, Envy, envy, fairness
from matching.core.problem import MatchProblem, ints
from matching.models import Proposal
from matching.selectors.gathered import GatheredSection

# Lowest score of each band; the score of somebody without a record is 500.
BANDS = ((800, "high"), (600, "good"), (400, "middle"), (0, "low"))


def report(
    sections: Sequence[GatheredSection],
    decided: Sequence[Sequence[Decided]],
    proposals: Sequence[Proposal],
    *,
    at: datetime,
) -> dict[str, Any]:
    """Return the report as it is stored: `core.fairness.Fairness` by name, with its `Envy` under "envy"."""
    compared: Counter[int] = Counter()
    standing: dict[int, int] = {}
    for section in sections:
        compared.update(_compared(section))
        standing |= {lot.owner_id: lot.standing for lot in section.lots}
    won = Counter(proposal.provider_id for proposal in proposals)
    parties = organisations.by_ids(compared)
    kinds = {
        "size": {pk: party.size or "unknown" for pk, party in parties.items()},
        "age": {pk: "new" if party.created_at > at - NEW_FOR else "known" for pk, party in parties.items()},
        "region": {pk: party.division_code[:2] or "unknown" for pk, party in parties.items()},
        "standing": {pk: next(name for least, name in BANDS if standing[pk] >= least) for pk in parties},
    }
    return {**asdict(fairness(compared, won, kinds)), "envy": asdict(_envy(decided))}


def _envy(decided: Sequence[Sequence[Decided]]) -> Envy:
    """Return who envies whom in the exact components; elsewhere no prices need support the plan."""
    found = Envy()
    for one in (one for section in decided for one in section):
        part, outcome = one.part, one.outcome
        if isinstance(part.problem, MatchProblem) and one.certificate.is_exact and not outcome.failure:
            rents = ints(outcome.lot_fen)
            found += envy(part.problem, ints(outcome.units), lot_fen=rents, bonus_fen=part.bonus_fen)
    return found


def _compared(section: GatheredSection) -> Counter[int]:
    """Return by provider how many pairs were compared: an offer's weeks are one pair with a leg."""
    if not section.lots:
        return Counter()
    listing = ints([lot.id for lot in section.lots])
    leg, lot = section.rows.edges.leg, section.rows.edges.lot
    _, first = np.unique(np.stack([leg, listing[lot]]), axis=1, return_index=True)
    owner = ints([row.owner_id for row in section.lots])
    owners, pairs = np.unique(owner[lot[first]], return_counts=True)
    return Counter(dict(zip(owners.tolist(), pairs.tolist(), strict=True)))

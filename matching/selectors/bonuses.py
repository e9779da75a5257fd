"""Who may get a bonus in a round: providers new on the platform, and needs that went without again and again."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import numpy as np
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from accounts.selectors import organisations
from matching.core.bonuses import Standing
from matching.core.explain import Why
from matching.core.fairness import NEW_FOR
from matching.core.problem import ints
from matching.models import Proposal, Unmatched
from matching.selectors.gathered import Gathered


def standings(gathered: Gathered, *, at: datetime) -> list[Standing]:
    """Return for each section what its rows may get a bonus for at `at`."""
    parameters = gathered.market.parameters
    new = entrant_ids({lot.owner_id for section in gathered.sections for lot in section.lots}, at=at)
    needs = {need.id for section in gathered.sections for need in section.needs}
    rounds = waited(needs, at_most=parameters.memory_rounds) if parameters.memory_bonus_bp else Counter[int]()
    return [
        Standing(
            is_entrant=np.array([lot.owner_id in new for lot in section.lots], dtype=bool),
            waited=ints([rounds[need.id] for need in section.needs]),
        )
        for section in gathered.sections
    ]


def entrant_ids(organisation_ids: Collection[int], *, at: datetime) -> set[int]:
    """Return those who came to the platform less than NEW_FOR ago."""
    parties = organisations.by_ids(organisation_ids)
    return {pk for pk, party in parties.items() if party.created_at > at - NEW_FOR}


def waited(demand_ids: Collection[int], *, at_most: int) -> Counter[int]:
    """Return by need in how many rounds in a row, up to the newest that looked at it, others gained more.

    Args:
        at_most: how many rounds are looked back to.

    Notes:
        A round that proposed anything to the need, or left it wanting for another reason, ends the row.
    """
    newest_first = Window(RowNumber(), partition_by=F("demand_id"), order_by=F("round_id").desc())
    left = Unmatched.objects.filter(demand_id__in=demand_ids).annotate(nth=newest_first).filter(nth__lte=at_most)
    served = Proposal.objects.filter(demand_id__in=demand_ids).order_by().values("demand_id").annotate(Max("round_id"))
    last = {row["demand_id"]: row["round_id__max"] for row in served}
    found: Counter[int] = Counter()
    ended: set[int] = set()
    for demand_id, round_id, why in left.order_by("demand_id", "-round_id").values_list("demand_id", "round_id", "why"):
        if demand_id in ended:
            continue
        if why == Why.OTHERS_GAINED_MORE and round_id > last.get(demand_id, 0):
            found[demand_id] += 1
        else:
            ended.add(demand_id)
    return found

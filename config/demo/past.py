"""Deals and ratings of the demo's past, straight into the ledger: honest ones, and a ring that praises its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from credit.core.kinds import EventKind, Source
from credit.services import demo as ledger
from credit.services.demo import DemoFact

DAY = timedelta(days=1)
HONEST = 300
# Places in the list of parties: three that praise, and the obscure ones that they praise.
RING_RATERS = (29, 30, 45)
RING_RATED = (1, 3, 6, 17, 19, 22, 33, 35, 38, 49, 51, 54, 65, 70)


def record(organisation_ids: Sequence[int], random: Random, *, at: datetime) -> None:
    """Record what parties said of each other in the last half year, each party with a quality of its own."""
    rated = [pk for place, pk in enumerate(organisation_ids) if place not in RING_RATED]
    quality = {pk: random.uniform(0.5, 0.98) for pk in rated}
    facts = [_verified(pk, at - 90 * DAY) for pk in organisation_ids]
    number = 0
    for _ in range(HONEST):
        one, other = random.choice(organisation_ids), random.choice(rated)
        if one != other:
            number += 1
            value = round(min(1.0, max(0.0, random.gauss(quality[other], 0.15))) * 4) / 4
            facts += _rating(number, one, other, value, at - random.randint(20, 180) * DAY)
    for rater in RING_RATERS:
        for place in RING_RATED:
            number += 1
            rated_at = at - random.randint(20, 60) * DAY
            facts += _rating(number, organisation_ids[rater], organisation_ids[place], 1.0, rated_at)
    ledger.insert_facts(facts, at=at)


def _verified(organisation_id: int, at: datetime) -> DemoFact:
    return DemoFact(
        organisation_id, EventKind.VERIFICATION_PASSED, Source.VERIFICATION, f"demo-{organisation_id}", occurred_at=at
    )


def _rating(number: int, rater_id: int, rated_id: int, value: float, at: datetime) -> Iterator[DemoFact]:
    for kind, source in ((EventKind.ORDER_COMPLETED, Source.ORDER), (EventKind.RATING_RECEIVED, Source.RATING)):
        yield DemoFact(
            rated_id,
            kind,
            source,
            f"demo-{number:04d}",
            occurred_at=at,
            value=value if kind == EventKind.RATING_RECEIVED else None,
            amount_fen=500_000,
            counterparty_id=rater_id,
        )

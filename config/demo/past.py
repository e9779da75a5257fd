"""The demo's past: ratings straight into the ledger, honest ones and a ring's; and orders that prices come from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from credit.core.kinds import EventKind, Source
from credit.services import demo as ledger
from credit.services.demo import DemoFact
from marketplace.core.quarters import ripe, span
from marketplace.services import demo as market
from marketplace.services import prices
from marketplace.services.demo import DemoOrder

DAY = timedelta(days=1)
HONEST = 300
# Places in the list of parties: three that praise, and the obscure ones that they praise.
RING_RATERS = (29, 30, 45)
RING_RATED = (1, 3, 6, 17, 19, 22, 33, 35, 38, 49, 51, 54, 65, 70)
# Of each direction so many classes are dealt in often enough to have a price, with so many orders a quarter.
PRICED_CLASSES = 3
ORDERS_A_QUARTER = (18, 36)


@dataclass(frozen=True)
class Sold:
    """A demo listing as something that was ordered before.

    Attributes:
        family: direction, class and unit.
    """

    code: UUID
    owner_id: int
    family: tuple[str, str, str]
    price_fen: int
    minimum_lot: int


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


def trade(listings: Sequence[Sold], consumer_ids: Sequence[int], random: Random, *, at: datetime) -> None:
    """Insert closed orders of the last two years, and make the price figures from them."""
    market.insert_orders(_orders(_often_sold(listings), consumer_ids, random, at))
    prices.release_ripe(at=at)


def _often_sold(listings: Sequence[Sold]) -> list[list[Sold]]:
    """Return the listings of the families with the most providers of each direction."""
    families: dict[tuple[str, str, str], list[Sold]] = defaultdict(list)
    for each in listings:
        families[each.family].append(each)
    by_direction: dict[str, list[list[Sold]]] = defaultdict(list)
    for (direction, _, _), own in sorted(families.items()):
        by_direction[direction].append(own)
    return [
        own
        for found in by_direction.values()
        for own in sorted(found, key=lambda own: -len({each.owner_id for each in own}))[:PRICED_CLASSES]
    ]


def _orders(
    families: Sequence[Sequence[Sold]], consumer_ids: Sequence[int], random: Random, at: datetime
) -> Iterator[DemoOrder]:
    for own in families:
        level = random.uniform(0.85, 1.0)  # of today's prices, two years ago
        for quarter in ripe(at):
            start, end = span(quarter)
            level *= random.uniform(0.97, 1.06)
            for _ in range(random.randint(*ORDERS_A_QUARTER)):
                listing = random.choice(own)
                yield DemoOrder(
                    listing_code=listing.code,
                    consumer_id=random.choice([pk for pk in consumer_ids if pk != listing.owner_id]),
                    quantity=listing.minimum_lot * random.randint(1, 6),
                    unit_price_fen=round(listing.price_fen * level * random.uniform(0.85, 1.05)),
                    agreed_at=start + random.random() * (end - start),
                )


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

"""The demo's listings and demands as their providers and consumers would write them, varied by one random stream."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.contrib.gis.geos import Point

from config.demo.parties import PartySeed
from config.demo.places import PLACES, Place, near
from config.demo.seeds import LegSeed, Seed, seeds
from marketplace.services.contents import DemandContent, LegContent, ListingContent
from marketplace.services.demo import DemoDemand, DemoListing

DAY = timedelta(days=1)
# Samples and workpieces are taken across town; few go farther.
RADII_M = (12_000, 20_000, 30_000, 45_000)
NOTE = "演示数据，由生成器写成。"


def listings(
    count: int, providers: Sequence[tuple[PartySeed, int]], random: Random, *, at: datetime
) -> Iterator[DemoListing]:
    """Yield `count` offers, each by a provider (seed, organisation id) in its direction, near the provider's place."""
    for number in range(count):
        party, owner_id = providers[number % len(providers)]
        seed = random.choice(seeds()[party.direction])
        yield DemoListing(
            code=_code(random),
            owner_id=owner_id,
            direction=party.direction,
            content=_offer(party, seed, random),
            published_at=at - random.randint(61, 120) * DAY,
        )


def demands(
    count: int, consumers: Sequence[tuple[PartySeed, int]], random: Random, *, at: datetime
) -> Iterator[DemoDemand]:
    """Yield `count` needs spread evenly over the directions."""
    codes = list(seeds())
    for number in range(count):
        direction = codes[number % len(codes)]
        party, owner_id = consumers[(number * 3) % len(consumers)]
        yield DemoDemand(
            code=_code(random),
            owner_id=owner_id,
            direction=direction,
            content=_need(party, _wanted(direction, random), random, at),
            published_at=at - random.randint(0, 20) * DAY,
        )


def _wanted(direction: str, random: Random) -> Seed:
    """Return what a need is for: a few kinds are wanted by many, the first of a direction the most."""
    found = seeds()[direction]
    return random.choices(found, weights=[1 / rank for rank in range(1, len(found) + 1)])[0]


def _offer(party: PartySeed, seed: Seed, random: Random) -> ListingContent:
    price_fen = round(seed.price_yuan * random.uniform(0.82, 1.18) * 100)
    capacity = seed.capacity_per_week
    return ListingContent(
        title=f"{party.place.district}{seed.title}",
        summary=seed.summary,
        description=f"{seed.summary}。{NOTE}",
        attributes=seed.offer,
        place=_point(party.place, random),
        address=_address(party.place),
        division_code=party.place.division_code,
        industry_code=party.industry_code,
        unit=seed.unit,
        price_fen=price_fen,
        reserve_price_fen=price_fen * random.randint(80, 95) // 100,
        setup_fee_fen=seed.setup_yuan * 100,
        minimum_lot=seed.minimum_lot,
        # What stands idle is what other work leaves over: much in one workshop, little in the next.
        capacity_per_week=capacity and max(seed.minimum_lot, round(capacity * random.uniform(0.15, 1.0))),
        lead_time_days=seed.lead_time_days,
    )


def _need(party: PartySeed, seed: Seed, random: Random, at: datetime) -> DemandContent:
    place = party.place if random.random() < 0.8 else random.choice(PLACES)
    first = (at + random.randint(4, 8) * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    budget_fen = round(seed.price_yuan * random.uniform(0.85, 1.25) * 100)
    legs = [_leg(leg, random) for leg in seed.legs]
    return DemandContent(
        title=f"{place.city}{seed.need_title}",
        description=NOTE,
        attributes=seed.need,
        quantity=random.randint(*seed.need_quantity),
        unit="bundle" if legs else seed.unit,
        budget_fen=sum(leg.quantity * (leg.budget_fen or 0) for leg in legs) if legs else budget_fen,
        is_whole=bool(legs),
        max_suppliers=max(len(legs), 3 if seed.minimum_lot > 1 else 1),
        period=(first, first + random.randint(10, 24) * DAY),
        place=_point(place, random),
        radius_m=random.choice(RADII_M),
        address=_address(place),
        division_code=place.division_code,
        industry_code=party.industry_code,
        deadline_at=at + random.randint(5, 20) * DAY,
        legs=legs,
    )


def _leg(seed: LegSeed, random: Random) -> LegContent:
    return LegContent(
        title=seed.title,
        unit=seed.unit,
        quantity=random.randint(*seed.quantity),
        budget_fen=round(seed.budget_yuan * random.uniform(0.8, 1.15) * 100),
        attributes=seed.attributes,
    )


def _code(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _point(place: Place, random: Random) -> Point:
    return Point(*near(place, random), srid=4326)


def _address(place: Place) -> str:
    return f"{place.city}市{place.district}"

"""The demo's listings and demands as plain values, varied from the seeds by one random stream."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from config.demo.parties import PartySeed
from config.demo.places import PLACES, near
from config.demo.seeds import Seed, seeds

DAY = timedelta(days=1)
RADII_M = (20_000, 40_000, 60_000)


@dataclass(frozen=True)
class LegRow:
    title: str
    unit: str
    quantity: int
    budget_fen: int
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One listing or demand: who, in which direction, and the columns of its table."""

    party: PartySeed
    direction: str
    columns: dict[str, Any]
    lng: float
    lat: float
    published_at: datetime
    legs: tuple[LegRow, ...] = ()


def listings(count: int, providers: Sequence[PartySeed], random: Random, *, at: datetime) -> Iterator[Row]:
    """Yield `count` offers, each by a provider of its direction, near the provider's own place."""
    for number in range(count):
        party = providers[number % len(providers)]
        seed = random.choice(seeds()[party.direction])
        yield _listing(party, seed, random, at)


def demands(count: int, consumers: Sequence[PartySeed], random: Random, *, at: datetime) -> Iterator[Row]:
    """Yield `count` needs spread evenly over the directions and the cities."""
    codes = list(seeds())
    for number in range(count):
        direction = codes[number % len(codes)]
        party = consumers[(number * 3) % len(consumers)]
        yield _demand(party, direction, random.choice(seeds()[direction]), random, at)


def _listing(party: PartySeed, seed: Seed, random: Random, at: datetime) -> Row:
    price_fen = round(seed.price_yuan * random.uniform(0.82, 1.18)) * 100
    capacity = seed.capacity_per_week
    lng, lat = near(party.place, random)
    return Row(
        party=party,
        direction=party.direction,
        lng=lng,
        lat=lat,
        published_at=at - random.randint(1, 60) * DAY,
        columns={
            "title": f"{party.place.district}{seed.title}",
            "summary": seed.summary,
            "description": f"{seed.summary}。演示数据，由生成器写成。",
            "attributes": dict(seed.offer),
            "address": f"{party.place.city}市{party.place.district}",
            "division_code": party.place.division_code,
            "industry_code": party.industry_code,
            "unit": seed.unit,
            "price_fen": price_fen,
            "reserve_price_fen": price_fen * random.randint(80, 95) // 100,
            "setup_fee_fen": seed.setup_yuan * 100,
            "minimum_lot": seed.minimum_lot,
            "capacity_per_week": capacity and round(capacity * random.uniform(0.6, 1.4)),
            "lead_time_days": seed.lead_time_days,
        },
    )


def _demand(party: PartySeed, direction: str, seed: Seed, random: Random, at: datetime) -> Row:
    low, high = seed.need_quantity
    place = party.place if random.random() < 0.8 else random.choice(PLACES)
    lng, lat = near(place, random)
    first = (at + random.randint(3, 12) * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    budget_fen = round(seed.price_yuan * random.uniform(0.9, 1.35)) * 100
    legs = tuple(
        LegRow(
            title=leg.title,
            unit=leg.unit,
            quantity=random.randint(*leg.quantity),
            budget_fen=round(leg.budget_yuan * random.uniform(0.95, 1.25)) * 100,
            attributes=dict(leg.attributes),
        )
        for leg in seed.legs
    )
    return Row(
        party=party,
        direction=direction,
        lng=lng,
        lat=lat,
        published_at=at - random.randint(0, 20) * DAY,
        legs=legs,
        columns={
            "title": f"{place.city}{seed.need_title}",
            "description": "演示数据，由生成器写成。",
            "attributes": dict(seed.need),
            "quantity": random.randint(low, high),
            "unit": "bundle" if legs else seed.unit,
            "budget_fen": sum(leg.quantity * leg.budget_fen for leg in legs) if legs else budget_fen,
            "period": (first, first + random.randint(14, 40) * DAY),
            "radius_m": random.choice(RADII_M),
            "address": f"{place.city}市{place.district}",
            "division_code": place.division_code,
            "industry_code": party.industry_code,
            "deadline_at": at + random.randint(5, 20) * DAY,
        },
    )

"""Loads the demo: parties, a market, deals in every state, authorities; the same seed gives the same demo."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.contrib.gis.geos import Point
from django.db import transaction

from accounts.core.actor import SYSTEM, Actor, Role
from accounts.selectors import actors, users
from accounts.services import demo as demo_parties
from accounts.services import registration, staff
from accounts.services.demo import DemoParty
from config.demo import deals, past
from config.demo.accounts import AGENCIES, CONSUMER, NEWCOMER, PASSWORD, STAFF, party_email
from config.demo.deals import OnOffer
from config.demo.market import demands, listings
from config.demo.parties import PartySeed, parties
from config.demo.past import Sold
from credit.services import rings, standing
from governance.services import complaints, ratings
from marketplace.directions import DIRECTIONS, Lifecycle, direction, narrowing
from marketplace.services import demo as demo_market
from marketplace.services import order_deadlines
from marketplace.services.demo import DemoListing
from supervision.core.reader import Scope
from supervision.services import agencies

SEED = 20261124
DAY = timedelta(days=1)
EXPIRED_LICENCE = 10  # number of the party whose licence ended yesterday
OFFERS_FOR_DEALS = 400
DISPUTES = ("file", "accept", "propose", "confirm", "reply")  # how far each direction's dispute has come


@dataclass(frozen=True)
class Counts:
    """How much of what the demo holds."""

    parties: int = 80
    listings: int = 400
    demands: int = 250


@dataclass(frozen=True)
class Party:
    seed: PartySeed
    actor: Actor


def is_loaded() -> bool:
    return users.by_email(CONSUMER) is not None


@transaction.atomic
def load(counts: Counts, *, at: datetime, say: Callable[[str], None]) -> None:
    """Load everything or nothing; `say` is told each step as it begins."""
    random = Random(SEED)  # noqa: S311  it draws a demo, not a secret
    say("accounts")
    _people(at)
    people = _parties(counts.parties, random, at)
    say("market")
    offers, sold = _listings(counts.listings, people, random, at)
    _demands(counts.demands, people, random, at)
    say("past")
    past.record([party.actor.own_organisation_id for party in people], random, at=at)
    # The demo's own consumer keeps a short list of orders.
    past.trade(sold, [pk for party, pk in _owners(people) if party_email(party) != CONSUMER], random, at=at)
    say("deals")
    _deals(offers, people, at)
    say("ratings and standings")
    order_deadlines.sweep(at=at)
    ratings.reveal_ripe(at=at)
    complaints.sweep_deadlines(at=at)
    rings.search(at=at)
    standing.recompute_all(at=at)
    say("authorities")
    _authorities(at)


def _people(at: datetime) -> None:
    joined = at - 90 * DAY
    for email, name, roles in STAFF:
        user = registration.register(email=email, password=PASSWORD, display_name=name, is_demo=True, at=joined)
        for role in roles:
            staff.grant(user.pk, role, by=SYSTEM, at=joined)
    registration.register(
        email=NEWCOMER, password=PASSWORD, display_name="演示新用户（未核验）", is_demo=True, at=at - DAY
    )


def _parties(count: int, random: Random, at: datetime) -> list[Party]:
    seeds = parties(count, random)
    owners = demo_parties.insert_parties([_party(seed, at) for seed in seeds], password=PASSWORD, at=at - 90 * DAY)
    return [Party(seed, owner) for seed, owner in zip(seeds, owners, strict=True)]


def _party(seed: PartySeed, at: datetime) -> DemoParty:
    today = at.date()
    is_expired = seed.number == EXPIRED_LICENCE
    return DemoParty(
        email=party_email(seed),
        name=seed.name,
        kind=seed.kind,
        credit_code=seed.credit_code,
        description={
            "size": seed.size,
            "division_code": seed.place.division_code,
            "industry_code": seed.industry_code,
            "place": Point(seed.lng, seed.lat, srid=4326),
            "address": f"{seed.place.city}市{seed.place.district}",
            "introduction": "演示单位，由生成器写成，与任何真实单位无关。",
        },
        verified_until=today + 150 * DAY,
        licences=("inspection_body",) if seed.direction == "instruments" or is_expired else (),
        licences_until=today - DAY if is_expired else None,
    )


def _listings(count: int, people: Sequence[Party], random: Random, at: datetime) -> tuple[list[OnOffer], list[Sold]]:
    """Insert the listings; return the first of each as what deals are made of, now and in the past."""
    actors_by_id = {party.actor.organisation_id: party.actor for party in people}
    offers: list[OnOffer] = []
    sold: list[Sold] = []

    def remembered() -> Iterator[DemoListing]:
        for row in listings(count, _owners(people), random, at=at):
            if len(offers) < OFFERS_FOR_DEALS:
                content = row.content
                provider = actors_by_id[row.owner_id]
                offers.append(
                    OnOffer(
                        row.code, row.direction, content.unit, content.minimum_lot, content.lead_time_days, provider
                    )
                )
                class_code = content.attributes[narrowing(direction(row.direction))].split(".")[0]
                family = (row.direction, class_code, content.unit)
                sold.append(Sold(row.code, row.owner_id, family, content.price_fen or 0, content.minimum_lot))
            yield row

    demo_market.insert_listings(remembered())
    return offers, sold


def _demands(count: int, people: Sequence[Party], random: Random, at: datetime) -> None:
    demo_market.insert_demands(demands(count, _owners(people), random, at=at))


def _owners(people: Sequence[Party]) -> list[tuple[PartySeed, int]]:
    return [(party.seed, party.actor.own_organisation_id) for party in people]


def _deals(offers: Sequence[OnOffer], people: Sequence[Party], at: datetime) -> None:
    """Carry orders of each direction to each fate, then the disputes and the ring."""
    mediator_email = next(email for email, _, roles in STAFF if Role.MEDIATOR in roles)
    mediator = actors.actor_for(users.by_email(mediator_email))
    turn = 0
    for number, each in enumerate(DIRECTIONS):
        own = [offer for offer in offers if offer.direction == each.code]
        for _, days_ago, carry in deals.FATES:
            turn += 1
            asked = deals.ask(_wanted(own, turn), _consumer(people, turn, own), at=at - days_ago * DAY, turn=turn)
            if carry:
                carry(asked)
        turn += 1
        until = DISPUTES[number % len(DISPUTES)]
        disputed = deals.ask(_wanted(own, turn), _consumer(people, turn, own), at=at - 10 * DAY, turn=turn)
        deals.dispute(disputed, mediator, until=until)


def _wanted(own: Sequence[OnOffer], turn: int) -> list[OnOffer]:
    """Return the offer that this turn asks for; where bundles are sold, offers of two providers."""
    first = own[turn % len(own)]
    if direction(first.direction).lifecycle != Lifecycle.BUNDLE:
        return [first]
    second = next(
        offer
        for offer in (own[(turn + step) % len(own)] for step in range(1, len(own)))
        if offer.provider.organisation_id != first.provider.organisation_id
    )
    return [first, second]


def _consumer(people: Sequence[Party], turn: int, own: Sequence[OnOffer]) -> Actor:
    """Return who asks: every third time the demo's own consumer, else a party that offers nothing in the direction."""
    consumer = next(party for party in people if party_email(party.seed) == CONSUMER)
    providers = {offer.provider.organisation_id for offer in own}
    others = [party.actor for party in people if party.actor.organisation_id not in providers]
    if turn % 3 == 0 and consumer.actor.organisation_id not in providers:
        return consumer.actor
    return others[turn % len(others)]


def _authorities(at: datetime) -> None:
    for seed in AGENCIES:
        user = registration.register(
            email=seed.email, password=PASSWORD, display_name=seed.officer, is_demo=True, at=at - 60 * DAY
        )
        agency = agencies.create(
            name=seed.name,
            level=seed.level,
            division_codes=[seed.division_code],
            scopes=list(Scope),
            legal_basis="演示 / demo",
            is_demo=True,
            by=SYSTEM,
            at=at - 60 * DAY,
        )
        agencies.add_officer(agency, user_id=user.pk, by=SYSTEM, at=at - 60 * DAY)

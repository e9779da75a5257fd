"""What everybody may see of match rounds: how they decided, how well, and roughly where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from accounts.core.actor import Actor
from matching.core.run_states import OPEN
from matching.models import Component, Proposal, Round, RoundRun, RoundSeed, Unmatched

# More lines than this make the public map unreadable and the page slow.
MOST_PAIRS = 2_000


@dataclass(frozen=True)
class Pair:
    """One proposed pair on the public map; both places are rounded to about a kilometre.

    Attributes:
        city_code: GB/T 2260 code of the city that the offer is in; empty where it names none.
    """

    direction: str
    city_code: str
    consumer_lon: float
    consumer_lat: float
    provider_lon: float
    provider_lat: float
    distance_m: int


@dataclass(frozen=True)
class Seed:
    """A seed as far as it is published.

    Attributes:
        sha256: hash of its letters, published at `published_at`.
        seed: itself; empty before the round that uses it is written.
    """

    sha256: str
    published_at: datetime
    seed: str = ""


def announced_seed() -> Seed | None:
    """Return what is published of the seed of the next round: its hash, never itself; None where none is drawn yet."""
    found = RoundSeed.objects.filter(round=None).first()
    return Seed(found.sha256, found.published_at) if found else None


def revealed_seed(round_: Round) -> Seed | None:
    """Return the seed of a round and when its hash was published; None for one without a seed drawn beforehand."""
    found = RoundSeed.objects.filter(round=round_).first()
    return Seed(found.sha256, found.published_at, found.seed) if found else None


def public() -> QuerySet[Round]:
    """Return all rounds, newest first; totals only, so anyone may see them."""
    return Round.objects.order_by("-at", "-id")


def latest() -> Round | None:
    """Return the newest round over the whole market, or None before the first; those of the live market are parts."""
    return public().exclude(trigger=Round.Trigger.LIVE).first()


def get(code: UUID, *, viewer: Actor) -> Round:
    """Return one round with its components (largest first) ready to list.

    Raises:
        Round.DoesNotExist: no such round.
    """
    components = Component.objects.order_by("-n_edges", "direction", "position")
    return Round.objects.select_related("by_user").prefetch_related(Prefetch("components", components)).get(code=code)


def run(code: UUID, *, viewer: Actor) -> RoundRun:
    """Return how far a round is that an operator asked for.

    Raises:
        RoundRun.DoesNotExist: no such run, or none of `viewer`'s business.
    """
    if not viewer.is_operator:
        raise RoundRun.DoesNotExist
    return RoundRun.objects.select_related("round").get(code=code)


def open_runs() -> list[RoundRun]:
    """Return the runs that wait or work: two at most."""
    return list(RoundRun.objects.filter(state__in=sorted(OPEN)).order_by("asked_at"))


def pairs(code: UUID) -> Iterator[Pair]:
    """Yield the round's proposed pairs that both have a place, the nearest first, at most MOST_PAIRS."""
    found = Proposal.objects.filter(round__code=code).exclude(consumer_place=None).exclude(provider_place=None)
    rows = found.order_by("distance_m", "id").values_list(
        "direction", "listing__division_code", "consumer_place", "provider_place", "distance_m"
    )
    for direction, division, consumer, provider, distance_m in rows[:MOST_PAIRS]:
        if consumer is None or provider is None:
            continue
        city_code = f"{division[:4]}00" if division else ""
        yield Pair(direction, city_code, consumer.x, consumer.y, provider.x, provider.y, distance_m or 0)


def states(code: UUID) -> dict[str, int]:
    """Return how many of the round's proposals stand in each state."""
    rows = Proposal.objects.filter(round__code=code).values("state").annotate(n=Count("id")).order_by("state")
    return {row["state"]: row["n"] for row in rows}


def whys(code: UUID) -> dict[str, int]:
    """Return how many needs were left with less than they wanted, by first reason."""
    rows = Unmatched.objects.filter(round__code=code).values("why").annotate(n=Count("id")).order_by("-n", "why")
    return {row["why"]: row["n"] for row in rows}

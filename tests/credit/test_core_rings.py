"""The planted ring is found; honest raters are left alone."""

import random

from credit.core import rings
from credit.core.rings import Praise

N_PROVIDERS, N_HONEST, N_RATINGS = 400, 3000, 20_000
POOR = range(N_PROVIDERS - 20, N_PROVIDERS)
COLLUDERS = range(10_000, 10_040)


def _honest(seed: int) -> list[Praise]:
    """Ratings by popularity (a few providers draw most), good or bad by the provider's true quality."""
    draw = random.Random(seed)
    popular = [1 / (rank + 5) for rank in range(N_PROVIDERS)]
    quality = [0.3 if provider in POOR else draw.uniform(0.6, 0.98) for provider in range(N_PROVIDERS)]
    rated = draw.choices(range(N_PROVIDERS), popular, k=N_RATINGS)
    return [Praise(draw.randrange(N_HONEST), p, 1.0 if draw.random() < quality[p] else 0.25) for p in rated]


def _bought(seed: int) -> list[Praise]:
    draw = random.Random(seed)
    return [Praise(draw.choice(COLLUDERS), provider, 1.0) for provider in POOR for _ in range(60)]


def test_no_honest_rater_is_flagged_where_there_is_no_ring():
    assert [rings.find(_honest(seed)) for seed in range(3)] == [[], [], []]


def test_the_planted_ring_is_found_and_nobody_else():
    for seed in range(3):
        found = frozenset().union(*rings.find(_honest(seed) + _bought(seed)))

        assert len(found & set(COLLUDERS)) >= 36
        assert not found - set(COLLUDERS)


def test_raters_of_one_popular_party_are_no_ring():
    crowd = [Praise(rater, 1, 1.0) for rater in range(500)]

    assert rings.find(crowd) == []


def test_bad_ratings_make_no_ring():
    blame = [Praise(rater, rated, 0.0) for rater in range(10) for rated in range(30)]

    assert rings.find(blame) == []


def test_nothing_gives_nothing():
    assert rings.find([]) == []

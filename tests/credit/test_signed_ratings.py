"""Real two-way ratings of Bitcoin OTC: the score separates those whom later raters distrust from those they trust."""

import csv
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from credit.core import rings, score
from credit.core.kinds import EventKind
from credit.core.rings import Praise
from credit.core.score import Fact
from credit.selectors import rules

FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "signed_ratings"
SOURCES = sorted(FILES.glob("*.csv"))
pytestmark = pytest.mark.skipif(not SOURCES, reason=f"the real ratings are not there: {FILES}")


@pytest.fixture(scope="module")
def ratings() -> list[tuple[int, int, float, datetime]]:
    """(rater, rated, value from 0 to 1, time) in time order."""
    with SOURCES[0].open() as lines:
        rows = [
            (int(one), int(other), (int(value) + 10) / 20, datetime.fromtimestamp(float(at), UTC))
            for one, other, value, at in csv.reader(lines)
        ]
    return sorted(rows, key=lambda row: row[3])


def test_the_score_from_the_first_ratings_foretells_the_later_ones(ratings):
    received = defaultdict(list)
    for number, (rater, rated, value, at) in enumerate(ratings):
        received[rated].append(Fact(f"{number:06d}", EventKind.RATING_RECEIVED, at, value, 1.0, rater))
    version = rules.versions()[-1]
    foretold, came = [], []
    for facts in received.values():
        if len(facts) >= 20:
            half = len(facts) // 2
            past, later = facts[:half], [fact.value for fact in facts[half:]]
            foretold.append(score.score(past, at=past[-1].occurred_at, rules=version).low)
            came.append(sum(later) / len(later))

    assert len(foretold) > 200
    assert spearmanr(foretold, came).statistic > 0.3


def test_every_score_is_in_range_and_the_order_of_reading_changes_nothing(ratings):
    rated = ratings[0][1]
    facts = [
        Fact(f"{number:06d}", EventKind.RATING_RECEIVED, at, value, 1.0, rater)
        for number, (rater, other, value, at) in enumerate(ratings)
        if other == rated
    ]
    version = rules.versions()[-1]

    forward = score.score(facts, at=ratings[-1][3], rules=version)

    assert 0 <= forward.low <= forward.mean <= 1
    assert score.score(reversed(facts), at=ratings[-1][3], rules=version) == forward


def test_the_ring_search_ends_and_flags_a_small_part_only(ratings):
    praise = [Praise(rater, rated, value) for rater, rated, value, _ in ratings]

    flagged = frozenset().union(*rings.find(praise))

    assert len(flagged) < 0.05 * len({rater for rater, *_ in ratings})

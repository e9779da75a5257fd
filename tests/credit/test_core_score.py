"""What the facts amount to: properties that hold for any facts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.core import score
from credit.core.kinds import EventKind, Grade
from credit.core.score import Fact
from credit.selectors import rules

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
RULES = rules.in_force(AT)

_rating = st.builds(
    lambda number, days, value, weight, rater: Fact(
        code=f"{number:06d}",
        kind=EventKind.RATING_RECEIVED,
        occurred_at=AT - timedelta(days=days),
        value=value,
        weight=weight,
        counterparty=rater,
    ),
    st.integers(0, 10**6 - 1),
    st.integers(0, 900),
    st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]),
    st.floats(0.2, 2.0),
    st.integers(1, 4),
)
_ratings = st.lists(_rating, max_size=12, unique_by=lambda fact: fact.code)


def _rated(days: float = 0, value: float = 1.0, rater: int = 1, code: str = "a", weight: float = 1.0) -> Fact:
    return Fact(code, EventKind.RATING_RECEIVED, AT - timedelta(days=days), value, weight, rater)


def _score(*facts: Fact, at: datetime = AT, damped: tuple[int, ...] = ()) -> score.Score:
    return score.score(facts, at=at, rules=RULES, damped=damped)


@given(_ratings, st.integers(1, 4))
def test_one_more_good_rating_never_lowers_mean_or_quantile(facts, rater):
    better = _score(*facts, _rated(rater=rater, code="zz"))

    assert better.mean >= _score(*facts).mean
    assert better.low >= _score(*facts).low - 1e-9


@given(_ratings, st.integers(1, 4))
def test_one_more_bad_rating_never_raises_the_mean(facts, rater):
    assert _score(*facts, _rated(value=0.0, rater=rater, code="zz")).mean <= _score(*facts).mean


@given(_ratings, st.integers(1, 2000))
def test_time_alone_moves_the_mean_towards_the_prior(facts, days):
    now, later = _score(*facts).mean, _score(*facts, at=AT + timedelta(days=days)).mean

    assert abs(later - RULES.prior_mean) <= abs(now - RULES.prior_mean) + 1e-9


@given(_ratings, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_read_changes_nothing(facts, random):
    shuffled = list(facts)
    random.shuffle(shuffled)

    assert _score(*shuffled) == _score(*facts)


@given(_ratings)
def test_the_quantile_lies_under_the_mean_and_both_in_range(facts):
    result = _score(*facts)

    assert 0 <= result.low < result.mean <= 1


@given(_ratings)
def test_the_explanation_adds_up_to_the_points(facts):
    result = _score(*facts, Fact("o", EventKind.ORDER_COMPLETED, AT), Fact("c", EventKind.COMPLAINT_UPHELD, AT))
    told = result.explanation

    total = told["base_points"] + told["rating_points"] + sum(group["points"] for group in told["kinds"])
    assert total == pytest.approx(result.points, abs=1e-6)


def test_nobody_knows_a_new_party_so_it_has_the_prior_and_never_a_zero():
    result = _score()

    assert (result.mean, result.grade, result.points) == (RULES.prior_mean, Grade.NEW, RULES.base_points)
    assert result.low == pytest.approx(0.5709, abs=1e-3)  # 5 % quantile of Beta(8, 2)


def test_half_the_weight_is_left_after_one_half_life():
    term = _score(_rated(days=RULES.half_life_days)).explanation["ratings"][0]

    assert term["weight"] == 0.5


def test_the_second_word_of_the_same_rater_counts_half_and_that_of_another_counts_whole():
    terms = _score(_rated(code="a"), _rated(code="b"), _rated(code="c", rater=2)).explanation["ratings"]

    assert [term["weight"] for term in terms] == [1.0, 0.5, 1.0]


def test_a_repeat_counts_whole_again_when_the_window_is_over():
    terms = _score(_rated(days=366, code="a"), _rated(code="b")).explanation["ratings"]

    assert terms[1]["repeats"] == 0


def test_ratings_of_a_damped_ring_hardly_count():
    facts = [_rated(rater=rater, code=str(rater)) for rater in range(1, 20)]

    free, damped = _score(*facts), _score(*facts, damped=tuple(range(1, 20)))

    assert free.mean > 0.9
    assert damped.mean == pytest.approx(RULES.prior_mean, abs=0.02)


def test_weight_grows_with_the_order_and_is_capped():
    weights = [RULES.order_weight(fen) for fen in (0, 100_00, 10_000_00, 1_000_000_00, 10**18)]

    assert weights == sorted(weights)
    assert weights[0] == RULES.weight_least
    assert weights[2] == pytest.approx(1.0)
    assert weights[-1] == RULES.weight_most


def test_grades_begin_after_three_orders_and_follow_the_points():
    orders = [Fact(f"o{n}", EventKind.ORDER_COMPLETED, AT) for n in range(15)]
    passed = Fact("v", EventKind.VERIFICATION_PASSED, AT, effect_until=AT + timedelta(days=180))
    good = [_rated(rater=rater, code=f"r{rater}") for rater in range(15)]

    assert _score(*orders[:2], passed).grade is Grade.NEW
    assert _score(*orders[:5], passed).grade is Grade.B
    assert _score(*orders, passed, *good).grade is Grade.A
    assert _score(*orders[:3], *[Fact(f"c{n}", EventKind.COMPLAINT_UPHELD, AT) for n in range(2)]).grade is Grade.D


def test_what_is_known_to_be_bad_is_said_of_a_new_party_too():
    assert _score(Fact("l", EventKind.OFFICIAL_LIST, AT)).grade is Grade.D


def test_an_effect_ends_on_its_day():
    listed = Fact("l", EventKind.OFFICIAL_LIST, AT - timedelta(days=10), effect_until=AT)

    assert _score(listed, at=AT - timedelta(seconds=1)).points == RULES.base_points - 40
    assert _score(listed).points == RULES.base_points


def test_a_fact_that_an_objection_took_away_has_no_effect_but_is_counted():
    void = Fact("c", EventKind.COMPLAINT_UPHELD, AT, is_void=True)

    assert _score(void).points == RULES.base_points
    assert _score(void).explanation["void_count"] == 1


def test_old_facts_are_forgotten_after_five_years():
    assert _score(_rated(days=1827, value=0.0)).mean == RULES.prior_mean


def test_facts_of_the_future_are_left_out():
    assert _score(_rated(days=-1, value=0.0)).rating_count == 0

"""Exposure and wins by kind of provider, and their concentration."""

import pytest

from matching.core.fairness import Share, concentration, fairness

OLD_OR_NEW = {1: "known", 2: "known", 3: "known", 4: "new", 5: "new", 6: "new", 7: "rare"}


def test_pairs_and_deals_are_added_up_by_kind():
    compared = {1: 10, 2: 5, 3: 1, 4: 2, 5: 2, 6: 4, 7: 9}

    found = fairness(compared, {1: 3, 4: 1, 7: 2}, {"age": OLD_OR_NEW})

    assert found.shares == (Share("age", "known", 3, 16, 3), Share("age", "new", 3, 8, 1))


def test_a_kind_of_two_providers_is_left_out():
    assert fairness({1: 4, 2: 4, 4: 4}, {1: 1}, {"age": OLD_OR_NEW}).shares == ()


@pytest.mark.parametrize(
    ("won", "hhi"),
    [({}, 0), ({1: 5}, 10_000), ({1: 1, 2: 1}, 5_000), ({1: 1, 2: 1, 3: 1}, 3_334), ({1: 3, 2: 1}, 6_250)],
)
def test_concentration_is_the_sum_of_squared_shares(won, hhi):
    assert concentration(won) == hhi

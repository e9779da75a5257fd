"""What is published of prices: thresholds, both sides' dominance, differencing, rounding, and the quarters of China."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from marketplace.core.prices import ELSEWHERE, NATION, Cell, change_percent, is_sensitive, publish, significant
from marketplace.core.quarters import before, first_day, ripe, span, written

XIAMEN, CHONGQING, CHENGDU = "350200", "500100", "510100"
CELL = Cell(
    XIAMEN,
    n_orders=20,
    n_providers=4,
    n_consumers=8,
    n_parties=12,
    most_by_provider=6,
    most_by_consumer=4,
    quartiles_fen=(18_000.0, 21_350.0, 26_049.5),
)


def cell(division_code, n_orders=20, **fields):
    return replace(CELL, division_code=division_code, n_orders=n_orders, **fields)


def shown(*cells):
    return {figure.division_code: figure.n_orders for figure in publish(cells, {})}


@pytest.mark.parametrize(
    ("fields", "is_withheld"),
    [
        ({"n_orders": 10}, False),
        ({"n_orders": 9}, True),
        ({"n_parties": 10}, False),
        ({"n_parties": 9}, True),
        ({"n_providers": 3}, False),
        ({"n_providers": 2}, True),
        ({"n_consumers": 3}, False),
        ({"n_consumers": 2}, True),
        ({"most_by_provider": 14}, False),
        ({"most_by_provider": 15}, True),
        ({"most_by_consumer": 14}, False),
        ({"most_by_consumer": 15}, True),
    ],
    ids=str,
)
def test_a_cell_needs_ten_orders_ten_parties_three_on_each_side_and_nobody_with_more_than_70_percent(
    fields, is_withheld
):
    assert is_sensitive(replace(CELL, **fields)) is is_withheld


def test_a_figure_tells_orders_to_the_nearest_five_and_prices_to_two_digits():
    (figure,) = publish([cell(NATION, 22)], {NATION: 20_000})

    assert (figure.n_orders, figure.lower_fen, figure.median_fen, figure.upper_fen) == (20, 18_000, 21_000, 26_000)
    assert figure.change_percent == 5


def test_the_country_does_not_give_the_one_withheld_city_away():
    cells = [cell(NATION, 70), cell(XIAMEN, 40), cell(CHONGQING, 25), cell(CHENGDU, 5)]

    assert shown(*cells) == {NATION: 70, XIAMEN: 40}


def test_with_two_cities_and_one_of_them_small_the_country_stands_alone():
    assert shown(cell(NATION, 25), cell(XIAMEN, 20), cell(CHONGQING, 5)) == {NATION: 25}


def test_a_withheld_country_is_not_the_sum_of_the_cities_shown():
    cells = [cell(NATION, 60, most_by_provider=50), cell(XIAMEN, 40), cell(CHONGQING, 20)]

    assert shown(*cells) == {XIAMEN: 40}


def test_providers_of_no_known_city_count_in_the_country_and_are_never_shown():
    assert shown(cell(NATION, 60), cell(XIAMEN, 40), cell(ELSEWHERE, 20)) == {NATION: 60, XIAMEN: 40}


def test_few_orders_of_no_known_city_are_not_given_away_either():
    assert shown(cell(NATION, 45), cell(XIAMEN, 40), cell(ELSEWHERE, 5)) == {NATION: 45}


@pytest.mark.parametrize(
    ("fen", "told"),
    [(0, 0), (3, 3), (7.5, 8), (99, 99), (104, 100), (105, 110), (8_549.9, 8_500), (8_550, 8_600), (996, 1_000)],
)
def test_prices_are_told_to_two_significant_digits(fen, told):
    assert significant(fen) == told


@pytest.mark.parametrize(
    ("median_fen", "before_fen", "change"),
    [(110, 100, 10), (95, 100, -5), (100, 100, 0), (100, None, None), (5, 0, None)],
)
def test_the_change_is_counted_from_what_was_published(median_fen, before_fen, change):
    assert change_percent(median_fen, before_fen) == change


def test_a_quarter_is_ripe_once_another_whole_one_has_passed():
    last_moment = datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)  # a second before October in China

    assert ripe(last_moment)[-1] == date(2026, 1, 1)
    assert ripe(datetime(2026, 9, 30, 16, 0, tzinfo=UTC))[-1] == date(2026, 4, 1)
    assert ripe(last_moment)[0] == date(2024, 4, 1)
    assert len(ripe(last_moment)) == 8


def test_quarters_are_named_and_counted_by_the_calendar_of_china():
    assert first_day("2026-Q4") == date(2026, 10, 1)
    assert written(date(2026, 10, 1)) == "2026-Q4"
    assert before(date(2026, 1, 1)) == date(2025, 10, 1)
    assert before(date(2026, 10, 1), -1) == date(2027, 1, 1)
    assert span(date(2026, 1, 1)) == (
        datetime(2025, 12, 31, 16, tzinfo=UTC),
        datetime(2026, 3, 31, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize("text", ["2026-Q5", "2026Q1", "26-Q1", "2026-Q1\n", ""])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(ValueError, match="is not a quarter"):
        first_day(text)

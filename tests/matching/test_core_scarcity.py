"""Which figures of scarcity may be told: enough parties on both sides, none who dominates, none to be worked out."""

from dataclasses import replace

import pytest

from matching.core.scarcity import NATION, Cell, is_sensitive, publish

CITY = Cell(
    city_code="350200", n_lots=40, n_scarce=19, premium_bp=80_000, n_providers=8, n_consumers=9, n_parties=17,
    n_needs=60, most_lots=10, most_needs=12,
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"n_providers": 2},
        {"n_consumers": 2},
        {"n_parties": 9},
        {"n_lots": 9, "most_lots": 3},
        {"most_lots": 29},
        {"most_needs": 43},
    ],
)
def test_a_cell_that_tells_too_much_of_few_is_withheld(change):
    assert not is_sensitive(CITY)
    assert is_sensitive(replace(CITY, **change))


def test_a_figure_is_rounded():
    [_nation, city] = publish([replace(CITY, city_code=NATION), CITY])

    assert (city.city_code, city.n_lots, city.scarce_percent, city.premium_percent) == ("350200", 40, 45, 20)


def test_a_withheld_city_is_not_to_be_worked_out_from_the_rest():
    nation = replace(CITY, city_code=NATION, n_lots=83)
    small = replace(CITY, city_code="350300", n_lots=3, n_providers=1)
    other = replace(CITY, city_code="350400")

    told = {figure.city_code for figure in publish([nation, CITY, small, other])}

    assert "350300" not in told
    assert not {NATION, "350200", "350400"} <= told

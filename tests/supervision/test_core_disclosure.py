"""Nothing that is withheld can be worked out: thresholds, dominance, differencing, rounding intervals."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from common.suppression import Line, attackers_bounds, rounded, withhold
from common.thresholds import Method
from supervision.core.disclosure import ALL, NATION, Contribution, ancestors, lines, protect

DIVISIONS = ("350203", "350205", "350206", "350211", "500103", "500105")
DIRECTIONS = ("capacity", "equipment", "skills")
METHOD = Method()


def parts(division, direction, organisations, persons_each=1, value=1):
    return [
        Contribution(division, direction, organisation, f"{organisation}.{person}", value)
        for organisation in range(organisations)
        for person in range(persons_each)
    ]


def grid(contributions):
    figures = protect(contributions, DIVISIONS, DIRECTIONS, METHOD)
    return {(f.division_code, f.direction): f.value for f in figures}


def full_market():
    return [p for d in DIVISIONS for c in DIRECTIONS for p in parts(d, c, 12)]


def test_a_market_without_small_cells_is_shown_whole():
    table = grid(full_market())

    assert None not in table.values()
    assert table["350203", "skills"] == 10
    assert table["350203", ALL] == 35
    assert table[NATION, ALL] == 215


@pytest.mark.parametrize(
    ("organisations", "persons_each", "is_shown"),
    [(9, 1, False), (10, 1, True), (2, 6, False), (3, 4, True), (0, 0, False)],
    ids=["nine persons", "ten persons", "two organisations", "three organisations", "nobody"],
)
def test_a_cell_needs_ten_persons_and_three_organisations(organisations, persons_each, is_shown):
    market = [p for p in full_market() if (p.division_code, p.direction) != ("350203", "skills")]

    table = grid(market + parts("350203", "skills", organisations, persons_each))

    assert (table["350203", "skills"] is not None) is is_shown


@pytest.mark.parametrize(("largest", "is_shown"), [(25, True), (26, False)])
def test_a_cell_in_which_one_party_has_more_than_70_percent_is_withheld(largest, is_shown):
    market = [p for p in full_market() if (p.division_code, p.direction) != ("350203", "skills")]
    cell = [*parts("350203", "skills", 11), Contribution("350203", "skills", 99, "99", largest)]

    table = grid(market + cell)

    assert (table["350203", "skills"] is not None) is is_shown


def test_one_withheld_cell_takes_others_with_it_in_its_row_and_its_column():
    market = [p for p in full_market() if (p.division_code, p.direction) != ("350203", "skills")]

    table = grid(market + parts("350203", "skills", 4))

    hidden = {key for key, value in table.items() if value is None}
    assert ("350203", "skills") in hidden
    assert len({key for key in hidden if key[0] == "350203"}) >= 2
    assert len({key for key in hidden if key[1] == "skills"}) >= 2


def test_the_answer_does_not_depend_on_the_order_of_what_is_counted():
    market = full_market() + parts("350211", "capacity", 2)

    assert grid(market) == grid(list(reversed(market)))


@pytest.mark.parametrize(("value", "shown"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_figures_are_rounded_to_the_nearest_five(value, shown):
    assert rounded(value, 5) == shown


def differencing_attack(table):
    """Return the withheld cells that subtraction along the lines, repeated as long as it helps, gives back."""
    known = {key: value for key, value in table.items() if value is not None}
    found, moved = {}, True
    while moved:
        moved = False
        for line in lines(DIVISIONS, DIRECTIONS):
            unknown = [key for key in line.members if key not in known]
            if len(unknown) == 1:
                key = unknown[0]
                inner = sum(known[k] for k in line.parts if k != key)
                known[key] = found[key] = inner if key == line.total else known[line.total] - inner
                moved = True
    return found


def interval(table, key):
    """Return the least and the greatest value of a cell that the published, rounded figures allow."""
    keys = sorted(table)
    column = {k: number for number, k in enumerate(keys)}
    equations = np.zeros((len(lines(DIVISIONS, DIRECTIONS)), len(keys)))
    for row, line in enumerate(lines(DIVISIONS, DIRECTIONS)):
        equations[row, column[line.total]] = -1
        for part in line.parts:
            equations[row, column[part]] = 1
    bounds = [(0, None) if table[k] is None else (max(0, table[k] - 2), table[k] + 2) for k in keys]
    wanted = np.zeros(len(keys))
    wanted[column[key]] = 1
    low = linprog(wanted, A_eq=equations, b_eq=np.zeros(len(equations)), bounds=bounds)
    high = linprog(-wanted, A_eq=equations, b_eq=np.zeros(len(equations)), bounds=bounds)
    return low.fun, (np.inf if high.status == 3 else -high.fun)


markets = st.dictionaries(
    st.tuples(st.sampled_from(DIVISIONS), st.sampled_from(DIRECTIONS)), st.integers(0, 40), max_size=18
).map(lambda cells: [p for (division, direction), n in cells.items() for p in parts(division, direction, n)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(markets)
def test_subtracting_what_is_published_recovers_no_cell(market):
    assert differencing_attack(grid(market)) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(markets)
def test_the_published_figures_leave_every_withheld_cell_more_than_one_value(market):
    table = grid(market)

    for key, value in table.items():
        if value is None:
            low, high = interval(table, key)
            assert high - low >= 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(markets)
def test_no_published_cell_breaks_a_threshold(market):
    persons, values = defaultdict(set), defaultdict(int)
    for part in market:
        for division in ancestors(part.division_code):
            for direction in (part.direction, ALL):
                persons[division, direction].add(part.person)
                values[division, direction] += part.value

    for key, value in grid(market).items():
        if value is not None:
            assert len(persons[key]) >= METHOD.min_persons
            assert abs(value - values[key]) <= 2


def test_thresholds_alone_would_leak_what_withholding_protects():
    """The control: without the second step the same attack does recover cells."""
    rng = np.random.default_rng(7)
    recovered = 0
    for _ in range(40):
        market = [p for d in DIVISIONS for c in DIRECTIONS for p in parts(d, c, rng.poisson(14))]
        counts = defaultdict(int)
        for part in market:
            for division in ancestors(part.division_code):
                counts[division, part.direction] += 1
                counts[division, ALL] += 1
        keys = {key for line in lines(DIVISIONS, DIRECTIONS) for key in line.members}
        only_thresholds = {key: counts[key] if counts[key] >= METHOD.min_persons else None for key in keys}
        recovered += len(differencing_attack(only_thresholds))
        assert differencing_attack(grid(market)) == {}

    assert recovered > 10


def cells(**values):
    return {(name, ALL): value for name, value in values.items()}


def line(total, *names):
    return Line((total, ALL), tuple((name, ALL) for name in names))


def test_a_cell_that_two_lines_together_give_away_is_covered():
    """c = large - small, although neither line has a single unknown."""
    values = cells(a=3, b=4, c=5, d=30, small=7, large=42, all=72)
    sums = [line("small", "a", "b"), line("large", "a", "b", "c"), line("all", "large", "d")]
    sensitive = {("a", ALL), ("b", ALL), ("c", ALL)}

    hidden = withhold(values, sums, sensitive, base=5)

    assert ("small", ALL) in hidden or ("large", ALL) in hidden


def test_a_cell_that_rounding_squeezes_to_one_value_is_covered():
    """Four times 13 is shown as 15, their sum 52 as 50: only zero is left for the two withheld cells."""
    values = cells(a=13, b=13, c=13, d=13, e=0, f=0, total=52)
    sums = [line("total", "a", "b", "c", "d", "e", "f")]
    squeezed = {("e", ALL), ("f", ALL)}

    hidden = withhold(values, sums, squeezed, base=5)

    published = {key: rounded(value, 5) for key, value in values.items() if key not in hidden}
    bounds = attackers_bounds(published, sums, base=5)
    assert hidden > squeezed
    assert all(bounds[key][1] - bounds[key][0] >= 1 for key in hidden)

"""What a tentative deal costs, and until when it waits."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.core import standing
from matching.core.build import parts
from matching.core.check import certify
from matching.core.cutting import cut, rows_of
from matching.core.market import Edges, Legs, Lots, Market, Needs, Section
from matching.core.problem import ints
from matching.core.solve import solve
from matching.core.stream import Band, Stream
from matching.core.tentative import Terms, UnitPrices, commit_at, unit_prices

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("last_moments", "waits"),
    [
        ([None, None], 14 * DAY),
        ([MONDAY + 30 * DAY, None], 27 * DAY),
        ([MONDAY + 30 * DAY, MONDAY + 20 * DAY], 17 * DAY),
        ([None, MONDAY + 6 * DAY], 4 * DAY),  # a third of six days is less than three
        ([MONDAY - DAY], -DAY),  # too late to wait for anything
    ],
)
def test_a_pair_waits_until_the_earlier_last_moment_less_time_to_answer(last_moments, waits):
    assert commit_at(MONDAY, last_moments) == MONDAY + waits


def test_prices_lie_between_what_is_taken_and_what_is_paid_and_never_above_the_listed_one():
    terms = Terms(worth_fen=12_000, floor_fen=24_500, ceiling_fen=36_600, setup_fen=500, units=4, asked_fen=-1)

    assert unit_prices(terms, Band(0, 12_000, 12_000)) == UnitPrices(7_500, 6_000, 9_000)
    assert unit_prices(terms, Band(3_001, 9_003, 12_000)) == UnitPrices(7_501, 6_751, 8_250)
    listed = Terms(worth_fen=12_000, floor_fen=24_500, ceiling_fen=36_600, setup_fen=500, units=4, asked_fen=6_500)
    assert unit_prices(listed, Band(4_000, 12_000, 12_000)) == UnitPrices(6_500, 6_500, 9_000)


def test_a_price_beside_a_setup_is_not_rounded_over_the_limit():
    section = Section(
        direction="skills",
        one_deal_each=True,
        needs=Needs(code=["a"], version=[1], posted=[1], whole=[0], max_suppliers=[1]),
        legs=Legs(need=[0], name=[""], quantity=[3], limit_fen=[8]),
        lots=Lots(code=["x"], version=[1], capacity=[1], asked_fen=[-1], min_units=[1], setup_fen=[1]),
        edges=Edges(leg=[0], lot=[0], reserve_fen=[7], most_units=[9], fit_bp=[10_000], distance_m=[0]),
    )
    market = Market(sections=(section,))

    outcome = solve(market)

    assert outcome.sections[0][0].unit_price_fen.tolist() == [7]
    assert certify(market, outcome)[0][0].certificate.is_exact
    assert unit_prices(Terms(2, 22, 24, 1, 3, -1), Band(0, 2, 2)).price_fen == 7


@st.composite
def sections(draw):
    """A section of single deals: needs by lots, small and often tied."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)), unique=True, min_size=1))
    pairs.sort()
    leg, lot = zip(*pairs, strict=True)
    one = [1] * n
    return Section(
        direction="skills",
        one_deal_each=True,
        needs=Needs(code=[f"need {i}" for i in range(n)], version=one, posted=one, whole=[0] * n, max_suppliers=one),
        legs=Legs(
            need=range(n),
            name=[""] * n,
            quantity=draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)),
            limit_fen=draw(st.lists(st.integers(6, 10), min_size=n, max_size=n)),
        ),
        lots=Lots(
            code=[f"lot {j}" for j in range(m)],
            version=[1] * m,
            capacity=draw(st.lists(st.integers(1, 2), min_size=m, max_size=m)),
            asked_fen=draw(st.lists(st.sampled_from([-1, 7, 9]), min_size=m, max_size=m)),
            min_units=[1] * m,
            setup_fen=draw(st.lists(st.integers(0, 2), min_size=m, max_size=m)),
        ),
        edges=Edges(
            leg=leg,
            lot=lot,
            reserve_fen=draw(st.lists(st.integers(3, 7), min_size=len(pairs), max_size=len(pairs))),
            most_units=[9] * len(pairs),
            fit_bp=[10_000] * len(pairs),
            distance_m=[0] * len(pairs),
        ),
    )


def stream_of(section, parameters):
    """Return the live market of a section, and where each of its pairs is: component and edge."""
    edges, places, where = {}, {}, {}
    for number, part in enumerate(parts(section, parameters)):
        for edge in range(part.problem.n_edges):
            need, lot = int(part.needs[part.problem.need[edge]]), int(part.lots[part.problem.lot[edge]])
            edges[need, lot] = int(part.problem.surplus_fen[edge])
            places[lot] = int(part.problem.capacity[part.problem.lot[edge]])
            where[need, lot] = (number, edge)
    return Stream.opened(sorted({need for need, _ in edges}), places, edges), where


@settings(max_examples=150, deadline=None)
@given(sections())
def test_a_live_price_is_what_the_round_would_propose_and_the_standing_plan_is_certified(section):
    market = Market(sections=(section,))
    stream, where = stream_of(section, market.parameters)
    found = list(parts(section, market.parameters))
    plan = [np.zeros(part.problem.n_edges, dtype=np.int64) for part in found]
    for pair in stream.pairs():
        plan[where[pair][0]][where[pair][1]] = 1

    outcome = standing.with_plans(market, solve(market), [[ints(units) for units in plan]])

    decided = certify(market, outcome)[0]
    assert all(one.certificate.is_exact for one in decided)
    for pair in stream.pairs():
        number, edge = where[pair]
        part, one = found[number], outcome.sections[0][number]
        assert one.units[edge] == 1
        terms = Terms(
            worth_fen=int(part.problem.surplus_fen[edge]),
            floor_fen=int(part.problem.floor_fen[edge]),
            ceiling_fen=int(part.problem.ceiling_fen[edge]),
            setup_fen=int(part.setup_fen[edge]),
            units=int(part.deal_units[edge]),
            asked_fen=int(part.asked_fen[edge]),
        )
        assert unit_prices(terms, stream.band(pair[0])).price_fen == one.unit_price_fen[edge]


@settings(max_examples=60, deadline=None)
@given(sections(), st.randoms(use_true_random=False))
def test_components_cut_out_are_decided_as_they_are_in_the_whole(section, random):
    parameters = Market().parameters
    whole = list(parts(section, parameters))
    chosen = [part for part in whole if random.random() < 0.5]
    rows = rows_of(chosen)

    alone = cut(section, rows)

    again = list(parts(alone, parameters))
    assert len(again) == len(chosen)
    for before, after in zip(chosen, again, strict=True):
        assert rows.needs[after.needs].tolist() == before.needs.tolist()
        assert rows.lots[after.lots].tolist() == before.lots.tolist()
        for name in ("need", "lot", "surplus_fen", "floor_fen", "quantity", "capacity", "need_key", "lot_key"):
            assert getattr(after.problem, name).tolist() == getattr(before.problem, name).tolist()


def test_a_plan_worth_less_or_against_capacity_is_not_kept():
    section = Section(
        direction="skills",
        one_deal_each=True,
        needs=Needs(code=["a", "b"], version=[1, 1], posted=[1, 2], whole=[0, 0], max_suppliers=[1, 1]),
        legs=Legs(need=[0, 1], name=["", ""], quantity=[1, 1], limit_fen=[10, 10]),
        lots=Lots(code=["x"], version=[1], capacity=[1], asked_fen=[-1], min_units=[1], setup_fen=[0]),
        edges=Edges(
            leg=[0, 1], lot=[0, 0], reserve_fen=[5, 5], most_units=[9, 9], fit_bp=[10_000] * 2, distance_m=[0, 0]
        ),
    )
    market = Market(sections=(section,))
    [part], decided = list(parts(section, market.parameters)), solve(market).sections[0][0]
    other = ints(1 - decided.units)

    assert standing.kept(part, decided, other).units.tolist() == other.tolist()
    for refused in ([0, 0], [1, 1], [-1, 2], [1]):
        assert standing.kept(part, decided, ints(refused)) is decided

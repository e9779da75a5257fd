"""Best replies of single needs to prices, against trying everything; and how prices and plans come of them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks._matching_orders import bundles as bundle_market
from benchmarks._matching_orders import split_orders
from matching.core import baselines
from matching.core.boxed import is_of_bundles, relaxed_bundles, within
from matching.core.bundles import best_bundles
from matching.core.mixed import MixedProblem, need_gains
from matching.core.neighbourhoods import better, build, lay_down, table_for
from matching.core.problem import NO_BOUND, NONE, ints
from matching.core.program import Program
from matching.core.relaxation import relaxed
from matching.core.rents import least_lost, rents_at
from matching.core.replies import best_reply
from matching.core.verify import best_replies, closer_replies, mixed_faults
from matching.core.wishes import Terms
from tests.matching.markets import best_mixed_by_trying, mixed_problems


def reply_of(problem, need, lot_fen):
    table = table_for(problem)
    quota = np.full(problem.n_groups + 1, NO_BOUND)
    units = np.zeros(problem.n_edges, dtype=np.int64)
    terms = Terms(np.array(lot_fen), problem.capacity.copy(), quota, units)
    value, bound = best_reply(table.wishes, table.desk, need, terms)
    by_edge = np.zeros(problem.n_edges, dtype=np.int64)
    by_edge[table.wishes.edge] = units
    return value, bound, ints(by_edge)


def alone(problem, need, lot_fen):
    """Return the same market at these prices with this need's edges only and lots that never run short."""
    most = np.where(problem.need == need, problem.max_units, 0)
    return replace(
        problem,
        surplus_fen=problem.surplus_fen - ints(lot_fen)[problem.lot],
        max_units=np.minimum(most, problem.capacity[problem.lot]),
        capacity=problem.capacity * problem.n_legs,
        group=NONE,
        group_capacity=NONE,
    )


@settings(max_examples=200, deadline=None)
@given(mixed_problems(), st.lists(st.integers(0, 6), min_size=3, max_size=3))
def test_a_reply_is_the_best_there_is(problem, prices):
    lot_fen = prices[: problem.n_lots]

    for need in range(problem.n_needs):
        own = alone(problem, need, lot_fen)
        value, bound, units = reply_of(problem, need, lot_fen)

        # Legs that share the deals a need may make are bounded one by one.
        assert value == best_mixed_by_trying(own) <= bound
        assert mixed_faults(own, units) == ()
        assert need_gains(own, units).sum() == value


@settings(max_examples=200, deadline=None)
@given(mixed_problems(), st.lists(st.integers(0, 6), min_size=3, max_size=3))
def test_the_checker_never_understates_a_reply(problem, prices):
    lot_fen = ints(prices[: problem.n_lots])
    relaxed = best_replies(problem, lot_fen)

    closer = closer_replies(problem, lot_fen, relaxed, ints(np.full(problem.n_needs, -1)))

    for need in range(problem.n_needs):
        assert reply_of(problem, need, lot_fen)[0] <= closer[need] <= relaxed[need]


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_replies_of_orders_with_many_candidates_are_what_a_table_over_all_units_finds(part):
    problem = split_orders(40, seed=part)
    chance = np.random.default_rng(part)
    rents = ints(chance.integers(0, 2_000 * part + 1, problem.n_lots))
    tight = replace(problem, capacity=problem.capacity * chance.integers(1, 5, problem.n_lots) // 4)

    for market in (problem, tight):
        table = closer_replies(market, rents, best_replies(market, rents), ints(np.full(market.n_needs, -1)))

        assert [reply_of(market, need, rents)[0] for need in range(market.n_needs)] == table.tolist()


def order(**changed):
    """Return one order of 10 units and three lots: the dearest alone could fill it, the other two bring more."""
    arrays = {
        "need_of_leg": [0],
        "leg_quantity": [10],
        "leg": [0, 0, 0],
        "lot": [0, 1, 2],
        "surplus_fen": [9, 8, 4],
        "min_units": [4, 4, 1],
        "setup_fen": [5, 5, 0],
        "floor_fen": [0, 0, 0],
        "limit_fen": [1_000],
        "max_suppliers": [2],
        "whole": [1],
        "capacity": [6, 7, 10],
        "need_key": [0],
        "lot_key": [0, 1, 2],
    }
    return MixedProblem(**{**arrays, **changed})


@pytest.mark.parametrize(
    ("changed", "prices", "gain", "units"),
    [
        ({}, [0, 0, 0], 6 * 9 + 4 * 8 - 10, [6, 4, 0]),
        ({}, [6, 0, 0], 7 * 8 - 5 + 3 * 4, [0, 7, 3]),
        ({}, [9, 8, 0], 10 * 4, [0, 0, 10]),
        ({"max_suppliers": [1]}, [0, 0, 0], 10 * 4, [0, 0, 10]),
        ({"max_suppliers": [1], "whole": [0]}, [0, 0, 0], 7 * 8 - 5, [0, 7, 0]),
        ({"min_units": [5, 6, 1]}, [0, 0, 0], 6 * 9 - 5 + 4 * 4, [6, 0, 4]),
        ({"capacity": [6, 3, 3]}, [0, 0, 0], 0, [0, 0, 0]),  # 9 units are not all of 10
        ({}, [20, 20, 20], 0, [0, 0, 0]),
    ],
)
def test_a_reply_weighs_minimum_setup_and_suppliers(changed, prices, gain, units):
    value, bound, found = reply_of(order(**changed), 0, prices)

    assert (value, bound, found.tolist()) == (gain, gain, units)


def test_the_weeks_of_one_provider_count_as_one_deal():
    problem = order(deal=[0, 0, 1], min_units=[8, 1], setup_fen=[5, 0], max_suppliers=[1], leg_quantity=[12])

    value, _, units = reply_of(problem, 0, [0, 0, 0])

    assert (value, units.tolist()) == (6 * 9 + 6 * 8 - 5, [6, 6, 0])


def test_a_quota_bounds_a_deal_only_where_all_its_lots_share_it():
    weeks = {"deal": [0, 0, 1], "min_units": [4, 1], "setup_fen": [5, 0], "max_suppliers": [1], "capacity": [6, 7, 1]}
    apart = order(**weeks, group=[0, -1, -1], group_capacity=[5])
    together = order(**weeks, group=[0, 0, -1], group_capacity=[9])

    plans = [best_bundles(problem, time_limit_s=10) for problem in (apart, together)]

    assert [plan.units.tolist() for plan in plans] == [[5, 5, 0], [0, 0, 0]]
    assert plans[0].bound_fen == 5 * 9 + 5 * 8 - 5


@settings(max_examples=100, deadline=None)
@given(mixed_problems())
def test_no_change_of_a_plan_breaks_a_rule_or_loses_count(problem):
    table = table_for(problem)
    greedy = baselines.greedy_mixed(problem)
    lay_down(table, greedy[table.wishes.edge], need_gains(problem, greedy))

    gained = better(table, np.zeros(problem.n_lots, dtype=np.int64), np.array([7]), 60, 0)

    units = np.zeros(problem.n_edges, dtype=np.int64)
    units[table.wishes.edge] = table.units
    assert mixed_faults(problem, ints(units)) == ()
    assert need_gains(problem, ints(units)).tolist() == table.gain.tolist()
    assert table.gain.sum() == need_gains(problem, greedy).sum() + gained
    assert gained >= 0


@settings(max_examples=100, deadline=None)
@given(mixed_problems())
def test_prices_that_lose_least_still_bound_every_plan(problem):
    table = table_for(problem)
    free = rents_at(problem, table, *(ints(np.zeros(n, dtype=int)) for n in (problem.n_lots, problem.n_groups)))

    rents, stopped = least_lost(problem, table, free, reached_fen=0, steps=30)

    assert best_mixed_by_trying(problem) <= rents.bound_fen <= free.bound_fen
    assert (rents.lot_fen >= 0).all()
    assert not stopped


def test_a_market_of_orders_is_searched_alike_every_time_and_beats_serving_in_turn():
    problem = split_orders(60)

    plan, again = (best_bundles(problem, time_limit_s=60) for _ in range(2))

    assert plan.method == "construction"
    assert mixed_faults(problem, plan.units) == ()
    assert [plan.units.tolist(), plan.lot_fen.tolist()] == [again.units.tolist(), again.lot_fen.tolist()]
    reached = need_gains(problem, plan.units).sum()
    assert reached > need_gains(problem, baselines.greedy_mixed(problem)).sum()
    # all lost opportunities together: within a fiftieth of what is gained
    assert reached <= plan.bound_fen <= reached * 51 // 50
    assert not plan.out_of_time


def test_a_small_market_reaches_what_the_program_proves():
    problem = split_orders(8)

    plan = best_bundles(problem, time_limit_s=60)

    proved = Program(problem).search(time_limit_s=60)[1]
    assert need_gains(problem, plan.units).sum() == plan.bound_fen == proved


def test_bundles_whose_linear_optimum_is_whole_need_no_search():
    problem = bundle_market(150)

    plan = best_bundles(problem, time_limit_s=60)

    assert plan.method == "lp"
    assert need_gains(problem, plan.units).sum() == plan.bound_fen
    assert mixed_faults(problem, plan.units) == ()


@pytest.mark.parametrize(("size", "slots_per_bundle"), [(150, 1.0), (150, 0.4), (400, 0.25)])
def test_boxes_around_prices_end_at_the_bound_of_the_whole_relaxation(size, slots_per_bundle):
    problem = bundle_market(size, slots_per_bundle=slots_per_bundle)

    boxed = relaxed_bundles(problem, time_limit_s=60)

    assert boxed.bound_fen == relaxed(problem, time_limit_s=60).bound_fen
    table = table_for(problem)
    assert rents_at(problem, table, ints(boxed.lot_fen.astype(int)), NONE).bound_fen == boxed.bound_fen


def test_edges_that_no_better_plan_can_use_leave_the_market_and_the_optimum_stays():
    problem = bundle_market(40, slots_per_bundle=0.5)
    boxed = relaxed_bundles(problem, time_limit_s=60)

    smaller, edges = within(problem, ints(boxed.lot_fen.astype(int)), 20_000)
    found, proved, _ = Program(smaller).search(time_limit_s=60)

    assert edges.size < problem.n_edges
    assert need_gains(smaller, found).sum() == proved == Program(problem).search(time_limit_s=60)[1]


@pytest.mark.parametrize(
    "changed",
    [{"whole": [0]}, {"max_suppliers": [1]}, {"leg": [0, 0, 0]}, {"leg_quantity": [1, 2]}, {"min_units": [1, 1, 2]}],
)
def test_boxes_are_for_plain_bundles_only(changed):
    plain = {
        "need_of_leg": [0, 0],
        "leg_quantity": [1, 1],
        "leg": [0, 1, 1],
        "min_units": [1, 1, 1],
        "setup_fen": [5, 0, 0],
    }

    assert is_of_bundles(order(**plain))
    assert not is_of_bundles(order(**{**plain, **changed}))


def test_a_component_out_of_time_still_has_a_plan_prices_and_a_bound():
    problem = split_orders(60)

    plan = best_bundles(problem, time_limit_s=0)

    assert plan.out_of_time
    assert mixed_faults(problem, plan.units) == ()
    reached = need_gains(problem, plan.units).sum()
    assert need_gains(problem, baselines.greedy_mixed(problem)).sum() <= reached <= plan.bound_fen


def test_building_serves_needs_in_the_given_order():
    problem = order(
        need_of_leg=[0, 1],
        leg_quantity=[4, 4],
        leg=[0, 1],
        lot=[0, 0],
        surplus_fen=[2, 3],
        min_units=[1, 1],
        setup_fen=[0, 0],
        floor_fen=[0, 0],
        limit_fen=[9, 9],
        max_suppliers=[1, 1],
        whole=[1, 1],
        capacity=[4],
        need_key=[0, 1],
        lot_key=[0],
    )
    table = table_for(problem)

    build(table, np.array([0, 1]), np.zeros(1, dtype=np.int64))
    assert table.gain.tolist() == [8, 0]

    better(table, np.zeros(1, dtype=np.int64), np.array([7]), 50, 0)
    assert table.gain.tolist() == [0, 12]

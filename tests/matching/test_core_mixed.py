"""Indivisible wishes against trying everything."""

import numpy as np
import pytest
from hypothesis import given, settings

from matching.core import baselines
from matching.core.bundles import best_bundles
from matching.core.mixed import MixedProblem, need_gains
from matching.core.problem import MalformedProblem, ints
from matching.core.verify import mixed_certificate
from tests.matching.markets import best_mixed_by_trying, mixed_problems


def free_of_charge(problem, units, lot_fen, group_fen=None):
    # setup is due once a deal, with its first used edge
    first = np.zeros(problem.n_edges, dtype=int)
    used = np.flatnonzero(units)
    first[used[np.unique(problem.deal[used], return_index=True)[1]]] = 1
    floor = ints(problem.floor_fen * units + problem.setup_fen[problem.deal] * first)
    quota_fen = ints(np.zeros(problem.n_groups, dtype=int)) if group_fen is None else group_fen
    return mixed_certificate(problem, units, lot_fen=lot_fen, group_fen=quota_fen, paid_fen=floor, received_fen=floor)


@settings(max_examples=150, deadline=None)
@given(mixed_problems())
def test_small_markets_reach_what_trying_every_plan_finds(problem):
    plan = best_bundles(problem, time_limit_s=10)

    assert need_gains(problem, plan.units).sum() == best_mixed_by_trying(problem)
    assert free_of_charge(problem, plan.units, plan.lot_fen).faults == ()


@settings(max_examples=150, deadline=None)
@given(mixed_problems())
def test_no_plan_exceeds_the_bound_from_the_prices(problem):
    plan = best_bundles(problem, time_limit_s=10)
    found = free_of_charge(problem, plan.units, plan.lot_fen, plan.group_fen)

    assert found.dual_fen >= best_mixed_by_trying(problem)
    assert plan.bound_fen >= best_mixed_by_trying(problem)
    assert found.unfair == 0


@settings(max_examples=150, deadline=None)
@given(mixed_problems())
def test_simpler_ways_keep_every_rule(problem):
    posted = ints(np.arange(problem.n_needs))

    for units in (baselines.greedy_mixed(problem), baselines.first_come_mixed(problem, posted)):
        assert free_of_charge(problem, units, ints(np.zeros(problem.n_lots, dtype=int))).faults == ()
        assert need_gains(problem, units).sum() <= best_mixed_by_trying(problem)


def test_a_bundle_is_taken_whole_or_not_at_all():
    # two bundles want the only carrier; the second alone would pay more for it, but its other leg has nobody
    problem = MixedProblem(
        need_of_leg=[0, 0, 1, 1],
        leg_quantity=[1, 1, 1, 1],
        leg=[0, 1, 3],
        lot=[0, 1, 1],
        surplus_fen=[-20, 50, 90],
        min_units=[1, 1, 1],
        max_units=[1, 1, 1],
        setup_fen=[0, 0, 0],
        floor_fen=[0, 0, 0],
        limit_fen=[100, 100],
        max_suppliers=[2, 2],
        whole=[1, 1],
        capacity=[1, 1],
        need_key=[0, 1],
        lot_key=[0, 1],
    )

    plan = best_bundles(problem, time_limit_s=10)

    assert plan.units.tolist() == [1, 1, 0]


def test_legs_out_of_order_are_refused():
    arrays = {
        "need_of_leg": [1, 0],
        "leg_quantity": [1, 1],
        "leg": [0],
        "lot": [0],
        "surplus_fen": [1],
        "min_units": [1],
        "max_units": [1],
        "setup_fen": [0],
        "floor_fen": [0],
        "limit_fen": [1, 1],
        "max_suppliers": [1, 1],
        "whole": [0, 0],
        "capacity": [1],
        "need_key": [0, 1],
        "lot_key": [0],
    }
    MixedProblem(**{**arrays, "need_of_leg": [0, 1]})

    with pytest.raises(MalformedProblem):
        MixedProblem(**arrays)

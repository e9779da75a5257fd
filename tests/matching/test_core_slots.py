"""Reservations of several hours against trying everything, and against forged plans and prices."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks._matching_slots import reservations
from matching.core import slot_baselines
from matching.core.problem import MalformedProblem, ints
from matching.core.slot_search import best_slots
from matching.core.slot_verify import lost_opportunities, slot_certificate, slot_faults
from matching.core.slots import SlotPlan, SlotPrices, SlotProblem, deal_values, rents_due
from tests.matching.slot_markets import best_slots_by_trying, slot_problems


def decided(problem, **terms):
    return best_slots(problem, time_limit_s=60, **terms)


def certified(problem, plan, prices):
    served = plan.edge >= 0
    paid = np.where(served, problem.floor_fen[plan.edge] if problem.n_edges else 0, 0)
    paid = ints(paid + rents_due(problem, plan, prices))
    return slot_certificate(problem, plan, prices, paid_fen=paid, received_fen=paid)


@settings(max_examples=300, deadline=None)
@given(slot_problems())
def test_small_markets_reach_what_trying_every_plan_finds(problem):
    found = decided(problem)

    assert deal_values(problem, found.plan).sum() == found.value_fen == best_slots_by_trying(problem)
    assert slot_faults(problem, found.plan) == ()


@settings(max_examples=300, deadline=None)
@given(slot_problems())
def test_the_bound_is_that_of_the_prices_and_lost_opportunities_make_up_the_gap(problem):
    found = decided(problem)
    proof = certified(problem, found.plan, found.prices)
    rent = rents_due(problem, found.plan, found.prices)
    lost = lost_opportunities(problem, found.plan, found.prices, rent)

    assert proof.is_sound
    assert proof.dual_fen == found.bound_fen >= best_slots_by_trying(problem)
    assert sum(int(part.sum()) for part in lost) == proof.gap_fen
    assert all((part >= 0).all() for part in lost)
    assert (rent <= deal_values(problem, found.plan)).all()


@settings(max_examples=200, deadline=None)
@given(slot_problems(), st.data())
def test_any_prices_bound_any_plan(problem, data):
    def some(n):
        return ints(data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)))

    prices = SlotPrices(some(problem.n_hours), some(problem.n_groups))

    assert certified(problem, decided(problem).plan, prices).dual_fen >= best_slots_by_trying(problem)


@settings(max_examples=150, deadline=None)
@given(slot_problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(problem, chance):
    needs, lots, edges, windows = (
        chance.sample(range(n), n) for n in (problem.n_needs, problem.n_lots, problem.n_edges, len(problem.window_edge))
    )
    mixed = shuffled(problem, needs, lots, edges, windows)

    one, other = decided(problem), decided(mixed)

    assert named(problem, one.plan) == named(mixed, other.plan)
    assert priced(problem, one.prices) == priced(mixed, other.prices)


def test_the_order_of_rows_decides_nothing_in_a_larger_market():
    problem = reservations(120, 8, seed=3)
    chance = np.random.default_rng(5)
    mixed = shuffled(
        problem,
        *(
            chance.permutation(n).tolist()
            for n in (problem.n_needs, problem.n_lots, problem.n_edges, len(problem.window_edge))
        ),
    )

    one, again, other = decided(problem), decided(problem), decided(mixed)

    assert one.plan.edge.tolist() == again.plan.edge.tolist()
    assert one.plan.start.tolist() == again.plan.start.tolist()
    assert named(problem, one.plan) == named(mixed, other.plan)


def test_a_larger_market_ends_near_its_bound_and_above_the_simpler_ways():
    problem = reservations(300, 20)

    found = decided(problem)

    assert certified(problem, found.plan, found.prices).is_sound
    assert (found.bound_fen - found.value_fen) / found.value_fen < 0.003
    for plan in (slot_baselines.greedy(problem), slot_baselines.first_come(problem, ints(np.arange(300)))):
        assert slot_faults(problem, plan) == ()
        assert deal_values(problem, plan).sum() < 0.97 * found.value_fen


@settings(max_examples=150, deadline=None)
@given(slot_problems())
def test_simpler_ways_keep_every_rule(problem):
    best = best_slots_by_trying(problem)

    for plan in (slot_baselines.greedy(problem), slot_baselines.first_come(problem, problem.need_key)):
        assert slot_faults(problem, plan) == ()
        assert deal_values(problem, plan).sum() <= best


def test_a_run_of_hours_leaves_room_for_two_others_only_where_they_are_worth_less():
    # one machine of four hours: two long jobs would leave nothing, a long and two short ones are worth most
    problem = one_machine(hours=[3, 2, 2, 1], surplus=[50, 40, 35, 20], first=[0, 0, 0, 0], last=[1, 2, 2, 3])

    found = decided(problem)

    assert found.value_fen == 75
    assert sorted(found.plan.start[found.plan.edge >= 0].tolist()) == [0, 2]


def test_a_start_that_is_liked_less_is_taken_where_it_brings_more():
    # both want the first two hours; the second could begin later at a cost of 5
    problem = one_machine(hours=[2, 2], surplus=[30, 20], first=[0, 0], last=[0, 0], later=(1, 2, 2, 5))

    found = decided(problem)

    assert found.plan.start.tolist() == [0, 2]
    assert found.value_fen == 45
    assert found.bound_fen == 45
    assert found.method == "prices"


def test_a_planted_fault_is_found():
    problem = reservations(60, 4)
    found = decided(problem)
    plan, prices = found.plan, found.prices
    honest = certified(problem, plan, prices)
    assert honest.is_sound
    served = int(np.flatnonzero(plan.edge >= 0)[0])
    other = int(np.flatnonzero(plan.edge >= 0)[1])

    def with_(array, place, value):
        changed = array.copy()
        changed[place] = value
        return ints(changed)

    moved = SlotPlan(plan.edge, with_(plan.start, served, plan.start[served] + 50))
    stolen = SlotPlan(with_(plan.edge, served, plan.edge[other]), with_(plan.start, served, plan.start[other]))
    beyond = SlotPlan(with_(plan.edge, served, problem.n_edges), plan.start)
    hidden = SlotPlan(with_(plan.edge, served, -1), plan.start)
    negative = SlotPrices(with_(prices.hour_fen, 0, -1), prices.group_fen)
    short = SlotPrices(ints(prices.hour_fen[1:]), prices.group_fen)

    assert certified(problem, moved, prices).faults == ("a deal that begins when it may not",)
    assert "a need gets what was offered to another" in certified(problem, stolen, prices).faults
    assert slot_faults(problem, beyond) == slot_faults(problem, hidden) == ("a deal that begins when it may not",)
    assert certified(problem, plan, negative).unfair == honest.unfair + 1
    assert slot_certificate(problem, plan, short, paid_fen=plan.edge, received_fen=plan.edge).faults == ("shapes",)
    paid = ints(problem.floor_fen[plan.edge] * (plan.edge >= 0))
    less = with_(paid, served, paid[served] - 1)
    assert slot_certificate(problem, plan, prices, paid_fen=paid, received_fen=less).budget_fen == 1
    assert slot_certificate(problem, plan, prices, paid_fen=less, received_fen=less).unfair == 1


@settings(max_examples=300, deadline=None)
@given(slot_problems(), st.data())
def test_runs_that_overlap_are_found(problem, data):
    # any plan of admissible starts: the checker agrees with counting by hand
    edge, start = [-1] * problem.n_needs, [-1] * problem.n_needs
    held = [0] * problem.n_hours
    for need in range(problem.n_needs):
        windows = np.flatnonzero(problem.need[problem.window_edge] == need).tolist()
        if windows and data.draw(st.booleans()):
            window = data.draw(st.sampled_from(windows))
            edge[need] = int(problem.window_edge[window])
            start[need] = data.draw(st.integers(int(problem.window_first[window]), int(problem.window_last[window])))
            begin = int(problem.first_hour[problem.lot[edge[need]]]) + start[need]
            for hour in range(begin, begin + int(problem.hours[edge[need]])):
                held[hour] += 1

    overlap = any(h > c for h, c in zip(held, problem.capacity.tolist(), strict=True))

    assert ("runs of hours overlap" in slot_faults(problem, SlotPlan(ints(edge), ints(start)))) == overlap


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hours", [0, 2]),
        ("surplus_fen", [0, 20]),
        ("surplus_fen", [31, 20]),
        ("window_last", [3, 0]),
        ("window_first", [1, 0]),
        ("window_cost_fen", [-1, 0]),
        ("window_edge", [2, 0]),
        ("first_hour", [0, 3]),
        ("capacity", [1, 1, 1, 0]),
        ("need", [1, 1]),
        ("floor_fen", [-1, 0]),
        ("group", [0]),
    ],
)
def test_arrays_that_describe_no_market_are_refused(name, value):
    problem = one_machine(hours=[2, 2], surplus=[30, 20], first=[0, 0], last=[0, 0])

    with pytest.raises(MalformedProblem):
        replace(problem, **{name: value})


def one_machine(*, hours, surplus, first, last, later=None) -> SlotProblem:
    n = len(hours)
    windows = [(k, first[k], last[k], 0) for k in range(n)] + ([later] if later else [])
    return SlotProblem(
        need=range(n),
        lot=[0] * n,
        hours=hours,
        surplus_fen=surplus,
        floor_fen=[0] * n,
        ceiling_fen=surplus,
        window_edge=[w[0] for w in windows],
        window_first=[w[1] for w in windows],
        window_last=[w[2] for w in windows],
        window_cost_fen=[w[3] for w in windows],
        first_hour=[0, 4],
        capacity=[1] * 4,
        need_key=range(n),
        lot_key=[0],
    )


def shuffled(problem, needs, lots, edges, windows) -> SlotProblem:
    """Return the same market with rows in another order."""
    need_place, lot_place, edge_place = (np.argsort(order) for order in (needs, lots, edges))
    hours = [h for lot in lots for h in range(int(problem.first_hour[lot]), int(problem.first_hour[lot + 1]))]
    length = np.diff(problem.first_hour)[lots]
    of_edge = {name: getattr(problem, name)[edges] for name in ("hours", "surplus_fen", "floor_fen", "ceiling_fen")}
    of_window = {name: getattr(problem, name)[windows] for name in ("window_first", "window_last", "window_cost_fen")}
    return SlotProblem(
        need=need_place[problem.need[edges]],
        lot=lot_place[problem.lot[edges]],
        window_edge=edge_place[problem.window_edge[windows]],
        first_hour=np.concatenate([[0], np.cumsum(length)]),
        capacity=problem.capacity[hours],
        group=problem.group[lots],
        group_capacity=problem.group_capacity,
        need_key=problem.need_key[needs],
        lot_key=problem.lot_key[lots],
        **of_edge,
        **of_window,
    )


def named(problem, plan) -> dict[int, tuple[int, int]]:
    return {
        int(problem.need_key[need]): (int(problem.lot_key[problem.lot[edge]]), int(plan.start[need]))
        for need, edge in enumerate(plan.edge.tolist())
        if edge >= 0
    }


def priced(problem, prices) -> dict[int, list[int]]:
    ends = problem.first_hour.tolist()
    return {int(key): prices.hour_fen[ends[lot] : ends[lot + 1]].tolist() for lot, key in enumerate(problem.lot_key)}


def test_every_array_of_a_market_is_whole_and_read_only():
    problem = one_machine(hours=[2], surplus=[30], first=[0], last=[0])

    assert all(getattr(problem, field.name).dtype == np.int64 for field in fields(problem))
    assert not any(getattr(problem, field.name).flags.writeable for field in fields(problem))

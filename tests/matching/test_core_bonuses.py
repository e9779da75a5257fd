"""Bonuses count when pairs are chosen and nobody pays them: plans stay proved, prices stay inside both limits."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.core import build
from matching.core.bonuses import Entrants, Standing, entrants, least_bonus, with_bonuses
from matching.core.check import certify, part_certificate
from matching.core.market import Edges, Legs, Lots, Market, Needs, Parameters, Section
from matching.core.problem import MatchProblem, ints
from matching.core.reasons import left_over
from matching.core.settle import payments
from matching.core.solve import solve
from tests.matching.test_core_round import every_kind
from tests.matching.test_core_round import section as drawn


def market(pairs, *, limit_fen, reserve_fen, n_lots, capacity=1, parameters=None, quantity=1, fit_bp=10_000):
    """Single deals of `quantity` over (need, lot) pairs; all limits may differ, reserves are by pair."""
    n = len(limit_fen)
    section = Section(
        direction="made-up",
        one_deal_each=True,
        needs=Needs(
            code=[f"n{i}" for i in range(n)],
            version=[1] * n,
            posted=list(range(n)),
            whole=[0] * n,
            max_suppliers=[1] * n,
        ),
        legs=Legs(need=list(range(n)), name=[""] * n, quantity=[quantity] * n, limit_fen=limit_fen),
        lots=Lots(
            code=[f"l{j}" for j in range(n_lots)],
            version=[1] * n_lots,
            capacity=[capacity] * n_lots,
            asked_fen=[-1] * n_lots,
            min_units=[1] * n_lots,
            setup_fen=[0] * n_lots,
        ),
        edges=Edges(
            leg=[need for need, _ in pairs],
            lot=[lot for _, lot in pairs],
            reserve_fen=reserve_fen,
            most_units=[quantity] * len(pairs),
            fit_bp=[fit_bp] * len(pairs) if isinstance(fit_bp, int) else fit_bp,
            distance_m=[0] * len(pairs),
        ),
    )
    return Market(parameters or Parameters(), (section,))


def standing(found, *, entrant=(), waited=()):
    section = found.sections[0]
    is_entrant = np.zeros(len(section.lots), dtype=bool)
    is_entrant[list(entrant)] = True
    rounds = np.zeros(len(section.needs), dtype=np.int64)
    for need, number in waited:
        rounds[need] = number
    return [Standing(is_entrant, ints(rounds))]


def with_rule(found, **rule):
    return dataclasses.replace(found, parameters=dataclasses.replace(found.parameters, **rule))


def made(found):
    """Return the (need, lot) pairs of the plan with the price of each."""
    deals = {}
    for one in certify(found, solve(found))[0]:
        assert one.certificate.is_exact
        for edge in np.flatnonzero(one.outcome.units).tolist():
            need, lot = int(one.part.needs[one.part.problem.need[edge]]), int(one.part.lots[one.part.problem.lot[edge]])
            deals[need, lot] = int(one.outcome.unit_price_fen[edge])
    return deals


# One need to which a unit is worth 9.00 of its limit of 10.00, and two offers: 6.00, and 6.30 by a new entrant.
CHOICE = market([(0, 0), (0, 1)], limit_fen=[1_000], reserve_fen=[600, 630], n_lots=2, fit_bp=9_000)


@pytest.mark.parametrize(("bonus_bp", "lot"), [(0, 0), (299, 0), (310, 1), (10_000, 1)])
def test_an_entrant_wins_when_the_bonus_outweighs_what_others_ask_less(bonus_bp, lot):
    found = with_bonuses(with_rule(CHOICE, entrant_bonus_bp=bonus_bp), standing(CHOICE, entrant=[1]))

    assert list(made(found)) == [(0, lot)]


def test_a_bonus_is_never_paid_and_never_lifts_a_price_above_the_limit():
    """With a bonus of the whole limit the pair counts for 3.70, all that lies between the limits, and no more."""
    found = with_bonuses(with_rule(CHOICE, entrant_bonus_bp=10_000), standing(CHOICE, entrant=[1]))
    part = next(build.parts(found.sections[0], found.parameters))

    assert sorted(zip(part.problem.surplus_fen.tolist(), part.bonus_fen.tolist(), strict=True)) == [
        (300, 0),
        (370, 100),
    ]
    assert 630 <= made(found)[0, 1] <= 1_000


def test_the_bonus_ends_where_fit_and_way_leave_nothing_of_the_limit():
    """At a fit of 80 % a unit is worth 8.00; of a bonus of 3.00 only 2.00 count, whatever the reserve."""
    found = market([(0, 0), (0, 1)], limit_fen=[1_000], reserve_fen=[600, 500], n_lots=2, fit_bp=8_000)
    ruled = with_bonuses(with_rule(found, entrant_bonus_bp=3_000), standing(found, entrant=[0, 1]))
    part = next(build.parts(ruled.sections[0], ruled.parameters))

    assert part.bonus_fen.tolist() == [200, 200]
    assert sorted(part.problem.surplus_fen.tolist()) == [400, 500]


def test_a_bonus_lets_no_pair_in_that_is_worth_nothing():
    found = market([(0, 0)], limit_fen=[1_000], reserve_fen=[1_000], n_lots=1)
    ruled = with_bonuses(with_rule(found, entrant_bonus_bp=5_000), standing(found, entrant=[0]))

    assert list(build.parts(ruled.sections[0], ruled.parameters)) == []


@pytest.mark.parametrize(("waited", "winner"), [(0, 1), (1, 1), (2, 0), (9, 0)])
def test_a_need_that_went_without_gains_with_each_round_in_a_row(waited, winner):
    """Two needs want one offer: worth 7.20 to one, with 0.54 more for each round, and 8.00 to the other."""
    found = market([(0, 0), (1, 0)], limit_fen=[900, 1_000], reserve_fen=[500, 500], n_lots=1, fit_bp=8_000)
    rule = {"memory_bonus_bp": 600, "memory_rounds": 2}
    ruled = with_bonuses(with_rule(found, **rule), standing(found, waited=[(0, waited)]))

    assert [need for need, _ in made(ruled)] == [winner]


def test_no_more_rounds_count_than_the_rule_says():
    found = market([(0, 0)], limit_fen=[1_000], reserve_fen=[500], n_lots=1, fit_bp=7_000)
    rule = {"memory_bonus_bp": 100, "memory_rounds": 3}
    bonus = {
        waited: with_bonuses(with_rule(found, **rule), standing(found, waited=[(0, waited)]))
        .sections[0]
        .edges.bonus_fen
        for waited in (0, 1, 3, 8)
    }

    assert {waited: of_edge.tolist() for waited, of_edge in bonus.items()} == {0: [0], 1: [10], 3: [30], 8: [30]}


def test_the_loser_to_a_bonus_is_told_the_limit_at_which_it_wins_all_the_same():
    found = market([(0, 0), (1, 0)], limit_fen=[900, 1_000], reserve_fen=[500, 500], n_lots=1, fit_bp=8_000)
    rule = {"memory_bonus_bp": 1_200, "memory_rounds": 1}
    ruled = with_bonuses(with_rule(found, **rule), standing(found, waited=[(0, 1)]))
    decided = [(one.part, one.outcome) for one in certify(ruled, solve(ruled))[0]]
    [left] = left_over(ruled.sections[0], ruled.parameters, decided)

    # the other counts for 7.20 + 1.08 - 5.00 = 3.28: the first limit of which 80 % exceed 8.28 is 10.37
    assert (left.need, left.missing_fen) == (1, 37)
    for rise, winner in ((37, 1), (34, 0)):
        legs = dataclasses.replace(ruled.sections[0].legs, limit_fen=[900, 1_000 + rise])
        higher = dataclasses.replace(ruled, sections=(dataclasses.replace(ruled.sections[0], legs=legs),))
        assert [need for need, _ in made(higher)] == [winner]


@every_kind
def test_with_bonuses_every_kind_stays_proved_and_inside_both_limits(part_of_market):
    parameters = Parameters(entrant_bonus_bp=700, memory_bonus_bp=400)
    found = Market(parameters, (part_of_market,))
    ruled = with_bonuses(found, standing(found, entrant=[0, 3, 4, 7], waited=[(1, 1), (2, 2), (5, 3)]))
    assert ruled.sections[0].edges.bonus_fen.any()

    restored = Market.from_bytes(ruled.to_bytes())
    outcome = solve(ruled)

    assert solve(restored).to_bytes() == outcome.to_bytes()
    for one in certify(restored, outcome)[0]:
        assert not one.outcome.failure
        assert one.certificate.is_sound
        assert one.certificate.is_exact or one.part.kind == "mixed"
        within_limits(restored.sections[0], one)


def within_limits(section, one):
    """Check every deal against limits and reserves of the section itself."""
    part, units = one.part, one.outcome.units
    paid = payments(part, units, one.outcome.unit_price_fen)
    real = units * part.deal_units
    reserve = section.edges.reserve_fen[part.edges]
    limit = section.legs.limit_fen[section.edges.leg[part.edges]]
    if isinstance(part.problem, MatchProblem):
        assert (paid <= limit * real).all()
        assert (paid >= reserve * real).all()
    else:
        need = part.problem.need
        assert (np.bincount(need, paid) <= np.bincount(need, limit * real)).all()
        assert (np.bincount(part.deal, paid) >= np.bincount(part.deal, reserve * real)).all()


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    one_deal_each=st.booleans(),
    entrant=st.sets(st.integers(0, 5), max_size=6),
    bonuses=st.tuples(st.integers(0, 10_000), st.integers(0, 5_000)),
    waited=st.lists(st.integers(0, 4), min_size=6, max_size=6),
)
def test_whatever_the_bonuses_the_certificate_proves_the_plan(seed, one_deal_each, entrant, bonuses, waited):
    parameters = Parameters(entrant_bonus_bp=bonuses[0], memory_bonus_bp=bonuses[1])
    found = Market(parameters, (drawn(one_deal_each=one_deal_each, n=6, seed=seed),))
    ruled = with_bonuses(found, standing(found, entrant=sorted(entrant), waited=list(enumerate(waited))))

    for one in certify(ruled, solve(ruled))[0]:
        assert one.certificate.is_exact
        assert part_certificate(one.part, one.outcome).gap_fen == 0
        assert (one.part.bonus_fen >= 0).all()
        within_limits(ruled.sections[0], one)


# Three needs, three known offers at 5.00, and three entrants that ask 0.10, 0.20 and 0.40 more.
RISING = market(
    [(i, i) for i in range(3)] + [(i, 3 + i) for i in range(3)],
    limit_fen=[1_000] * 3,
    reserve_fen=[500] * 3 + [510, 520, 540],
    n_lots=6,
    fit_bp=9_000,
)
NEW = standing(RISING, entrant=[3, 4, 5])


@pytest.mark.parametrize(
    ("floor_bp", "least"),
    [(0, {0}), (3_333, {100, 110}), (3_334, {200, 210}), (6_667, {400, 410}), (10_000, {400, 410})],
)
def test_the_bonus_of_a_floor_is_the_least_that_reaches_it(floor_bp, least):
    """Where bonus and difference are equal the seed decides, so that a fen more may be needed."""
    ruled = with_rule(RISING, entrant_floor_bp=floor_bp)

    found = least_bonus(ruled, NEW, solve)

    assert found.is_reached
    assert found.bonus_bp in least
    assert found.tries <= 16


@settings(deadline=None, max_examples=25)  # some thirty decisions each
@given(seed=st.integers(0, 500), floor_bp=st.integers(1, 10_000), entrant=st.sets(st.integers(0, 5), min_size=1))
def test_one_basis_point_less_does_not_reach_the_floor(seed, floor_bp, entrant):
    parameters = Parameters(entrant_floor_bp=floor_bp)
    found = Market(parameters, (drawn(n=6, seed=seed), drawn(n=6, seed=seed + 1, one_deal_each=True)))
    rows = standing(found, entrant=sorted(entrant)) * 2

    least = least_bonus(found, rows, solve)

    def at(bonus_bp):
        ruled = with_bonuses(with_rule(found, entrant_bonus_bp=bonus_bp), rows)
        return entrants(ruled, solve(ruled), rows)

    if least.is_reached:
        assert at(least.bonus_bp).reaches(floor_bp)
        assert not least.bonus_bp or not at(least.bonus_bp - 1).reaches(floor_bp)
    else:
        assert not at(10_000).reaches(floor_bp)
        assert not at(least.bonus_bp).is_less_than(at(10_000))
        assert not least.bonus_bp or at(least.bonus_bp - 1).is_less_than(at(10_000))


def test_a_floor_out_of_reach_is_said_and_the_best_is_taken():
    """Only two of the three needs have an entrant to go to."""
    pairs = [(0, 0), (1, 1), (2, 2), (0, 3), (1, 4)]
    found = market(
        pairs, limit_fen=[1_000] * 3, reserve_fen=[500] * 3 + [510, 520], n_lots=5, fit_bp=9_000,
        parameters=Parameters(entrant_floor_bp=9_000),
    )  # fmt: skip

    least = least_bonus(found, standing(found, entrant=[3, 4]), solve)

    assert not least.is_reached
    assert least.bonus_bp in {200, 210}


def test_nobody_new_means_no_bonus():
    found = with_rule(RISING, entrant_floor_bp=5_000)

    least = least_bonus(found, standing(found), solve)

    assert (least.bonus_bp, least.is_reached) == (0, False)


def test_components_without_entrants_are_decided_once():
    decided = []

    def decide(chosen):
        decided.append(sum(len(list(build.parts(section, chosen.parameters))) for section in chosen.sections))
        return solve(chosen)

    least_bonus(with_rule(RISING, entrant_floor_bp=3_000), standing(RISING, entrant=[3]), decide)

    assert decided[0] == 2
    assert set(decided[1:]) == {1}


@pytest.mark.parametrize(
    ("deals", "of", "floor_bp", "reached"), [(0, 0, 5_000, True), (1, 3, 3_333, True), (1, 3, 3_334, False)]
)
def test_a_share_is_compared_exactly(deals, of, floor_bp, reached):
    assert Entrants(deals, of).reaches(floor_bp) == reached

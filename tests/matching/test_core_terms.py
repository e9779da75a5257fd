"""The gap, term by term: all terms together are what the certificate says, whatever the prices."""

import numpy as np
import pytest

from matching.core.build import parts
from matching.core.check import certify
from matching.core.market import Market, Parameters
from matching.core.mixed import MixedProblem
from matching.core.outcome import PartOutcome
from matching.core.problem import ints
from matching.core.solve import solve
from matching.core.terms import terms
from tests.matching.test_core_round import by_week, section

SECTIONS = {
    "unit": section(one_deal_each=True),
    "several places": section(one_deal_each=True, places=2, seed=3),
    "divisible": section(seed=4),
    "capped by weeks": by_week(section(seed=5)),
    "minimum lots": section(min_units=3, setup_fen=2_000, max_suppliers=1, seed=6),
    "bundles": section(whole=1, legs_each=2, seed=7),
}


def decided(name):
    market = Market(Parameters(), (SECTIONS[name],))
    return certify(market, solve(market))[0]


@pytest.mark.parametrize("name", SECTIONS)
def test_all_terms_together_are_the_gap(name):
    found = decided(name)

    assert found
    for one in found:
        assert terms(one.part, one.outcome).total_fen == one.certificate.gap_fen


@pytest.mark.parametrize("name", ["unit", "several places", "divisible", "capped by weeks"])
def test_at_prices_that_support_a_plan_nobody_has_a_claim(name):
    for one in decided(name):
        found = terms(one.part, one.outcome)

        assert not found.need_fen.any()
        assert not found.lot_fen.any()
        assert not found.is_rejected.any()
        assert not found.made_whole_fen.any()


@pytest.mark.parametrize("name", SECTIONS)
def test_at_other_prices_the_claims_are_still_the_gap_and_never_negative(name):
    for one in decided(name):
        changed = {each: getattr(one.outcome, each) for each in PartOutcome.__dataclass_fields__}
        changed["lot_fen"] = ints(np.asarray(one.outcome.lot_fen) + 700)
        problem = one.part.problem
        if not isinstance(problem, MixedProblem):
            gain = problem.surplus_fen - changed["lot_fen"][problem.lot]
            best = np.zeros(problem.n_needs, dtype=np.int64)
            np.maximum.at(best, problem.need, gain)
            changed["need_fen"] = ints(best)
        found = terms(one.part, PartOutcome(**changed))

        assert found.need_fen.min() >= 0
        assert found.lot_fen.min() >= 0
        assert found.total_fen >= one.certificate.gap_fen
        assert found.lot_fen.any()


def test_a_need_that_the_prices_would_put_at_a_loss_is_made_whole():
    found = [terms(one.part, one.outcome) for one in decided("minimum lots")]

    made_whole = sum(int(each.made_whole_fen.sum()) for each in found)
    kept = sum(int(np.minimum(each.need_kept_fen, 0).sum()) for each in found)
    assert made_whole == -kept


def test_every_kind_of_part_is_among_these():
    kinds = {part.kind for each in SECTIONS.values() for part in parts(each, Parameters())}

    assert kinds >= {"unit", "divisible", "capped", "mixed"}

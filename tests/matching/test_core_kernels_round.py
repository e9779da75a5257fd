"""A round decided by the compiled kernels in place of SciPy's."""

import pytest

from matching.core import build
from matching.core.check import part_certificate
from matching.core.kernels import decide
from matching.core.market import Market, Parameters
from matching.core.solve import KERNELS, solve
from tests.matching.test_core_round import section

COMPILED = {**KERNELS, "unit": decide.best_pairs, "divisible": decide.best_quantities}


@pytest.mark.parametrize("one_deal_each", [True, False])
@pytest.mark.parametrize("places", [1, 3])
def test_a_round_ends_at_the_same_prices_whichever_kernel_decides_it(one_deal_each, places):
    market = Market(Parameters(seed="s"), (section(one_deal_each=one_deal_each, places=places, n=40),))

    ours, theirs = solve(market, kernels=COMPILED).sections[0], solve(market).sections[0]

    parts = build.parts(market.sections[0], market.parameters)
    assert {part.kind for part in ours} <= {"unit", "divisible"}
    for part, mine, other in zip(parts, ours, theirs, strict=True):
        assert part_certificate(part, mine).is_exact
        assert mine.lot_low_fen == other.lot_low_fen
        assert mine.lot_high_fen == other.lot_high_fen
        assert mine.need_fen == other.need_fen

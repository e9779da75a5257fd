"""A round decided by the compiled kernels and by SciPy."""

import pytest

from matching.core import build
from matching.core.check import part_certificate
from matching.core.market import Market, Parameters
from matching.core.solve import solve
from tests.matching.test_core_round import section


@pytest.mark.parametrize("one_deal_each", [True, False])
@pytest.mark.parametrize("places", [1, 3])
def test_a_round_ends_at_the_same_prices_whichever_kernel_decides_it(one_deal_each, places):
    sections = (section(one_deal_each=one_deal_each, places=places, n=40),)
    market = Market(Parameters(seed="s"), sections)

    ours, theirs = (
        solve(Market(Parameters(seed="s", solver=solver), sections)).sections[0] for solver in ("kernels", "scipy")
    )

    parts = build.parts(market.sections[0], market.parameters)
    assert {part.method for part in ours} <= {"pair_kernel", "quantity_kernel"}
    assert {part.method for part in theirs} <= {"assignment", "flow"}
    for part, mine, other in zip(parts, ours, theirs, strict=True):
        assert part_certificate(part, mine).is_exact
        for name in ("lot_low_fen", "lot_high_fen", "need_fen"):
            assert getattr(mine, name).tolist() == getattr(other, name).tolist()

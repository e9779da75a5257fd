"""Both ends of the core as the kernels find them, against the general derivation and linear programs."""

import numpy as np
import pytest
from scipy.optimize import linprog

from matching.core.kernels import decide
from matching.core.prices import price_range
from tests.matching.seeded_markets import markets, total

DECIDE = {True: decide.decide_unit, False: decide.decide_divisible}
either_class = pytest.mark.parametrize("unit", [True, False], ids=["unit", "divisible"])


@either_class
def test_ends_of_the_core_are_those_of_the_general_price_derivation(unit):
    for market in markets(490, unit=unit, seed=2):
        decision = DECIDE[unit](market)
        expected = price_range(market, decision.units)

        for mine, theirs in (
            (decision.prices.lowest, expected.lowest),
            (decision.prices.highest, expected.highest),
        ):
            assert mine.lot_fen.tolist() == theirs.lot_fen.tolist()
            assert mine.need_fen.tolist() == theirs.need_fen.tolist()


@either_class
def test_ends_of_the_core_are_the_extremes_of_the_linear_program(unit):
    for market in markets(14, unit=unit, seed=3):
        if market.n_edges == 0 or int(market.surplus_fen.max()) > 2**40:
            continue
        decision = DECIDE[unit](market)
        n, m, edges = market.n_needs, market.n_lots, np.arange(market.n_edges)
        covers = np.zeros((market.n_edges, n + m))
        covers[edges, market.need] = covers[edges, n + market.lot] = 1
        value = np.concatenate([market.quantity, market.capacity])[None, :]
        for lot in range(m):
            one_price = np.zeros(n + m)
            one_price[n + lot] = 1
            for sign, end in ((1, decision.prices.lowest), (-1, decision.prices.highest)):
                answer = linprog(
                    sign * one_price,
                    A_ub=-covers,
                    b_ub=-market.surplus_fen,
                    A_eq=value,
                    b_eq=[total(market, decision.units)],
                )
                assert round(float(answer.x[n + lot])) == int(end.lot_fen[lot])

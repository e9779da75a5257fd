"""Which pairs could gain at given prices: against looking at every pair."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.core.kernels.wide import Offered, Wanted, could_gain
from matching.core.problem import ints

SHARE, SCALE_M = 0.8, 50_000.0


def sides(seed, n_needs=6, n_lots=15):
    rng = np.random.default_rng(seed)
    kind_stops = np.sort(rng.integers(0, n_lots + 1, 2))
    spans = [(0, kind_stops[0]), (kind_stops[0], kind_stops[1]), (kind_stops[1], n_lots)]
    chosen = [spans[i] for i in rng.integers(0, 3, n_needs)]
    place, at = rng.uniform(0, 80_000, (n_needs, 3)), rng.uniform(0, 80_000, (n_lots, 3))
    place[rng.random(n_needs) < 0.2] = np.nan
    at[rng.random(n_lots) < 0.2] = np.nan
    wanted = Wanted(
        first=ints([a for a, _ in chosen]),
        last=ints([b for _, b in chosen]),
        limit_fen=ints(rng.integers(100, 1_000, n_needs)),
        units=ints(rng.integers(1, 4, n_needs)),
        gain_fen=ints(rng.integers(0, 900, n_needs)),
        way_fen_per_m=rng.uniform(0, 0.01, n_needs),
        place=place,
        is_open=rng.random(n_needs) < 0.5,
    )
    floor = np.where(rng.random(n_lots) < 0.2, -1, rng.integers(1, 900, n_lots))
    return wanted, Offered(ints(floor), ints(rng.integers(0, 500, n_lots)), at, rng.random(n_lots) < 0.5)


def gains(wanted, offered, need, lot, by_the_unit):
    """Return what a pair that fits perfectly is worth beyond what both have, exact to rounding."""
    floor = offered.floor_fen[lot] if offered.floor_fen[lot] >= 0 else SHARE * wanted.limit_fen[need]
    straight_m = np.nan_to_num(np.linalg.norm(wanted.place[need] - offered.place[lot]))
    way = wanted.way_fen_per_m[need] * min(straight_m, SCALE_M)
    worth = (wanted.limit_fen[need] - floor - way) * wanted.units[need]
    return worth - wanted.gain_fen[need] - offered.rent_fen[lot] * (wanted.units[need] if by_the_unit else 1)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_no_pair_that_gains_is_left_out_and_few_others_are_named(seed, by_the_unit):
    wanted, offered = sides(seed)

    needs, lots = could_gain(wanted, offered, SHARE, SCALE_M, by_the_unit)

    found = set(zip(needs.tolist(), lots.tolist(), strict=True))
    for need in range(wanted.first.size):
        for lot in range(offered.rent_fen.size):
            of_kind = wanted.first[need] <= lot < wanted.last[need]
            is_asked = of_kind and (wanted.is_open[need] or offered.is_open[lot])
            more = gains(wanted, offered, need, lot, by_the_unit)
            slack = 2 * wanted.units[need]
            assert ((need, lot) in found) >= (is_asked and more > 0)
            assert ((need, lot) in found) <= (is_asked and more > -slack - 1e-6)

"""Pairs that could gain at given prices, among all that there are: a bound that is quick to take."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.core.kernels.jit import compiled
from matching.core.problem import Ints

Floats = NDArray[np.float64]


class Wanted(NamedTuple):
    """One row per need.

    Attributes:
        first, last: its kind of lots are those from `first` up to `last`.
        limit_fen: most it pays per real unit; units: real units in one deal; gain_fen: what it has, per deal.
        way_fen_per_m: what a metre costs per real unit, 0 where the way does not count.
        place: (n_needs, 3) metres from the middle of the Earth, not-a-number without a place.
        is_open: whether pairs with any lot are looked at, or only those with a lot that is open.
    """

    first: Ints
    last: Ints
    limit_fen: Ints
    units: Ints
    gain_fen: Ints
    way_fen_per_m: Floats
    place: Floats
    is_open: NDArray[np.bool_]


class Offered(NamedTuple):
    """One row per lot, kind by kind.

    Attributes:
        floor_fen: least that is taken per real unit; negative where that is a share of the limit.
        rent_fen: what the lot has, per deal or per real unit.
        place: (n_lots, 3), is_open: as of needs.
    """

    floor_fen: Ints
    rent_fen: Ints
    place: Floats
    is_open: NDArray[np.bool_]


@compiled
def could_gain(wanted: Wanted, offered: Offered, share: float, scale_m: float, by_the_unit: bool) -> tuple[Ints, Ints]:
    """Return (need, lot) of all pairs that, fitting perfectly, would be worth more than both sides have, or nearly so.

    Args:
        wanted, offered: the two sides.
        share: of the limit, what is taken where no floor is named.
        scale_m: ways beyond it cost no more.
        by_the_unit: whether rents are per real unit.

    Notes:
        A straight line is no longer than the way, and two fen are added for rounding: no pair that gains is left out.
    """
    found = [(np.int64(0), np.int64(0)) for _ in range(0)]
    for need in range(wanted.first.size):
        units, limit, gain = float(wanted.units[need]), float(wanted.limit_fen[need]), float(wanted.gain_fen[need])
        if limit * units <= gain:
            continue
        for lot in range(wanted.first[need], wanted.last[need]):
            if not (wanted.is_open[need] or offered.is_open[lot]):
                continue
            floor = float(offered.floor_fen[lot])
            least = floor if floor >= 0 else limit * share
            spare = (limit - least + 2) * units - gain - offered.rent_fen[lot] * (units if by_the_unit else 1.0)
            if spare <= 0:
                continue
            square = 0.0
            for axis in range(3):
                square += (wanted.place[need, axis] - offered.place[lot, axis]) ** 2
            if square > 0:  # never where one of them has no place
                spare -= wanted.way_fen_per_m[need] * min(np.sqrt(square), scale_m) * units
            if spare > 0:
                found.append((np.int64(need), np.int64(lot)))
    needs, lots = np.empty(len(found), np.int64), np.empty(len(found), np.int64)
    for row in range(len(found)):
        needs[row], lots[row] = found[row]
    return needs, lots

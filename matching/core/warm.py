"""Compile the kernels before they are needed: `python -m matching.core.warm` decides a small market of each kind."""

import numpy as np

from matching.core.market import Edges, Legs, Lots, Market, Needs, Parameters, Section
from matching.core.problem import ints
from matching.core.solve import solve
from matching.core.stream import Stream


def section(*, one_deal_each: bool = False, whole: bool = False) -> Section:
    """Return a market of two needs and three lots in which every lot could serve every need."""
    n_needs, n_lots = 2, 3
    legs, lots = range(n_needs), range(n_lots)
    pairs = [(leg, lot) for leg in legs for lot in lots]
    return Section(
        direction="",
        one_deal_each=one_deal_each,
        needs=Needs(
            code=["a", "b"],
            version=ints([1, 1]),
            posted=ints([1, 2]),
            whole=ints([int(whole)] * n_needs),
            max_suppliers=ints([2] * n_needs),
        ),
        legs=Legs(
            need=ints(list(legs)),
            name=[""] * n_needs,
            quantity=ints([3 if one_deal_each else 3 + leg for leg in legs]),
            limit_fen=ints([900 + 10 * leg for leg in legs]),
        ),
        lots=Lots(
            code=["x", "y", "z"],
            version=ints([1] * n_lots),
            capacity=ints([1 if one_deal_each else 4] * n_lots),
            asked_fen=ints([-1] * n_lots),
            min_units=ints([2 if whole else 1] * n_lots),
            setup_fen=ints([70 if whole else 0] * n_lots),
        ),
        edges=Edges(
            leg=ints([leg for leg, _ in pairs]),
            lot=ints([lot for _, lot in pairs]),
            reserve_fen=ints([500 + 30 * lot for _, lot in pairs]),
            most_units=ints([4] * len(pairs)),
            fit_bp=ints([10_000] * len(pairs)),
            distance_m=ints([0] * len(pairs)),
        ),
    )


def follow() -> None:
    """Follow a live market through every kind of change."""
    stream = Stream.opened([1, 2], {7: 1}, {(1, 7): 3, (2, 7): 2})
    stream.lot_arrives(8, {1: 4}, places=2)
    stream.need_arrives(3, {7: 5, 8: 1})
    stream.need_changes(1, {7: 6})
    stream.lot_changes(8, places=1)
    stream.bands()
    for need, _ in list(stream.pairs()):
        stream.band(need)
        stream.need_leaves(need)
    stream.lot_leaves(7)


def look_beyond() -> None:
    """Look for pairs that could gain, in a market of one need and one lot."""
    from matching.core.kernels.wide import Offered, Wanted, could_gain

    one, way, place, is_open = ints([1]), np.zeros(1), np.zeros((1, 3)), np.ones(1, dtype=bool)
    wanted = Wanted(ints([0]), one, one, one, one, way, place, is_open)
    could_gain(wanted, Offered(one, one, place, is_open), 0.8, 1.0, True)


if __name__ == "__main__":
    sections = (section(one_deal_each=True), section(), section(whole=True))
    solve(Market(Parameters(), sections))
    follow()
    look_beyond()

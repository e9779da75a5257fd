"""A market of reservations to measure matching on: towns, machines with their hours, runs of one to four of them."""

import numpy as np
from scipy.spatial import cKDTree

from benchmarks._matching_orders import HAUL_FEN_PER_KM, _places
from matching.core.slots import SlotProblem


def reservations(
    size: int, n_lots: int, *, hours: int = 40, candidates: int = 5, width: int = 13, seed: int = 0
) -> SlotProblem:
    """Return `size` needs for a run of 1 to 4 hours on one of the nearest machines, each within a period of its own.

    A need begins at any of up to `width` hours of its period, the same on all machines. An hour is worth some 100 yuan
    to it, costs some 60, and 8 fen for each km; pairs worth nothing are dropped. With 15 needs for a machine of 40
    hours, all wishes together take 94 % of all hours, spread as unevenly as they are.
    """
    rng = np.random.default_rng(seed)
    needs, lots = _places(rng, (size, n_lots))
    distance, lot = cKDTree(lots).query(needs, k=min(candidates, n_lots))
    value, cost = rng.normal(10_000, 2_000, size), rng.normal(6_000, 1_500, n_lots)
    length = rng.integers(1, 5, size)
    per_hour = value[:, None] - cost[lot] - HAUL_FEN_PER_KM * distance - rng.normal(0, 500, lot.shape)
    surplus = (per_hour * length[:, None]).astype(np.int64)
    begin = rng.integers(0, hours - 4, size)
    order = np.argsort(lot, axis=1)
    lot, surplus = (np.take_along_axis(a, order, axis=1) for a in (lot, surplus))
    need, nth = np.nonzero(surplus > 0)
    lot, surplus = lot[need, nth], surplus[need, nth]
    return SlotProblem(
        need=need,
        lot=lot,
        hours=length[need],
        surplus_fen=surplus,
        floor_fen=np.zeros(need.size, dtype=np.int64),
        ceiling_fen=surplus,
        window_edge=np.arange(need.size),
        window_first=begin[need],
        window_last=np.minimum(begin + width - 1, hours - length)[need],
        window_cost_fen=np.zeros(need.size, dtype=np.int64),
        first_hour=np.arange(n_lots + 1) * hours,
        capacity=np.ones(n_lots * hours, dtype=np.int64),
        need_key=rng.permutation(size),
        lot_key=rng.permutation(n_lots),
    )

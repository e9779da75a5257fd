"""Markets of indivisible wishes to measure matching on: orders split over few suppliers, and bundles of legs."""

import numpy as np
from scipy.spatial import cKDTree

from matching.core.mixed import MixedProblem

SIDE_KM = 400
TOWNS = 60
TOWN_SPREAD_KM = 12
HAUL_FEN_PER_KM = 8


def _places(rng: np.random.Generator, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Return points in towns whose sizes follow Zipf's law, one array for each size."""
    towns = rng.random((TOWNS, 2)) * SIDE_KM
    share = 1 / np.arange(1, TOWNS + 1)
    share /= share.sum()
    return [towns[rng.choice(TOWNS, n, p=share)] + rng.normal(0, TOWN_SPREAD_KM, (n, 2)) for n in sizes]


def split_orders(size: int, *, candidates: int = 20, seed: int = 0) -> MixedProblem:
    """Return `size` orders, each all or nothing, over twice as many lots, of which each sees its nearest.

    An order wants 40 to 400 units through 3 to 6 suppliers; a lot has 30 to 240, gives no less than 10 to 40 to
    anybody, and asks 80 to 450 yuan before its first unit. A unit is worth some 100 yuan, costs some 60, and 8 fen
    for each km. All lots together have about 1.25 times what all orders want, spread as unevenly as they are.
    """
    rng = np.random.default_rng(seed)
    n_lots = max(2 * size, candidates)
    orders, lots = _places(rng, (size, n_lots))
    distance, lot = cKDTree(lots).query(orders, k=candidates)
    value, cost = rng.normal(10_000, 2_000, size), rng.normal(6_000, 1_500, n_lots)
    surplus = value[:, None] - cost[lot] - HAUL_FEN_PER_KM * distance - rng.normal(0, 500, lot.shape)
    quantity, capacity = rng.integers(40, 401, size), rng.integers(30, 245, n_lots)
    least, setup = rng.integers(10, 41, n_lots), rng.integers(8_000, 45_001, n_lots)
    order = np.argsort(lot, axis=1)
    lot, surplus = (np.take_along_axis(a, order, axis=1).ravel() for a in (lot, surplus))
    return MixedProblem(
        need_of_leg=np.arange(size),
        leg_quantity=quantity,
        leg=np.repeat(np.arange(size), candidates),
        lot=lot,
        surplus_fen=surplus.astype(np.int64),
        min_units=least[lot],
        setup_fen=setup[lot],
        floor_fen=np.zeros(lot.size, dtype=np.int64),
        limit_fen=np.full(size, 10**7),
        max_suppliers=rng.integers(3, 7, size),
        whole=np.ones(size, dtype=np.int64),
        capacity=capacity,
        need_key=rng.permutation(size),
        lot_key=rng.permutation(n_lots),
    )


def bundles(size: int, *, legs: int = 3, candidates: int = 12, slots_per_bundle: float = 1.0, seed: int = 0):
    """Return `size` bundles of one unit of each of `legs` kinds, each from one of the nearest slots of its kind."""
    rng = np.random.default_rng(seed)
    n_slots = max(int(size * slots_per_bundle), candidates)
    homes, *slots = _places(rng, (size, *[n_slots] * legs))
    value = rng.normal(60_000, 18_000, (size, legs))
    lot, surplus = [], []
    for kind, places in enumerate(slots):
        distance, nearest = cKDTree(places).query(homes, k=candidates)
        cost = rng.normal(30_000, 12_000, n_slots)
        worth = value[:, kind, None] - cost[nearest] - 200 * distance - rng.normal(0, 8_000, nearest.shape)
        order = np.argsort(nearest, axis=1)
        lot.append(np.take_along_axis(nearest, order, axis=1) + kind * n_slots)
        surplus.append(np.take_along_axis(worth, order, axis=1).astype(np.int64))
    ones = np.ones(size * legs * candidates, dtype=np.int64)
    return MixedProblem(
        need_of_leg=np.repeat(np.arange(size), legs),
        leg_quantity=np.ones(size * legs, dtype=np.int64),
        leg=np.repeat(np.arange(size * legs), candidates),
        lot=np.stack(lot, axis=1).ravel(),
        surplus_fen=np.stack(surplus, axis=1).ravel(),
        min_units=ones,
        setup_fen=0 * ones,
        floor_fen=0 * ones,
        limit_fen=np.full(size, 10**7),
        max_suppliers=np.full(size, legs),
        whole=np.ones(size, dtype=np.int64),
        capacity=np.ones(n_slots * legs, dtype=np.int64),
        need_key=rng.permutation(size),
        lot_key=rng.permutation(n_slots * legs),
    )

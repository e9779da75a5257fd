"""A market to measure matching on: Zipf towns, nearest neighbours, surplus falling with distance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Ints = NDArray[np.int64]

SIDE_KM = 400
TOWN_SPREAD_KM = 8
TOWNS = 300
HAUL_FEN_PER_KM = 200
NOISE_FEN = 8_000
VALUE_FEN = (60_000, 18_000)  # mean and standard deviation
COST_FEN = (30_000, 12_000)
FAR_KM = 1e6  # lifts categories apart, so that one tree serves all


@dataclass(frozen=True, eq=False)
class Edges:
    """A market as arrays, edges sorted by need and then lot; both sides number `size`."""

    size: int
    need: Ints
    lot: Ints
    surplus_fen: Ints
    rank: NDArray[np.int32]  # how many lots are nearer to the need


def market(size: int, *, neighbours: int = 23, categories: int = 1, seed: int = 0) -> Edges:
    """Return a market of `size` needs and `size` lots.

    People live in 300 towns whose sizes follow Zipf's law, scattered over a square of 400 km. Each need looks
    at its nearest lots of the same category. A pair is worth value - cost - haul - noise, in whole fen: value
    and cost belong to the two sides, haul to their distance, noise (standard deviation 80 yuan) to the pair.
    Pairs worth nothing are dropped, so that 23 neighbours leave some 21 edges a need where few are.
    """
    rng = np.random.default_rng(seed)
    towns = rng.random((TOWNS, 2)) * SIDE_KM
    share = 1 / np.arange(1, TOWNS + 1)
    share /= share.sum()
    places = [
        np.column_stack(
            [
                towns[rng.choice(TOWNS, size, p=share)] + rng.normal(0, TOWN_SPREAD_KM, (size, 2)),
                rng.integers(0, categories, size) * FAR_KM,
            ]
        )
        for _ in range(2)
    ]
    value = rng.normal(*VALUE_FEN, size)
    cost = rng.normal(*COST_FEN, size)
    distance, lot = cKDTree(places[1]).query(places[0], k=min(neighbours, size))
    noise = rng.normal(0, NOISE_FEN, distance.shape)
    surplus = (value[:, None] - cost[lot] - HAUL_FEN_PER_KM * distance - noise).astype(np.int64)
    order = np.argsort(lot, axis=1)
    lot, surplus, distance = (np.take_along_axis(a, order, axis=1) for a in (lot, surplus, distance))
    rank = order.astype(np.int32)
    kept = (surplus > 0) & (distance < FAR_KM / 2)
    need = np.repeat(np.arange(size), kept.sum(axis=1))
    return Edges(size=size, need=need, lot=lot[kept], surplus_fen=surplus[kept], rank=rank[kept])

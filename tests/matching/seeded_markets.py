"""Seeded markets of all shapes for kernels: tied, dense, lopsided, scattered, empty, near the limits of 64 bits."""

from collections.abc import Iterator

import numpy as np

from matching.core.prices import Prices
from matching.core.problem import Ints, MatchProblem, ints
from matching.core.verify import Certificate, certificate

SHAPES = ("tied", "dense", "lopsided", "scattered", "single lot", "empty rows", "huge")


def problem(need, lot, surplus, quantity, capacity) -> MatchProblem:
    """Return a market whose floors are 0 and whose keys follow the rows."""
    surplus = np.asarray(surplus, dtype=np.int64)
    return MatchProblem(
        need=need,
        lot=lot,
        surplus_fen=surplus,
        floor_fen=np.zeros(surplus.size, dtype=np.int64),
        ceiling_fen=surplus,
        quantity=quantity,
        capacity=capacity,
        need_key=np.arange(len(quantity)),
        lot_key=np.arange(len(capacity)),
    )


def markets(count: int, *, unit: bool, seed: int) -> Iterator[MatchProblem]:
    """Yield `count` markets, all shapes in turn."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        yield one(SHAPES[number % len(SHAPES)], rng, unit=unit)


def one(shape: str, rng: np.random.Generator, *, unit: bool) -> MatchProblem:
    """Draw one market of up to 24 needs and lots."""
    n, m = (int(x) for x in rng.integers(1, 25, 2))
    density, top = rng.uniform(0.1, 0.6), int(rng.choice([50, 10_000]))
    if shape == "tied":
        top = 3
    elif shape == "dense":
        density = 1.0
    elif shape == "lopsided":
        n, m = (n, 1 + m // 8) if rng.random() < 0.5 else (1 + n // 8, m)
    elif shape == "scattered":
        density = 0.05
    elif shape == "single lot":
        m = 1
    elif shape == "huge":
        top = 2**62 // (50 * (n + m))
    joined = rng.random((n, m)) < density
    if shape == "empty rows":
        joined[rng.random(n) < 0.5] = False
        joined[:, rng.random(m) < 0.5] = False
    need, lot = np.nonzero(joined)
    sizes = (np.ones(n, int), np.ones(m, int)) if unit else (rng.integers(1, 12, n), rng.integers(1, 12, m))
    surplus = rng.integers(1, top + 1, need.size)
    if shape == "huge" and not unit:
        surplus = surplus // 12 + 1
    return problem(need, lot, surplus, *sizes)


def total(market: MatchProblem, units: Ints) -> int:
    """Return the surplus of a plan, however large."""
    return sum(int(s) * int(u) for s, u in zip(market.surplus_fen, units, strict=True))


def certify(market: MatchProblem, units: Ints, prices: Prices) -> Certificate:
    """Certify a plan in which every need pays its lot's floor and rent."""
    paid = ints((market.floor_fen + prices.lot_fen[market.lot]) * units)
    return certificate(
        market, units, need_fen=prices.need_fen, lot_fen=prices.lot_fen, paid_fen=paid, received_fen=paid
    )

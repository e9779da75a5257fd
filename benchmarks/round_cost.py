"""What deciding a round costs per edge, by the size of a connected component; the national figure follows from it.

A component is a market whose participants can affect each other; components are decided one by one, on any number of
machines. Each need here has 20 candidate lots, drawn by distance in a plane, and surplus falls with distance.
"""

import multiprocessing
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from matching.core.assignment import best_pairs
from matching.core.baselines import greedy
from matching.core.prices import price_range
from matching.core.problem import MatchProblem, canonical

CANDIDATES = 20
SIZES = (300, 1_000, 3_000, 10_000)
REPEATS = 3
NATION = 10_000_000  # needs, and as many offers


def market(size: int, seed: int) -> MatchProblem:
    """Return a market of `size` needs and `size` lots in a square, each need with its nearest lots."""
    rng = np.random.default_rng(seed)
    lots, needs = rng.random((size, 2)), rng.random((size, 2))
    distance, near = cKDTree(lots).query(needs, k=CANDIDATES)
    worth = rng.integers(50_000, 500_000, size)
    surplus = np.maximum(1, worth[:, None] - (distance / distance.max() * 100_000).astype(np.int64)).ravel()
    ones = np.ones(size, dtype=np.int64)
    return MatchProblem(
        need=np.repeat(np.arange(size), CANDIDATES),
        lot=near.ravel(),
        surplus_fen=surplus,
        floor_fen=np.zeros(surplus.size, dtype=np.int64),
        ceiling_fen=surplus,
        quantity=ones,
        capacity=ones,
        need_key=np.arange(size),
        lot_key=np.arange(size),
    )


def resident(name: str) -> int:
    """Return a memory figure of this process in bytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def measure(size: int, seed: int) -> tuple[float, float, float, float]:
    """Return seconds to solve and to price, bytes held at the peak (problem included), welfare over greedy."""
    problem, _ = canonical(market(size, seed))
    arrays = sum(getattr(problem, name).nbytes for name in problem.__dataclass_fields__)
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of building the market
    began = time.process_time()
    units = best_pairs(problem)
    solved = time.process_time()
    price_range(problem, units)
    priced = time.process_time()
    held = arrays + resident("VmHWM") - before
    gain = float(problem.surplus_fen @ units) / float(problem.surplus_fen @ greedy(problem))
    return solved - began, priced - solved, float(held), gain


def _child(size: int, seed: int, line: "multiprocessing.connection.Connection") -> None:
    line.send(measure(size, seed))


def alone(size: int, seed: int) -> tuple[float, float, float, float]:
    """Measure in a process of its own: peak memory is a process's, and never falls."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(size, seed, theirs))
    process.start()
    theirs.close()
    measured: tuple[float, float, float, float] = ours.recv()
    process.join()
    return measured


def main() -> int:
    sizes = tuple(int(word) for word in sys.argv[1:]) or SIZES
    print(f"CPU seconds, medians of {REPEATS}; {CANDIDATES} candidates a need; core-hours for {NATION:,} needs")
    print("  needs    edges  solve s  price s  us/edge    MiB  B/edge  x greedy  core-hours")
    for size in sizes:
        runs = [alone(size, seed) for seed in range(REPEATS)]
        solve, price, held, gain = (statistics.median(values) for values in zip(*runs, strict=True))
        edges = size * CANDIDATES
        per_edge = (solve + price) / edges
        core_hours = per_edge * NATION * CANDIDATES / 3600
        print(
            f"{size:>7} {edges:>8} {solve:>8.3f} {price:>8.3f} {per_edge * 1e6:>8.2f} {held / 2**20:>6.1f}"
            f" {held / edges:>7.0f} {gain:>9.3f} {core_hours:>11.2f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

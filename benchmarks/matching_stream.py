"""What waiting for the last moment is worth: a stream of needs and lots with deadlines, decided by several policies.

    python -m benchmarks.matching_stream
    python -m benchmarks.matching_stream --parties 4000 --seed 3

Needs and lots arrive evenly over 2,000 ticks, stay and leave; their deadlines are known. Stays last 40 ticks in the
mean: *scattered* are exponential, so that many leave at once; *alike* are 20 to 60 ticks. Two within 60 km of each
other may deal while both are there: about 67 partners each. A pair is worth value - cost - haul - noise as in
`_matching_markets`. Policies see only who is there. *greedy* takes the best pair left, each tick; *batch k* decides
the best matching every k ticks; *tentative* keeps the best plan among those present (`core/stream.py`) and commits a
pair only when one of its two would leave; *sparing* does the same with worths less what the one who could have stayed
gives up, 100 yuan * (1 - exp(-ticks left / 40)): a guess about the future that the product does not make. The
clairvoyant, who knows the whole day, is 100 %.

Wait is in ticks, of those who deal, from arrival to deal. CPU seconds of one process; an update is one arrival or
departure through `Stream`, in CPU milliseconds, Python included. Compiling is not counted. Plans are proved at every
hundredth tick, or the run stops.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks._matching_markets import COST_FEN, HAUL_FEN_PER_KM, NOISE_FEN, SIDE_KM, TOWN_SPREAD_KM, TOWNS, VALUE_FEN
from matching.core.kernels import unit
from matching.core.kernels.lists import Lists, by_row
from matching.core.problem import Ints
from matching.core.stream import Stream

TICKS = 2_000
STAY = 40
REACH_KM = 60
SPARED_FEN = 10_000
WINDOWS = (1, 5, 10, 20, 40)


@dataclass(frozen=True, eq=False)
class Day:
    """A stream: when each of `size` needs and lots is there, first and last tick, and what each pair is worth."""

    size: int
    need_from: Ints
    need_until: Ints
    lot_from: Ints
    lot_until: Ints
    pairs: Lists


@dataclass(frozen=True, eq=False)
class Deals:
    """Who dealt with whom, and when."""

    need: Ints
    lot: Ints
    tick: Ints


def day(size: int, seed: int, *, scattered: bool) -> Day:
    """Return a stream of `size` needs and lots."""
    rng = np.random.default_rng(seed)
    towns = rng.random((TOWNS, 2)) * SIDE_KM
    share = 1 / np.arange(1, TOWNS + 1)
    share /= share.sum()
    place = [towns[rng.choice(TOWNS, size, p=share)] + rng.normal(0, TOWN_SPREAD_KM, (size, 2)) for _ in range(2)]
    value, cost = rng.normal(*VALUE_FEN, size), rng.normal(*COST_FEN, size)
    first = [np.sort(rng.integers(0, TICKS, size)) for _ in range(2)]
    stays = [
        rng.exponential(STAY, size) if scattered else rng.integers(STAY // 2, STAY * 3 // 2 + 1, size) for _ in range(2)
    ]
    last = [arrival + stay.astype(np.int64) for arrival, stay in zip(first, stays, strict=True)]
    needs, lots, worths = [], [], []
    for i in range(size):
        near = slice(0, np.searchsorted(first[1], last[0][i], side="right"))
        lot = np.flatnonzero(last[1][near] >= first[0][i])
        distance = np.hypot(*(place[1][lot] - place[0][i]).T)
        lot, distance = lot[distance < REACH_KM], distance[distance < REACH_KM]
        noise = rng.normal(0, NOISE_FEN, lot.size)
        worth = (value[i] - cost[lot] - HAUL_FEN_PER_KM * distance - noise).astype(np.int64)
        kept = worth > 0
        needs.append(np.full(int(kept.sum()), i))
        lots.append(lot[kept])
        worths.append(worth[kept])
    pairs = by_row(np.concatenate(needs), np.concatenate(lots), np.concatenate(worths), n_rows=size)
    return Day(size, first[0], last[0], first[1], last[1], pairs)


def clairvoyant(stream: Day) -> Deals:
    """Return the best of all deals, each as soon as both are there."""
    mate = unit.best_matching(stream.pairs, n_columns=stream.size).row_mate
    need = np.flatnonzero(mate >= 0)
    lot = mate[need].astype(np.int64)
    return Deals(need, lot, np.maximum(stream.need_from[need], stream.lot_from[lot]))


def in_batches(stream: Day, every: int, decide: Callable[[Lists, int], np.ndarray]) -> Deals:
    """Return the deals of a policy that decides every so many ticks among those present and still alone."""
    need_alone, lot_alone = np.ones(stream.size, bool), np.ones(stream.size, bool)
    found: list[tuple[int, int, int]] = []
    for tick in range(every - 1, int(stream.need_until.max()) + every, every):
        here = np.flatnonzero((stream.need_from <= tick) & (stream.need_until >= tick) & need_alone)
        lot_here = (stream.lot_from <= tick) & (stream.lot_until >= tick) & lot_alone
        rows = _among(stream.pairs, here, lot_here)
        mate = decide(rows, stream.size)
        for row in np.flatnonzero(mate >= 0):
            found.append((int(here[row]), int(mate[row]), tick))
        need_alone[here[mate >= 0]] = False
        lot_alone[mate[mate >= 0]] = False
    return Deals(*np.array(found).T)


def best(rows: Lists, n_lots: int) -> np.ndarray:
    """Return the lot of each row in the best matching, or -1."""
    lots, other = np.unique(rows.other, return_inverse=True)
    small = rows._replace(other=other.astype(np.int32))
    mate = unit.best_matching(small, n_columns=lots.size).row_mate
    return np.where(mate >= 0, lots[mate], -1) if lots.size else mate


def greedy(rows: Lists, n_lots: int) -> np.ndarray:
    """Return the lot of each row when the best pair left is always taken."""
    mate, taken = np.full(rows.start.size, -1), np.zeros(n_lots, bool)
    row = np.repeat(np.arange(rows.start.size), rows.stop - rows.start)
    for place in np.argsort(-rows.worth, kind="stable"):
        if mate[row[place]] < 0 and not taken[rows.other[place]]:
            mate[row[place]] = rows.other[place]
            taken[rows.other[place]] = True
    return mate


def tentative(stream: Day, spent_ms: list[float]) -> Deals:
    """Return the deals of the best plan at every moment, each made when one of its two would leave.

    Args:
        stream: who comes and goes.
        spent_ms: takes the CPU milliseconds of every arrival and departure.
    """
    market = Stream()
    by_lot = _turned(stream.pairs, stream.size)
    here = np.zeros(stream.size, bool), np.zeros(stream.size, bool)
    arriving = _by_tick(stream.need_from), _by_tick(stream.lot_from)
    leaving = _by_tick(stream.need_until), _by_tick(stream.lot_until)
    found: list[tuple[int, int, int]] = []

    def timed(event: Callable[..., None], *given: object) -> None:
        began = time.thread_time_ns()
        event(*given)
        spent_ms.append((time.thread_time_ns() - began) / 1e6)

    def gone(need: int, lot: int) -> None:
        here[0][need] = here[1][lot] = False
        timed(market.need_leaves, need)
        timed(market.lot_leaves, lot)

    for tick in range(int(max(stream.need_until.max(), stream.lot_until.max())) + 1):
        for lot in arriving[1].get(tick, []):
            timed(market.lot_arrives, lot, _edges(by_lot, lot, here[0]))
            here[1][lot] = True
        for need in arriving[0].get(tick, []):
            timed(market.need_arrives, need, _edges(stream.pairs, need, here[1]))
            here[0][need] = True
        for need in leaving[0].get(tick, []):
            if not here[0][need]:
                continue
            partner = market.partner(need)
            if partner is None:
                here[0][need] = False
                timed(market.need_leaves, need)
            else:
                found.append((need, partner, tick))
                gone(need, partner)
        for lot in leaving[1].get(tick, []):
            if not here[1][lot]:
                continue
            guests = market.guests(lot)
            if not guests:
                here[1][lot] = False
                timed(market.lot_leaves, lot)
            else:
                found.append((guests[0], lot, tick))
                gone(guests[0], lot)
        if tick % 100 == 0 and not market.prove().is_exact:
            raise RuntimeError(f"not optimal at tick {tick}")
    return Deals(*np.array(found).T)


def show(name: str, stream: Day, deals: Deals, whole_fen: int, cpu_s: float) -> int:
    """Print one policy's figures; return its welfare."""
    _check(stream, deals)
    fen = _welfare(stream, deals)
    wait = (deals.tick - stream.need_from[deals.need] + deals.tick - stream.lot_from[deals.lot]).mean() / 2
    print(
        f"  {name:<14}{fen / (whole_fen or fen):>8.1%}{deals.need.size:>9,}{wait:>8.1f}{cpu_s:>9.2f}",
        flush=True,
    )
    return fen


def _check(stream: Day, deals: Deals) -> None:
    for party, first, last in (
        (deals.need, stream.need_from, stream.need_until),
        (deals.lot, stream.lot_from, stream.lot_until),
    ):
        if np.unique(party).size != party.size:
            raise RuntimeError("somebody deals twice")
        if ((deals.tick < first[party]) | (deals.tick > last[party])).any():
            raise RuntimeError("somebody deals while away")


def _welfare(stream: Day, deals: Deals) -> int:
    pairs = stream.pairs
    total = 0
    for need, lot in zip(deals.need.tolist(), deals.lot.tolist(), strict=True):
        places = slice(int(pairs.start[need]), int(pairs.stop[need]))
        total += int(pairs.worth[places][pairs.other[places] == lot][0])
    return total


def _among(pairs: Lists, needs: np.ndarray, lot_here: np.ndarray) -> Lists:
    """Return the pairs of these needs with lots that are here, needs numbered by their places."""
    length = (pairs.stop - pairs.start)[needs]
    row = np.repeat(np.arange(needs.size), length)
    before = np.cumsum(length) - length
    place = pairs.start[needs][row] + np.arange(row.size) - before[row]
    kept = lot_here[pairs.other[place]]
    return by_row(row[kept], pairs.other[place[kept]], pairs.worth[place[kept]], n_rows=needs.size)


def _turned(pairs: Lists, n_columns: int) -> Lists:
    row = np.repeat(np.arange(pairs.start.size), pairs.stop - pairs.start)
    order = np.argsort(pairs.other, kind="stable")
    return by_row(pairs.other[order].astype(np.int64), row[order], pairs.worth[order], n_rows=n_columns)


def _edges(lists: Lists, node: int, is_here: np.ndarray) -> dict[int, int]:
    places = slice(int(lists.start[node]), int(lists.stop[node]))
    other, worth = lists.other[places], lists.worth[places]
    kept = is_here[other]
    return dict(zip(other[kept].tolist(), worth[kept].tolist(), strict=True))


def _by_tick(ticks: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for party, tick in enumerate(ticks.tolist()):
        found.setdefault(tick, []).append(party)
    return found


def spared(stream: Day) -> Day:
    """Return the stream with each pair worth less by what the one who leaves later gives up for it."""
    pairs = stream.pairs
    need = np.repeat(np.arange(stream.size), pairs.stop - pairs.start)
    left = np.abs(stream.need_until[need] - stream.lot_until[pairs.other])
    worth = pairs.worth - (SPARED_FEN * (1 - np.exp(-left / STAY))).astype(np.int64)
    kept = worth > 0
    return replace(stream, pairs=by_row(need[kept], pairs.other[kept], worth[kept], n_rows=stream.size))


def compare(stream: Day) -> None:
    """Run every policy on one stream and print what each reaches."""
    print(f"  {'policy':<14}{'welfare':>8}{'deals':>9}{'wait':>8}{'CPU s':>9}")

    def run(name: str, policy: Callable[[], Deals], whole_fen: int = 0) -> int:
        began = time.process_time()
        deals = policy()
        return show(name, stream, deals, whole_fen, time.process_time() - began)

    whole_fen = run("clairvoyant", lambda: clairvoyant(stream))
    run("greedy", lambda: in_batches(stream, 1, greedy), whole_fen)
    batches = [run(f"batch {every}", partial(in_batches, stream, every, best), whole_fen) for every in WINDOWS]
    spent_ms: list[float] = []
    fen = run("tentative", lambda: tentative(stream, spent_ms), whole_fen)
    run("sparing", lambda: tentative(spared(stream), []), whole_fen)
    print(
        f"  tentative is {fen / max(batches):.3f} x the best batch; {len(spent_ms):,} updates:"
        f" p50 {np.percentile(spent_ms, 50):.3f} ms, p99 {np.percentile(spent_ms, 99):.3f} ms,"
        f" together {sum(spent_ms) / 1e3:.2f} s"
    )


def main() -> None:
    """Compare the policies on both kinds of stays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parties", type=int, default=20_000, help="needs, and as many lots")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    _warm()
    for scattered in (True, False):
        stream = day(chosen.parties, chosen.seed, scattered=scattered)
        print(
            f"\n{chosen.parties:,} needs and lots over {TICKS:,} ticks, stays {'scattered' if scattered else 'alike'},"
            f" {stream.pairs.other.size:,} pairs that could deal"
        )
        compare(stream)


def _warm() -> None:
    small = day(200, 0, scattered=True)
    clairvoyant(small)
    in_batches(small, 5, best)
    tentative(small, [])


if __name__ == "__main__":
    main()

"""What the kernels cost beside the best public solvers, on the same markets in the same run.

    python -m benchmarks.matching                    unit, change, divisible, universe
    python -m benchmarks.matching million            1,000,000 needs and lots: some ten minutes, most of them OR-Tools'
    python -m benchmarks.matching unit --repeats 5   one of them, more often

The market is that of `_matching_markets`: Zipf towns, the nearest lots of each need, value - cost - haul - noise.
`one` is a single category, which joins all but a few parties into one component; `categories` are 400 needs each.
Ours is timed from the edge arrays to plan, both ends of the core and certificate; the others, from the same arrays
through building their input to reading the plan, for they give no prices. CPU seconds of one process, median of the
repeats, ours and theirs in turn; solvers that take longer than ten seconds are run once. Compiling is not counted.
All must return the same total surplus, or the run stops.
"""

import argparse
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks._matching_markets import Edges, market
from matching.core.kernels import candidates, decide, lists, live, unit
from matching.core.problem import Ints, MatchProblem, ints
from matching.core.verify import certificate

LONG_S = 10
SHARE_CHANGED = 0.01
ARRIVALS = 2_000

Solver = Callable[[], int]


def problem_of(edges: Edges, quantity: Ints, capacity: Ints) -> MatchProblem:
    """Return the market as a problem whose lots ask nothing."""
    nodes = np.arange(edges.size)
    return MatchProblem(
        need=edges.need,
        lot=edges.lot,
        surplus_fen=edges.surplus_fen,
        floor_fen=np.zeros_like(edges.surplus_fen),
        ceiling_fen=edges.surplus_fen,
        quantity=quantity,
        capacity=capacity,
        need_key=nodes,
        lot_key=nodes,
    )


def ours(problem: MatchProblem) -> int:
    """Decide a problem with both ends of the core, certify it, and return its total surplus."""
    decision = decide.decide_unit(problem) if problem.is_unit else decide.decide_divisible(problem)
    middle = decision.prices.middle
    paid = ints((problem.floor_fen + middle.lot_fen[problem.lot]) * decision.units)
    proof = certificate(
        problem, decision.units, need_fen=middle.need_fen, lot_fen=middle.lot_fen, paid_fen=paid, received_fen=paid
    )
    if not proof.is_exact:
        raise RuntimeError(f"not proved: {proof}")
    return proof.primal_fen


def or_tools(edges: Edges, quantity: Ints, capacity: Ints) -> int:
    """Decide by OR-Tools' min-cost flow: units go from needs through lots, or past them, to one sink."""
    from ortools.graph.python import min_cost_flow

    n, nodes = edges.size, np.arange(edges.size)
    sink = np.full(n, 2 * n)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([edges.need, nodes, n + nodes]),
        np.concatenate([n + edges.lot, sink, sink]),
        np.concatenate([np.minimum(quantity[edges.need], capacity[edges.lot]), quantity, capacity]),
        np.concatenate([-edges.surplus_fen, np.zeros(2 * n, dtype=np.int64)]),
    )
    supply = np.zeros(2 * n + 1, dtype=np.int64)
    supply[:n] = quantity
    supply[2 * n] = -quantity.sum()
    flow.set_nodes_supplies(np.arange(2 * n + 1), supply)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("OR-Tools found no optimum")
    return int(edges.surplus_fen @ flow.flows(np.arange(edges.need.size)))


def lapx(edges: Edges) -> int:
    """Decide by lapx's lapmod, which matches square matrices perfectly: the market beside its mirror image.

    Of the cost layouts tried, the one with free dummies was fastest by far.
    """
    import lap
    from scipy.sparse import csr_array

    n, nodes = edges.size, np.arange(edges.size)
    alone = int(edges.surplus_fen.max()) + 1
    cost = csr_array(
        (
            np.concatenate([alone - edges.surplus_fen, np.full(n, alone), np.zeros(n + edges.need.size)]).astype(float),
            (
                np.concatenate([edges.need, nodes, n + nodes, n + edges.lot]),
                np.concatenate([edges.lot, n + nodes, nodes, n + edges.need]),
            ),
        ),
        shape=(2 * n, 2 * n),
    )
    cost.sort_indices()
    total, _, _ = lap.lapmod(2 * n, cost.data, cost.indptr, cost.indices)
    return round(n * alone - total)


def scipy_sparse(edges: Edges) -> int:
    """Decide by SciPy's sparse assignment, each need with a private column for staying alone."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    n, nodes = edges.size, np.arange(edges.size)
    alone = int(edges.surplus_fen.max()) + 1
    cost = csr_array(
        (
            np.concatenate([alone - edges.surplus_fen, np.full(n, alone)]).astype(float),
            (np.concatenate([edges.need, nodes]), np.concatenate([edges.lot, n + nodes])),
        ),
        shape=(n, 2 * n),
    )
    rows, columns = min_weight_full_bipartite_matching(cost)
    return n * alone - int(cost[rows, columns].sum())


def compare(title: str, solvers: dict[str, Solver], repeats: int) -> None:
    """Print each solver's CPU seconds and how many times as long as the first it takes."""
    seconds: dict[str, list[float]] = {name: [] for name in solvers}
    totals = set()
    for _ in range(repeats):
        for name, solver in solvers.items():
            if seconds[name] and seconds[name][0] > LONG_S:
                continue
            began = time.process_time()
            totals.add(solver())
            seconds[name].append(time.process_time() - began)
    if len(totals) != 1:
        raise RuntimeError(f"the solvers disagree: {totals}")
    print(f"\n{title}: {totals.pop():,} fen")
    ours_s = statistics.median(next(iter(seconds.values())))
    for name, runs in seconds.items():
        middle = statistics.median(runs)
        spread = f"{len(runs)} runs {min(runs):.3f}-{max(runs):.3f}"
        print(f"  {name:<22}{middle:>9.3f} s  x{middle / ours_s:>6.1f}   {spread}", flush=True)


def class_rows(kind: str, most_units: int, further: dict[str, Callable[[Edges], int]], repeats: int) -> None:
    """Rows 1 and 4: quantities from 1 to `most_units` on both sides, one component and many."""
    size = 100_000
    rng = np.random.default_rng(1)
    quantity, capacity = (rng.integers(1, most_units + 1, size) for _ in range(2))
    for title, categories in (("one", 1), ("categories", size // 400)):
        edges = market(size, categories=categories)
        solvers: dict[str, Solver] = {
            "kernel with core": partial(ours, problem_of(edges, quantity, capacity)),
            "OR-Tools flow": partial(or_tools, edges, quantity, capacity),
        }
        solvers |= {name: partial(solver, edges) for name, solver in further.items()}
        compare(f"{kind}, {title}, {size:,} x {size:,}, {edges.need.size:,} edges", solvers, repeats)


def guided(universe: lists.Lists, first: lists.Lists, size: int) -> int:
    """Decide among few edges of a universe, led by prices to be exact in all of it; return the total surplus."""
    return total_of(candidates.best_in_universe(universe, first, n_columns=size, most=5).matching)


def unguided(universe: lists.Lists, size: int) -> int:
    """Decide among all edges of a universe; return the total surplus."""
    return total_of(unit.best_matching(universe, n_columns=size))


def total_of(matching: unit.Matching) -> int:
    """Return what the duals add up to, which is the total surplus of an optimum."""
    return int(matching.row_dual.sum() + matching.column_price.sum())


def universe_rows(repeats: int) -> None:
    """Row 5: exact among many neighbours, looking closely at few."""
    for size, neighbours in ((10_000, 320), (100_000, 200)):
        edges = market(size, neighbours=neighbours)
        universe = lists.by_row(edges.need, edges.lot, edges.surplus_fen, n_rows=size)
        near = np.flatnonzero(edges.rank < 12).astype(np.int32)
        first = lists.by_row(edges.need[near], edges.lot[near], edges.surplus_fen[near], n_rows=size)
        first = first._replace(edge=near)
        found = candidates.best_in_universe(universe, first, n_columns=size, most=5)
        ones = np.ones(size, dtype=np.int64)

        compare(
            f"universe of {neighbours}, {size:,} x {size:,}, {edges.need.size:,} edges; guided by prices:"
            f" {found.rows.other.size / edges.need.size:.1%} of them in {found.rounds} rounds",
            {
                "kernel, guided": partial(guided, universe, first, size),
                "kernel, all edges": partial(unguided, universe, size),
                "OR-Tools, all edges": partial(or_tools, edges, ones, ones),
            },
            repeats,
        )


def change_rows(repeats: int) -> None:
    """Row 3: one in a hundred needs and lots replaced, then single arrivals, in a live market."""
    size = 100_000
    n_changed = int(size * SHARE_CHANGED)
    edges = market(size + n_changed + ARRIVALS, seed=1)
    present = (edges.need < size) & (edges.lot < size)
    now = Edges(size, edges.need[present], edges.lot[present], edges.surplus_fen[present], edges.rank[present])
    rows = lists.by_row(edges.need, edges.lot, edges.surplus_fen, n_rows=edges.size)
    columns = lists.by_column(rows, edges.size)
    rng = np.random.default_rng(3)
    warm, cold = [], []
    for _ in range(repeats):
        seen, need_names, lot_names = _opened(now, edges.size)
        going_needs, going_lots = (rng.choice(size, n_changed, replace=False) for _ in range(2))
        coming = np.arange(size, size + n_changed)
        need_there, lot_there = need_names < size, np.arange(edges.size) < size + n_changed
        need_there[going_needs] = lot_there[going_lots] = False
        # whoever comes takes the numbers of those who went, the last one's first
        lot_names[coming] = lot_names[going_lots[::-1]]
        new_lots = _edges_of(columns, coming, need_there, need_names)
        new_needs = _edges_of(rows, coming, lot_there, lot_names)
        began = time.process_time()
        live.leave(seen, need_names[going_needs])
        seen = live.turned(seen)
        live.leave(seen, lot_names[going_lots])
        seen, _ = live.arrive(seen, new_lots)
        seen, _ = live.arrive(live.turned(seen), new_needs)
        warm.append(time.process_time() - began)
        if not cold or cold[0] < LONG_S:
            began = time.process_time()
            or_tools(now, np.ones(size, dtype=np.int64), np.ones(size, dtype=np.int64))
            cold.append(time.process_time() - began)
        _recheck(seen)
    warm_s, cold_s = statistics.median(warm), statistics.median(cold)
    print(f"\nchange, {n_changed:,} of {size:,} needs and as many lots replaced")
    print(f"  {'kernel, warm':<22}{warm_s:>9.3f} s          {len(warm)} runs {min(warm):.3f}-{max(warm):.3f}")
    print(f"  {'OR-Tools flow, cold':<22}{cold_s:>9.3f} s  x{cold_s / warm_s:>6.1f}   {len(cold)} runs")
    waits = []
    for need in range(size + n_changed, size + n_changed + ARRIVALS):
        newcomer = _edges_of(rows, np.array([need]), lot_there, lot_names)
        began_ns = time.thread_time_ns()
        seen, _ = live.arrive(seen, newcomer)
        waits.append((time.thread_time_ns() - began_ns) / 1e6)
    half, most = np.percentile(waits, [50, 99])
    print(f"  a need arrives, CPU: half within {half:.3f} ms, 99 of 100 within {most:.3f} ms, all {max(waits):.3f} ms")
    _recheck(seen)


def _opened(edges: Edges, n_names: int) -> tuple[live.Live, np.ndarray, np.ndarray]:
    """Return a live market numbered by neighbourhood, and what needs and lots are called in it."""
    rows = lists.by_row(edges.need, edges.lot, edges.surplus_fen, n_rows=edges.size)
    order = lists.neighbourly(rows, edges.size)
    rows = lists.renumbered(rows, order)
    columns = lists.by_column(rows, edges.size)
    need_names, lot_names = (np.arange(n_names, dtype=np.int32) for _ in range(2))
    need_names[order.rows] = lot_names[order.columns] = np.arange(edges.size)
    market_now = live.opened(rows, columns, unit.best_matching(rows, columns, n_columns=edges.size))
    return market_now, need_names, lot_names


def _edges_of(nodes: lists.Lists, chosen: np.ndarray, is_there: np.ndarray, names: np.ndarray) -> lists.Lists:
    """Return the edges of some nodes to those who are there, by the names these have."""
    row = np.repeat(np.arange(chosen.size), nodes.stop[chosen] - nodes.start[chosen])
    places = np.concatenate([np.arange(nodes.start[i], nodes.stop[i]) for i in chosen])
    kept = is_there[nodes.other[places]]
    return lists.by_row(row[kept], names[nodes.other[places[kept]]], nodes.worth[places[kept]], n_rows=chosen.size)


def _recheck(open_market: live.Live) -> None:
    """Decide the live market anew from nothing; the totals must agree."""
    rows, columns = open_market.rows.lists, open_market.columns.lists
    cold = unit.best_matching(rows, columns, n_columns=columns.start.size)
    if total_of(cold) != total_of(open_market.matching):
        raise RuntimeError("the live market has drifted")


def _million(line: "multiprocessing.connection.Connection") -> None:
    size = 1_000_000
    ones = np.ones(size, dtype=np.int64)
    edges = market(size)
    problem = problem_of(edges, ones, ones)
    del edges
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of building the market
    began = time.process_time()
    total = ours(problem)
    seconds = time.process_time() - began
    peak = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    line.send((total, seconds, int(peak.split()[1]) / 2**20))


def million_row() -> None:
    """Row 2: a million needs and lots; ours in a process of its own for its memory."""
    size = 1_000_000
    ones = np.ones(size, dtype=np.int64)
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_million, args=(there,))
    process.start()
    total, seconds, peak_gib = here.recv()
    process.join()
    print(f"\nunit, one, {size:,} x {size:,}: {total:,} fen")
    print(f"  {'kernel with core':<22}{seconds:>9.3f} s   peak {peak_gib:.2f} GiB, the problem included", flush=True)
    edges = market(size)
    began = time.process_time()
    if or_tools(edges, ones, ones) != total:
        raise RuntimeError("the solvers disagree")
    cold = time.process_time() - began
    print(f"  {'OR-Tools flow':<22}{cold:>9.3f} s  x{cold / seconds:>6.1f}")


def compile_all() -> None:
    """Call everything once on a small market."""
    size = 300
    few = market(size)
    ones = np.ones(size, dtype=np.int64)
    for units in (ones, 2 * ones):
        ours(problem_of(few, units, units))
    rows = lists.by_row(few.need, few.lot, few.surplus_fen, n_rows=size)
    guided(rows, lists.by_row(few.need[:20], few.lot[:20], few.surplus_fen[:20], n_rows=size), size)
    seen, _, _ = _opened(few, size)
    live.leave(seen, np.arange(9, dtype=np.int32))
    live.arrive(seen, _edges_of(rows, np.arange(9), np.ones(size, dtype=bool), np.arange(size, dtype=np.int32)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", default=["unit", "change", "divisible", "universe"])
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    compile_all()
    rows: dict[str, Callable[[], None]] = {
        "unit": lambda: class_rows("unit", 1, {"lapx lapmod": lapx, "SciPy sparse": scipy_sparse}, arguments.repeats),
        "million": million_row,
        "change": lambda: change_rows(arguments.repeats),
        "divisible": lambda: class_rows("divisible", 40, {}, arguments.repeats),
        "universe": lambda: universe_rows(arguments.repeats),
    }
    for name in arguments.rows:
        rows[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How near to the best possible indivisible wishes come, beside the best public solvers on the same market.

    python -m benchmarks.matching_mixed                      300 and 1,000 split orders, 1,000 and 5,000 bundles
    python -m benchmarks.matching_mixed orders --sizes 5000  one kind, of these sizes
    python -m benchmarks.matching_mixed bundles --sizes 20000 --peers-s 300
    python -m benchmarks.matching_mixed orders --effort 8 --peers-s 60

The markets are those of `_matching_orders`: orders of 20 candidate lots with minimum lots, setups and 3 to 6 suppliers
at most, all or nothing; bundles of three legs with 12 candidate slots each. Shares are of the linear relaxation's
bound, which itself is some percent above the optimum for orders. Seconds are CPU seconds of this process from the
arrays to plan and prices; HiGHS and CP-SAT get one thread and `--peers-s` seconds of clock each. Every plan is
checked; "lost" is what all parties together could still gain at the published prices, in percent of the plan.
"""

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks._matching_orders import bundles, split_orders
from matching.core import baselines
from matching.core.boxed import is_of_bundles, relaxed_bundles
from matching.core.bundles import best_bundles
from matching.core.mixed import MixedProblem, need_gains
from matching.core.problem import Ints, ints
from matching.core.program import Program
from matching.core.relaxation import relaxed
from matching.core.verify import mixed_certificate, mixed_faults

Made = Callable[[MixedProblem], Ints | None]


def highs(problem: MixedProblem, seconds: float) -> Ints | None:
    """Decide by HiGHS alone, through highspy, with the same program as ours for small markets."""
    import highspy

    program = Program(problem)
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds)):
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = program.n_columns, program.rows.shape[0]
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, np.zeros(program.n_columns), program.upper
    model.row_lower_, model.row_upper_ = program.low, program.high
    columns = program.rows.tocsc()
    model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
    model.a_matrix_.value_ = columns.data
    free = problem.n_edges
    model.integrality_ = [highspy.HighsVarType.kContinuous] * free + [highspy.HighsVarType.kInteger] * (
        program.n_columns - free
    )
    solver.passModel(model)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return ints(np.rint(np.array(solver.getSolution().col_value)[:free]).astype(np.int64))


def cp_sat(problem: MixedProblem, seconds: float) -> Ints | None:
    """Decide by OR-Tools' CP-SAT with the same columns and rows."""
    from ortools.sat.python import cp_model

    program = Program(problem)
    model = cp_model.CpModel()
    columns = [model.new_int_var(0, int(top), "") for top in program.upper]
    rows = program.rows
    for row in range(rows.shape[0]):
        places = slice(rows.indptr[row], rows.indptr[row + 1])
        terms = sum(
            int(value) * columns[column] for value, column in zip(rows.data[places], rows.indices[places], strict=True)
        )
        low, high = (int(np.clip(end[row], -(2**50), 2**50)) for end in (program.low, program.high))
        if places.start < places.stop:
            model.add_linear_constraint(terms, low, high)
    model.minimize(sum(int(cost) * column for cost, column in zip(program.cost, columns, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return ints([solver.value(column) for column in columns[: problem.n_edges]])


def lost_share(problem: MixedProblem, units: Ints, lot_fen: Ints, group_fen: Ints) -> float:
    """Return the certificate's gap over the plan's surplus, when lots are paid just what they ask."""
    used = np.flatnonzero(units)
    first = used[np.unique(problem.deal[used], return_index=True)[1]]
    floor = problem.floor_fen * units
    floor[first] += problem.setup_fen[problem.deal[first]]
    proof = mixed_certificate(
        problem, units, lot_fen=lot_fen, group_fen=group_fen, paid_fen=ints(floor), received_fen=ints(floor)
    )
    if not proof.is_sound:
        raise RuntimeError(f"not sound: {proof}")
    return proof.gap_fen / max(proof.primal_fen, 1)


def row(name: str, problem: MixedProblem, bound: int, made: Made) -> Ints | None:
    """Time one way to a plan and print its share of the bound."""
    began = time.process_time()
    units = made(problem)
    seconds = time.process_time() - began
    if units is None:
        print(f"  {name:<12}{seconds:>8.1f} s   no plan")
        return None
    if faults := mixed_faults(problem, units):
        print(f"  {name:<12}{seconds:>8.1f} s   breaks rules: {', '.join(faults)}")
        return None
    print(f"  {name:<12}{seconds:>8.1f} s   {need_gains(problem, units).sum() / bound:8.2%} of the bound", flush=True)
    return units


def compare(title: str, problem: MixedProblem, *, effort: int, peers_s: float) -> None:
    """Print ours, greedy and the public solvers on one market."""
    began = time.process_time()
    linear = (relaxed_bundles if is_of_bundles(problem) else relaxed)(problem, time_limit_s=3600)
    if linear is None:
        raise RuntimeError("the relaxation ran out of time")
    bound = linear.bound_fen
    print(f"\n{title}, {problem.n_edges:,} edges: bound {bound:,} fen in {time.process_time() - began:.1f} s")
    began = time.process_time()
    plan = best_bundles(problem, time_limit_s=3600, effort=effort)
    seconds = time.process_time() - began
    reached = need_gains(problem, plan.units).sum()
    lost = lost_share(problem, plan.units, plan.lot_fen, plan.group_fen)
    print(
        f"  {'ours':<12}{seconds:>8.1f} s   {reached / bound:8.2%} of the bound, {reached / plan.bound_fen:.2%} of the"
        f" least bound known; lost {lost:.2%}; {plan.method}",
        flush=True,
    )
    row("greedy", problem, bound, baselines.greedy_mixed)
    if peers_s:
        row("HiGHS", problem, bound, lambda p: highs(p, peers_s))
        row("CP-SAT", problem, bound, lambda p: cp_sat(p, peers_s))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=["orders", "bundles"])
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--effort", type=int, default=1, help="how many times the ordinary number of tries")
    parser.add_argument("--peers-s", type=float, default=0, help="seconds for each public solver; 0 leaves them out")
    arguments = parser.parse_args()
    best_bundles(split_orders(30), time_limit_s=60)  # compiles
    makers = {"orders": (split_orders, (300, 1_000)), "bundles": (bundles, (1_000, 5_000))}
    for kind in arguments.kinds:
        maker, sizes = makers[kind]
        for size in arguments.sizes or sizes:
            compare(f"{size:,} {kind}", maker(size), effort=arguments.effort, peers_s=arguments.peers_s)
    return 0


if __name__ == "__main__":
    sys.exit(main())

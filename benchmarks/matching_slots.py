"""How near to the best possible reservations of several hours come, beside HiGHS on the same market.

    python -m benchmarks.matching_slots                            four markets, ordinary effort
    python -m benchmarks.matching_slots --sizes 6000x400 --effort 0.6
    python -m benchmarks.matching_slots --sizes 300x20 --peers-s 100

The markets are those of `_matching_slots`: runs of one to four hours on one of the five nearest machines with 40 hours
each. Seconds are CPU seconds of this process from the arrays to plan, prices and bound; HiGHS gets one thread and
`--peers-s` seconds of clock for the same program, one column per start. The gap is the certificate's, computed by the
checker, which has no solver: bound less plan over plan. The best known plan may be closer to the optimum than that.
"""

import argparse
import sys
import time

import numpy as np

from benchmarks._matching_slots import reservations
from matching.core import slot_baselines
from matching.core.problem import ints
from matching.core.slot_prices import windows_of
from matching.core.slot_search import best_slots
from matching.core.slot_verify import slot_certificate
from matching.core.slots import SlotProblem, canonical, deal_values, rents_due

SIZES = ("300x20", "1500x100", "3000x100", "6000x400")


def highs(problem: SlotProblem, seconds: float) -> tuple[float, float]:
    """Return the best plan's worth and the bound that HiGHS reaches."""
    import highspy

    windows = windows_of(problem)
    n = windows.until - windows.begin
    of = np.repeat(np.arange(n.size), n)
    begin = windows.begin[of] + np.arange(of.size) - (np.cumsum(n) - n)[of]
    hours = windows.hours[of]
    column = np.repeat(np.arange(of.size), hours)
    hour = begin[column] + np.arange(column.size) - (np.cumsum(hours) - hours)[column]
    need = np.repeat(np.arange(problem.n_needs), np.diff(windows.first))[of]
    row = np.concatenate([need, problem.n_needs + hour])
    order = np.argsort(np.concatenate([np.arange(of.size), column]), kind="stable")
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds)):
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = of.size, problem.n_needs + problem.n_hours
    model.col_cost_ = -windows.value[of].astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(of.size), np.ones(of.size)
    model.row_lower_ = np.full(model.num_row_, -np.inf)
    model.row_upper_ = np.concatenate([np.ones(problem.n_needs), problem.capacity]).astype(float)
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(hours + 1)])
    model.a_matrix_.index_, model.a_matrix_.value_ = row[order], np.ones(row.size)
    model.integrality_ = [highspy.HighsVarType.kInteger] * of.size
    solver.passModel(model)
    solver.run()
    found = solver.getInfo()
    return -found.objective_function_value, -found.mip_dual_bound


def compare(size: str, *, effort: float, peers_s: float) -> None:
    """Print ours, the simpler ways and HiGHS on one market."""
    needs, lots = (int(part) for part in size.split("x"))
    problem, _, _ = canonical(reservations(needs, lots))
    print(f"\n{needs:,} reservations on {lots:,} machines, {problem.n_options:,} starts", flush=True)
    began = time.process_time()
    found = best_slots(problem, time_limit_s=3600, effort=effort)
    seconds = time.process_time() - began
    began = time.process_time()
    paid = ints(np.where(found.plan.edge >= 0, problem.floor_fen[found.plan.edge], 0))
    paid = ints(paid + rents_due(problem, found.plan, found.prices))
    proof = slot_certificate(problem, found.plan, found.prices, paid_fen=paid, received_fen=paid)
    if not proof.is_sound:
        raise RuntimeError(f"not sound: {proof}")
    print(
        f"  {'ours':<12}{seconds:>8.1f} s   gap {proof.gap_fen / proof.primal_fen:.3%}, checked in "
        f"{time.process_time() - began:.1f} s; {found.method}",
        flush=True,
    )
    for name, plan in (
        ("greedy", slot_baselines.greedy(problem)),
        ("first come", slot_baselines.first_come(problem, ints(np.arange(needs)))),
    ):
        print(f"  {name:<12}{'':>8}     {deal_values(problem, plan).sum() / proof.primal_fen:.1%} of our plan")
    if peers_s:
        began = time.process_time()
        worth, bound = highs(problem, peers_s)
        seconds = time.process_time() - began
        gap = f"gap {bound / worth - 1:.3%}, {worth / proof.primal_fen:.2%} of our plan" if worth > 0 else "no plan"
        print(f"  {'HiGHS':<12}{seconds:>8.1f} s   {gap}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="needs x machines")
    parser.add_argument("--effort", type=float, default=1, help="how many times the ordinary number of tries")
    parser.add_argument("--peers-s", type=float, default=0, help="seconds for HiGHS; 0 leaves it out")
    arguments = parser.parse_args()
    best_slots(reservations(30, 3), time_limit_s=60)  # compiles
    for size in arguments.sizes:
        compare(size, effort=arguments.effort, peers_s=arguments.peers_s)
    return 0


if __name__ == "__main__":
    sys.exit(main())

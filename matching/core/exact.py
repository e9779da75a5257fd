"""What decides a component without indivisible wishes: kernels of our own, or SciPy and prices found afterwards."""

from collections.abc import Callable, Mapping

from matching.core.prices import Decision, price_range
from matching.core.problem import MatchProblem

# Any will do: prices prove, or refuse, what it answers.
Solver = Callable[[MatchProblem], tuple[str, Decision]]


def by_kernels(problem: MatchProblem) -> tuple[str, Decision]:
    """Return the method and the decision of our own kernels; SciPy's where quotas or edges have bounds of their own.

    Raises:
        SolverFailed: SciPy's solver found no optimum.
    """
    if problem.is_capped:
        return by_scipy(problem)
    # Numba takes a second to import, SciPy's solvers half of one; only a process that decides rounds should pay.
    from matching.core.kernels import decide

    if problem.is_unit:
        return "pair_kernel", decide.decide_unit(problem)
    return "quantity_kernel", decide.decide_divisible(problem)


def by_scipy(problem: MatchProblem) -> tuple[str, Decision]:
    """Return the method and the decision of SciPy, the reference that the kernels are tested against.

    Raises:
        SolverFailed: the solver found no optimum.
        NotOptimal: what it found is none.
    """
    from matching.core.assignment import best_pairs
    from matching.core.flow import best_quantities

    method, units = ("assignment", best_pairs(problem)) if problem.is_unit else ("flow", best_quantities(problem))
    return method, Decision(units, price_range(problem, units))


SOLVERS: Mapping[str, Solver] = {"kernels": by_kernels, "scipy": by_scipy}

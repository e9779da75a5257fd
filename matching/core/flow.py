"""The best quantities where needs and lots may be divided (class B)."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from matching.core.prices import SolverFailed
from matching.core.problem import Ints, MatchProblem, ints

ROUNDING = 1e-6


def best_quantities(problem: MatchProblem) -> Ints:
    """Return the units on each edge in a transport plan of greatest total surplus.

    Args:
        problem: one component, ordered by `canonical`.

    Returns:
        (n_edges,) int64 array of units.

    Raises:
        SolverFailed: HiGHS stopped without an optimum, or its vertex was not integral.

    Notes:
        Constraint matrices of transport problems, also with quotas over groups of lots, are totally
        unimodular, so the vertex that the dual simplex ends on is integral at integral data. A component
        with one need or one lot is filled best first, which is exact there and needs no solver. Stated as
        a minimisation: HiGHS has returned duals of the wrong sign for maximisation.

    Source:
        A. J. Hoffman, J. B. Kruskal, "Integral boundary points of convex polyhedra", 1956;
        Q. Huangfu, J. A. J. Hall, Math. Prog. Comp. 10 (2018) 119-142 (HiGHS).
    """
    if problem.n_edges == 0:
        return ints([])
    if (problem.n_needs == 1 or problem.n_lots == 1) and problem.n_groups == 0:
        return _fill_best_first(problem)
    edges, ones = np.arange(problem.n_edges), np.ones(problem.n_edges)
    member = np.flatnonzero(problem.group[problem.lot] >= 0)
    rows = vstack(
        [
            csr_array((ones, (problem.need, edges)), shape=(problem.n_needs, problem.n_edges)),
            csr_array((ones, (problem.lot, edges)), shape=(problem.n_lots, problem.n_edges)),
            csr_array(
                (ones[member], (problem.group[problem.lot[member]], member)), shape=(problem.n_groups, problem.n_edges)
            ),
        ]
    )
    answer = linprog(
        -problem.surplus_fen.astype(np.float64),
        A_ub=rows,
        b_ub=np.concatenate([problem.quantity, problem.capacity, problem.group_capacity]).astype(np.float64),
        bounds=np.column_stack(
            [np.zeros(problem.n_edges), np.where(problem.is_bounded, problem.max_units.astype(np.float64), np.inf)]
        ),
        method="highs-ds",
    )
    if answer.status != 0:
        raise SolverFailed(f"HiGHS: {answer.message}")
    units = np.rint(answer.x)
    if np.abs(units - answer.x).max() > ROUNDING:
        raise SolverFailed("HiGHS ended on a point that is not integral.")
    return ints(units.astype(np.int64))


def _fill_best_first(problem: MatchProblem) -> Ints:
    """Fill a star: one node shares its units among the others, the greatest surplus first."""
    centre, leaves, leaf = (
        (int(problem.quantity[0]), problem.capacity, problem.lot)
        if problem.n_needs == 1
        else (int(problem.capacity[0]), problem.quantity, problem.need)
    )
    order = np.argsort(-problem.surplus_fen, kind="stable")
    room = np.minimum(leaves[leaf[order]], problem.max_units[order])
    before = np.cumsum(room) - room
    units = np.zeros(problem.n_edges, dtype=np.int64)
    units[order] = np.clip(centre - before, 0, room)
    return ints(units)

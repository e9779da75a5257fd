"""The best pairs where every need and every lot makes at most one deal (class A)."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.core.problem import Ints, MatchProblem, ints


def best_pairs(problem: MatchProblem) -> Ints:
    """Return which edges are used in a one-to-one matching of greatest total surplus.

    Staying alone is worth 0 fen on both sides.

    Args:
        problem: one component, all quantities and capacities 1, ordered by `canonical`.

    Returns:
        (n_edges,) int64 array of 0 and 1.

    Raises:
        ValueError: a quantity or capacity is not 1.

    Notes:
        SciPy matches only perfectly, so each need gets a private column that stands for staying alone.
        SciPy computes in float64, which is exact for sums below 2^53; `prices.price_range` proves the
        optimum afterwards in integers and refuses a plan that rounding has spoilt.

    Source:
        R. Jonker, A. Volgenant, Computing 38 (1987) 325-340, in the sparse form of SciPy.
    """
    if not problem.is_unit:
        raise ValueError("best_pairs takes single units; see flow.best_quantities")
    if problem.n_edges == 0:
        return ints([])
    worth_nothing = int(problem.surplus_fen.max()) + 1
    alone = np.arange(problem.n_needs)
    cost = csr_array(
        (
            np.concatenate([worth_nothing - problem.surplus_fen, np.full(problem.n_needs, worth_nothing)]),
            (np.concatenate([problem.need, alone]), np.concatenate([problem.lot, problem.n_lots + alone])),
        ),
        shape=(problem.n_needs, problem.n_lots + problem.n_needs),
        dtype=np.float64,
    )
    rows, columns = min_weight_full_bipartite_matching(cost)
    lot_of_need = np.full(problem.n_needs, -1, dtype=np.int64)
    lot_of_need[rows] = columns
    return ints(problem.lot == lot_of_need[problem.need])

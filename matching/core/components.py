"""The parts of a market that cannot affect each other."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.core.problem import Ints, MatchProblem, ints


def component_of_edges(left: Ints, right: Ints, *, n_left: int, n_right: int) -> Ints:
    """Return the (n_edges,) component number of each edge, counted from 0 in order of first appearance."""
    if left.size == 0:
        return ints([])
    n = n_left + n_right
    graph = coo_array((np.ones(left.size, dtype=np.int8), (left, n_left + right)), shape=(n, n))
    _, label = connected_components(graph.tocsr(), directed=False)
    _, first, label_of_edge = np.unique(label[left], return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return ints(rank[label_of_edge])


def edges_by_component(component: Ints) -> Iterator[Ints]:
    """Yield, component by component, the positions of its edges in rising order."""
    order = np.argsort(component, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(component[order])) + 1) if component.size else ()


def split(problem: MatchProblem) -> Iterator[tuple[MatchProblem, Ints]]:
    """Yield each connected component as a problem of its own, with the positions of its edges in `problem`.

    Needs and lots without any edge belong to no component: nothing is to be decided about them.
    """
    component = component_of_edges(problem.need, problem.lot, n_left=problem.n_needs, n_right=problem.n_lots)
    for edges in edges_by_component(component):
        needs, need = np.unique(problem.need[edges], return_inverse=True)
        lots, lot = np.unique(problem.lot[edges], return_inverse=True)
        part = MatchProblem(
            need=need,
            lot=lot,
            surplus_fen=problem.surplus_fen[edges],
            floor_fen=problem.floor_fen[edges],
            ceiling_fen=problem.ceiling_fen[edges],
            quantity=problem.quantity[needs],
            capacity=problem.capacity[lots],
            need_key=problem.need_key[needs],
            lot_key=problem.lot_key[lots],
        )
        yield part, ints(edges)

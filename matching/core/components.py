"""The parts of a market that cannot affect each other."""

from collections.abc import Iterator

import numpy as np

from matching.core.problem import Ints, MatchProblem, ints, part_of


def component_of_edges(left: Ints, right: Ints, *, n_left: int, n_right: int) -> Ints:
    """Return the (n_edges,) component number of each edge, counted from 0 in order of first appearance."""
    if left.size == 0:
        return ints([])
    # Half a second to import, which only a process that decides or checks rounds should pay.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = n_left + n_right
    graph = coo_array((np.ones(left.size, dtype=np.int8), (left, n_left + right)), shape=(n, n))
    _, label = connected_components(graph.tocsr(), directed=False)
    _, first, label_of_edge = np.unique(label[left], return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return ints(rank[label_of_edge])


def joined(lot: Ints, group: Ints) -> Ints:
    """Return (n_edges,) the node that stands for each edge's lot: its group, where its lot shares a quota."""
    of_edge = group[lot]
    return ints(np.where(of_edge >= 0, group.size + of_edge, lot))


def edges_by_component(component: Ints) -> Iterator[Ints]:
    """Yield, component by component, the positions of its edges in rising order."""
    order = np.argsort(component, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(component[order])) + 1) if component.size else ()


def split(problem: MatchProblem) -> Iterator[tuple[MatchProblem, Ints]]:
    """Yield each connected component as a problem of its own, with the positions of its edges in `problem`.

    Needs and lots without any edge belong to no component: nothing is to be decided about them.
    """
    right = joined(problem.lot, problem.group)
    component = component_of_edges(
        problem.need, right, n_left=problem.n_needs, n_right=problem.n_lots + problem.n_groups
    )
    for edges in edges_by_component(component):
        needs, lots = np.unique(problem.need[edges]), np.unique(problem.lot[edges])
        yield part_of(problem, needs=needs, lots=lots, edges=ints(edges)), ints(edges)

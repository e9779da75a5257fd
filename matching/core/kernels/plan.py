"""A transport plan in the making: units on edges, duals, and which edges are used."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Lists, Nodes
from matching.core.problem import Ints

NO_EDGE = -1


class Plan(NamedTuple):
    """Units on edges and the duals that support them.

    Attributes:
        units: (n_edges,) by the edge's number.
        row_left, column_left: units of each node on no edge.
        row_dual, column_price: fen a unit brings each side.

    Notes:
        Optimal means: dual plus price is at least the worth of every edge, exactly the worth of every used one, and 0
        for who has units left.
    """

    units: Ints
    row_left: Ints
    column_left: Ints
    row_dual: Ints
    column_price: Ints


class Used(NamedTuple):
    """The used edges of each node of one side, as chains: first[node], then following[edge] until -1.

    An edge whose units went to 0 stays in its chain, so that it is never listed twice.
    """

    first: Nodes
    following: Nodes
    near: Nodes
    listed: NDArray[np.bool_]


def nothing_planned(n_edges: int, quantity: Ints, capacity: Ints) -> Plan:
    """Return the state in which nothing is used and prices are 0."""
    return Plan(
        units=np.zeros(n_edges, dtype=np.int64),
        row_left=np.array(quantity, dtype=np.int64),
        column_left=np.array(capacity, dtype=np.int64),
        row_dual=np.zeros(quantity.size, dtype=np.int64),
        column_price=np.zeros(capacity.size, dtype=np.int64),
    )


def turned(plan: Plan) -> Plan:
    """Return the same arrays with the sides exchanged."""
    return Plan(plan.units, plan.column_left, plan.row_left, plan.column_price, plan.row_dual)


def copied(plan: Plan) -> Plan:
    """Return the same plan in arrays of its own."""
    return Plan(
        plan.units.copy(),
        plan.row_left.copy(),
        plan.column_left.copy(),
        plan.row_dual.copy(),
        plan.column_price.copy(),
    )


@compiled
def used_of(nodes: Lists, units: Ints) -> Used:
    """Return the chains of used edges of one side, given that side's lists."""
    used = Used(
        np.full(nodes.start.size, NO_EDGE, np.int32),
        np.empty(units.size, np.int32),
        np.empty(units.size, np.int32),
        np.zeros(units.size, np.bool_),
    )
    for j in range(nodes.start.size):
        for q in range(nodes.start[j], nodes.stop[j]):
            if units[nodes.edge[q]] > 0:
                enlist(used, j, nodes.other[q], nodes.edge[q])
    return used


@compiled
def enlist(used: Used, node: int, other: int, edge: int) -> None:
    """Put an edge into the chain of its node, if it is not there yet."""
    if not used.listed[edge]:
        used.listed[edge] = True
        used.near[edge] = other
        used.following[edge] = used.first[node]
        used.first[node] = edge

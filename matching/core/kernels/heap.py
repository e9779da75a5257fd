"""A binary heap in two arrays: the nearest node first."""

import numpy as np

from matching.core.kernels.jit import compiled
from matching.core.kernels.lists import Nodes
from matching.core.problem import Ints


@compiled
def push(keys: Ints, nodes: Nodes, size: int, key: int, node: int) -> int:
    """Add a node; return the new size. The arrays must have room."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at], nodes[at] = keys[above], nodes[above]
        at = above
    keys[at], nodes[at] = key, node
    return size + 1


@compiled
def drop_first(keys: Ints, nodes: Nodes, size: int) -> int:
    """Remove the node at the top; return the new size."""
    size -= 1
    key, node = keys[size], nodes[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at], nodes[at] = keys[below], nodes[below]
        at = below
    keys[at], nodes[at] = key, node
    return size


@compiled
def lengthened(keys: Ints, nodes: Nodes, room: int) -> tuple[Ints, Nodes]:
    """Return the same heap with room for `room` nodes."""
    longer_keys, longer_nodes = np.empty(room, np.int64), np.empty(room, np.int32)
    longer_keys[: keys.size], longer_nodes[: nodes.size] = keys, nodes
    return longer_keys, longer_nodes


@compiled
def take_nearest(keys: Ints, nodes: Nodes, size: int, distance: Ints, radius: int) -> tuple[int, int]:
    """Take the nearest node closer than `radius` off the heap, passing over what was reached again from nearer.

    Returns:
        The new size, and the node or -1.
    """
    while size > 0 and keys[0] < radius:
        nearest, key = nodes[0], keys[0]
        size = drop_first(keys, nodes, size)
        if distance[nearest] == key:
            return size, int(nearest)
    return size, -1

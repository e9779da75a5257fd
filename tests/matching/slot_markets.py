"""Small random markets of reservations for property tests, and the slow sure way to decide them."""

import numpy as np
from hypothesis import strategies as st

from matching.core.slots import SlotProblem


@st.composite
def slot_problems(draw, *, most: int = 4) -> SlotProblem:
    """Draw up to `most` needs and three lots of up to six hours; small surpluses, so that ties are common."""
    n, lengths = draw(st.integers(1, most)), draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, len(lengths) - 1)), unique=True, max_size=n * len(lengths)
        )
    )
    hours = [draw(st.integers(1, min(4, lengths[lot]))) for _, lot in pairs]
    windows = []
    for edge, (_, lot) in enumerate(pairs):
        for _ in range(draw(st.integers(0, 2))):
            first = draw(st.integers(0, lengths[lot] - hours[edge]))
            last = draw(st.integers(first, lengths[lot] - hours[edge]))
            windows.append((edge, first, last, draw(st.integers(0, 4))))
    surplus = [draw(st.integers(1, 12)) for _ in pairs]
    floor = [draw(st.integers(0, 9)) for _ in pairs]
    groups = draw(st.lists(st.integers(1, 3), max_size=2))
    return SlotProblem(
        need=[a for a, _ in pairs],
        lot=[b for _, b in pairs],
        hours=hours,
        surplus_fen=surplus,
        floor_fen=floor,
        ceiling_fen=[a + b for a, b in zip(surplus, floor, strict=True)],
        **{name: [window[k] for window in windows] for k, name in enumerate(WINDOW)},
        first_hour=np.concatenate([[0], np.cumsum(lengths)]),
        capacity=draw(st.lists(st.sampled_from([1, 1, 1, 2]), min_size=sum(lengths), max_size=sum(lengths))),
        group=[draw(st.integers(-1, len(groups) - 1)) for _ in lengths],
        group_capacity=groups,
        need_key=draw(st.permutations(range(n))),
        lot_key=draw(st.permutations(range(len(lengths)))),
    )


WINDOW = ("window_edge", "window_first", "window_last", "window_cost_fen")


def best_slots_by_trying(problem: SlotProblem) -> int:
    """Return the greatest total surplus by trying every plan, need after need."""
    options: list[list[tuple[int, int, int, int]]] = [[] for _ in range(problem.n_needs)]
    for edge, first, last, cost in zip(*(getattr(problem, name).tolist() for name in WINDOW), strict=True):
        lot = int(problem.lot[edge])
        for start in range(first, last + 1):
            begin = int(problem.first_hour[lot]) + start
            value = int(problem.surplus_fen[edge]) - cost
            options[problem.need[edge]].append((value, begin, begin + int(problem.hours[edge]), lot))
    free, quota = problem.capacity.tolist(), [*problem.group_capacity.tolist(), problem.n_needs]

    def best(need: int) -> int:
        if need == problem.n_needs:
            return 0
        most = best(need + 1)
        for value, begin, end, lot in options[need]:
            group = problem.group[lot]
            if min(free[begin:end]) > 0 and quota[group] > 0:
                free[begin:end] = [left - 1 for left in free[begin:end]]
                quota[group] -= 1
                most = max(most, value + best(need + 1))
                free[begin:end] = [left + 1 for left in free[begin:end]]
                quota[group] += 1
        return most

    return best(0)

"""Small random markets for property tests, and the slow sure way to decide them."""

from functools import cache

import numpy as np
from hypothesis import strategies as st

from matching.core.mixed import MixedProblem, filled, need_gains
from matching.core.problem import MatchProblem


@st.composite
def problems(draw, *, unit: bool, most: int = 5) -> MatchProblem:
    """Draw a market of at most `most` needs and lots; small surpluses, so that ties are common."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)), unique=True, max_size=n * m))
    size = st.just(1) if unit else st.integers(1, 4)
    surplus = draw(st.lists(st.integers(1, 9), min_size=len(pairs), max_size=len(pairs)))
    floor = draw(st.lists(st.integers(0, 9), min_size=len(pairs), max_size=len(pairs)))
    return MatchProblem(
        need=[a for a, _ in pairs],
        lot=[b for _, b in pairs],
        surplus_fen=surplus,
        floor_fen=floor,
        ceiling_fen=[a + b for a, b in zip(surplus, floor, strict=True)],
        quantity=draw(st.lists(size, min_size=n, max_size=n)),
        capacity=draw(st.lists(size, min_size=m, max_size=m)),
        need_key=draw(st.permutations(range(n))),
        lot_key=draw(st.permutations(range(m))),
    )


@st.composite
def mixed_problems(draw) -> MixedProblem:
    """Draw a market of one or two needs with one or two legs, minimum lots, setups and few suppliers."""
    legs_of_need = draw(st.lists(st.integers(1, 2), min_size=1, max_size=2))
    need_of_leg = [need for need, legs in enumerate(legs_of_need) for _ in range(legs)]
    n, m = len(need_of_leg), draw(st.integers(1, 3))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)), unique=True, min_size=1, max_size=5))
    per_edge = {"min_size": len(pairs), "max_size": len(pairs)}
    per_need = {"min_size": len(legs_of_need), "max_size": len(legs_of_need)}
    return MixedProblem(
        need_of_leg=need_of_leg,
        leg_quantity=draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)),
        leg=[a for a, _ in pairs],
        lot=[b for _, b in pairs],
        surplus_fen=draw(st.lists(st.integers(-4, 9), **per_edge)),
        min_units=draw(st.lists(st.integers(1, 3), **per_edge)),
        max_units=draw(st.lists(st.integers(1, 3), **per_edge)),
        setup_fen=draw(st.lists(st.integers(0, 6), **per_edge)),
        floor_fen=draw(st.lists(st.integers(0, 5), **per_edge)),
        limit_fen=draw(st.lists(st.just(1_000), **per_need)),
        max_suppliers=draw(st.lists(st.integers(1, 3), **per_need)),
        whole=draw(st.lists(st.integers(0, 1), **per_need)),
        capacity=draw(st.lists(st.integers(1, 4), min_size=m, max_size=m)),
        need_key=draw(st.permutations(range(len(legs_of_need)))),
        lot_key=draw(st.permutations(range(m))),
    )


def best_by_trying(problem: MatchProblem) -> int:
    """Return the greatest total surplus by trying every plan, need after need."""
    edges = [
        [(int(problem.lot[e]), int(problem.surplus_fen[e])) for e in np.flatnonzero(problem.need == need)]
        for need in range(problem.n_needs)
    ]

    @cache
    def best(need: int, edge: int, wanted: int, free: tuple[int, ...]) -> int:
        if need == problem.n_needs:
            return 0
        if edge == len(edges[need]):
            following = need + 1
            wants = int(problem.quantity[following]) if following < problem.n_needs else 0
            return best(following, 0, wants, free)
        lot, surplus = edges[need][edge]
        return max(
            surplus * x + best(need, edge + 1, wanted - x, (*free[:lot], free[lot] - x, *free[lot + 1 :]))
            for x in range(min(wanted, free[lot]) + 1)
        )

    return best(0, 0, int(problem.quantity[0]), tuple(problem.capacity.tolist()))


def best_mixed_by_trying(problem: MixedProblem) -> int:
    """Return the greatest total surplus over all whole plans that keep every rule."""
    ranges = [range(int(u) + 1) for u in problem.most_units]
    grids = np.stack(np.meshgrid(*[np.array(r) for r in ranges], indexing="ij"), -1).reshape(-1, problem.n_edges)
    return max(_total(problem, units) for units in grids)


def _total(problem: MixedProblem, units: np.ndarray) -> int:
    used = units > 0
    by_leg = np.bincount(problem.leg, weights=units, minlength=problem.n_legs)
    by_lot = np.bincount(problem.lot, weights=units, minlength=problem.n_lots)
    by_need = np.bincount(problem.need, weights=used, minlength=problem.n_needs)
    started = np.bincount(problem.need, weights=units, minlength=problem.n_needs) > 0
    allowed = (
        (by_leg <= problem.leg_quantity).all()
        and (by_lot <= problem.capacity).all()
        and (units[used] >= problem.min_units[used]).all()
        and (by_need <= problem.max_suppliers).all()
        and not (started & (problem.whole == 1) & ~filled(problem, units)).any()
    )
    return int(need_gains(problem, units).sum()) if allowed else 0

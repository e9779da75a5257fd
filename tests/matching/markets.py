"""Small random markets for property tests, and the slow sure way to decide them."""

from functools import cache

import numpy as np
from hypothesis import strategies as st

from matching.core.mixed import MixedProblem, filled, need_gains
from matching.core.problem import MatchProblem


@st.composite
def problems(draw, *, unit: bool = False, places: bool = False, capped: bool = False, most: int = 5) -> MatchProblem:
    """Draw a market of at most `most` needs and lots; small surpluses, so that ties are common.

    Args:
        unit: one unit on both sides; `places` leaves lots more of them.
        capped: with bounds on edges and quotas over groups of lots.
    """
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)), unique=True, max_size=n * m))
    size = st.integers(1, 4)
    wanted, offered = (st.just(1) if unit or places else size), (st.just(1) if unit else size)
    surplus = draw(st.lists(st.integers(1, 9), min_size=len(pairs), max_size=len(pairs)))
    floor = draw(st.lists(st.integers(0, 9), min_size=len(pairs), max_size=len(pairs)))
    return MatchProblem(
        need=[a for a, _ in pairs],
        lot=[b for _, b in pairs],
        surplus_fen=surplus,
        floor_fen=floor,
        ceiling_fen=[a + b for a, b in zip(surplus, floor, strict=True)],
        quantity=draw(st.lists(wanted, min_size=n, max_size=n)),
        capacity=draw(st.lists(offered, min_size=m, max_size=m)),
        need_key=draw(st.permutations(range(n))),
        lot_key=draw(st.permutations(range(m))),
        **(_bounds(draw, n_edges=len(pairs), n_lots=m) if capped else {}),
    )


def _bounds(draw, *, n_edges: int, n_lots: int) -> dict[str, list[int]]:
    """Draw bounds on edges, and one or two groups that share a quota."""
    groups = draw(st.lists(st.integers(1, 6), min_size=1, max_size=2))
    return {
        "max_units": draw(st.lists(st.integers(0, 4), min_size=n_edges, max_size=n_edges)),
        "group": draw(st.lists(st.integers(-1, len(groups) - 1), min_size=n_lots, max_size=n_lots)),
        "group_capacity": groups,
    }


@st.composite
def mixed_problems(draw) -> MixedProblem:
    """Draw a market of one or two needs with one or two legs, minimum lots, setups and few suppliers."""
    legs_of_need = draw(st.lists(st.integers(1, 2), min_size=1, max_size=2))
    need_of_leg = [need for need, legs in enumerate(legs_of_need) for _ in range(legs)]
    n, m = len(need_of_leg), draw(st.integers(1, 3))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)), unique=True, min_size=1, max_size=5))
    per_edge = {"min_size": len(pairs), "max_size": len(pairs)}
    # Edges of one leg may belong to one deal, as the weeks of one provider do.
    named = [(leg, draw(st.integers(0, 1)) and lot) for leg, lot in pairs]
    deals = sorted(set(named))
    per_deal = {"min_size": len(deals), "max_size": len(deals)}
    per_need = {"min_size": len(legs_of_need), "max_size": len(legs_of_need)}
    return MixedProblem(
        need_of_leg=need_of_leg,
        leg_quantity=draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)),
        leg=[a for a, _ in pairs],
        lot=[b for _, b in pairs],
        surplus_fen=draw(st.lists(st.integers(-4, 9), **per_edge)),
        deal=[deals.index(name) for name in named],
        min_units=draw(st.lists(st.integers(1, 3), **per_deal)),
        setup_fen=draw(st.lists(st.integers(0, 6), **per_deal)),
        floor_fen=draw(st.lists(st.integers(0, 5), **per_edge)),
        limit_fen=draw(st.lists(st.just(1_000), **per_need)),
        max_suppliers=draw(st.lists(st.integers(1, 3), **per_need)),
        whole=draw(st.lists(st.integers(0, 1), **per_need)),
        capacity=draw(st.lists(st.integers(1, 4), min_size=m, max_size=m)),
        need_key=draw(st.permutations(range(len(legs_of_need)))),
        lot_key=draw(st.permutations(range(m))),
        **_bounds(draw, n_edges=len(pairs), n_lots=m),
    )


def best_by_trying(problem: MatchProblem) -> int:
    """Return the greatest total surplus by trying every plan, need after need."""
    group, most, surplus, lots = (
        getattr(problem, name).tolist() for name in ("group", "max_units", "surplus_fen", "lot")
    )
    edges = [np.flatnonzero(problem.need == need).tolist() for need in range(problem.n_needs)]
    no_group = problem.n_groups

    @cache
    def best(need: int, edge: int, wanted: int, free: tuple[int, ...], quota: tuple[int, ...]) -> int:
        if need == problem.n_needs:
            return 0
        if edge == len(edges[need]):
            following = need + 1
            wants = int(problem.quantity[following]) if following < problem.n_needs else 0
            return best(following, 0, wants, free, quota)
        e = edges[need][edge]
        lot, shared = lots[e], group[lots[e]] if group[lots[e]] >= 0 else no_group
        return max(
            surplus[e] * x + best(need, edge + 1, wanted - x, _less(free, lot, x), _less(quota, shared, x))
            for x in range(min(wanted, most[e], free[lot], quota[shared]) + 1)
        )

    quota = (*problem.group_capacity.tolist(), int(problem.capacity.sum()))
    return best(0, 0, int(problem.quantity[0]), tuple(problem.capacity.tolist()), quota)


def _less(left: tuple[int, ...], place: int, units: int) -> tuple[int, ...]:
    return (*left[:place], left[place] - units, *left[place + 1 :])


def best_mixed_by_trying(problem: MixedProblem) -> int:
    """Return the greatest total surplus over all whole plans that keep every rule."""
    ranges = [range(int(u) + 1) for u in problem.most_units]
    grids = np.stack(np.meshgrid(*[np.array(r) for r in ranges], indexing="ij"), -1).reshape(-1, problem.n_edges)
    return max(_total(problem, units) for units in grids)


def _total(problem: MixedProblem, units: np.ndarray) -> int:
    in_deal = np.bincount(problem.deal, weights=units, minlength=problem.n_deals)
    made = np.flatnonzero(in_deal)
    need_of_deal = {int(d): int(n) for d, n in zip(problem.deal, problem.need, strict=True)}
    by_leg = np.bincount(problem.leg, weights=units, minlength=problem.n_legs)
    by_lot = np.bincount(problem.lot, weights=units, minlength=problem.n_lots)
    by_group = np.bincount(problem.group + 1, weights=by_lot, minlength=problem.n_groups + 1)[1:]
    by_need = np.bincount([need_of_deal[int(d)] for d in made], minlength=problem.n_needs)
    started = np.bincount(problem.need, weights=units, minlength=problem.n_needs) > 0
    allowed = (
        (by_leg <= problem.leg_quantity).all()
        and (by_lot <= problem.capacity).all()
        and (by_group <= problem.group_capacity).all()
        and (units <= problem.max_units).all()
        and (in_deal[made] >= problem.min_units[made]).all()
        and (by_need <= problem.max_suppliers).all()
        and not (started & (problem.whole == 1) & ~filled(problem, units)).any()
    )
    return int(need_gains(problem, units).sum()) if allowed else 0

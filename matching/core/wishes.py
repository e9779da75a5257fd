"""A market of indivisible wishes laid out need by need, and the room to work on one leg of one of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.core.mixed import MixedProblem
from matching.core.problem import Ints


class Wishes(NamedTuple):
    """A mixed problem by need: its legs, their deals and their edges lie side by side.

    Attributes:
        first_leg: (n_needs + 1,) a need's legs are first_leg[i] to first_leg[i + 1]; likewise `first_deal` of a leg
            and `first_edge` of a deal.
        edge: (n_edges,) number in the problem of the edge at each place.
        lot, surplus, most: (n_edges,) of the edge at each place.
        least, setup: (n_deals,) minimum and setup of the deal at each place.
        wanted: (n_legs,) units.
        whole_leg: (n_legs,) whether it takes all or nothing.
        suppliers, whole: (n_needs,) most deals, and 1 for all or nothing.
        group: (n_lots,) index of the lot's quota; the last quota, without end, where it has none.
    """

    first_leg: Ints
    first_deal: Ints
    first_edge: Ints
    edge: Ints
    lot: Ints
    surplus: Ints
    most: Ints
    least: Ints
    setup: Ints
    wanted: Ints
    whole_leg: NDArray[np.bool_]
    suppliers: Ints
    whole: Ints
    group: Ints


class Terms(NamedTuple):
    """What a reply is given to, and where it is put down.

    Attributes:
        rent: (n_lots,) fen per unit.
        free: (n_lots,) units left.
        quota: (n_groups + 1,) units left, the last without end.
        units: (n_edges,) by place; a reply writes the need's own, all 0 where it gains nothing.
    """

    rent: Ints
    free: Ints
    quota: Ints
    units: Ints


class Desk(NamedTuple):
    """Room to work on one leg, used again for every other.

    Attributes:
        deal: places of the deals that could serve the leg, the best value per unit first.
        room: most units of each, in that order; `density`: the most it can bring per unit, setup spread;
            `slope`: without setup.
        most_room, most_worth: the greatest room and worth of a deal from here on.
        net, can: net surplus and most units of each edge of the leg, counted from its first.
        by_net: the leg's edges that can give something, the best first; `owner`: the place of each edge's deal.
        length: how many edges and how many deals are laid out.
        chosen: the size of the set being tried, then its deals; `inside`: which deals of the leg are in it.
        units: units on the leg's edges, as tried.
        value: (legs, deals) best value of each leg with at most so many deals.
    """

    deal: Ints
    room: Ints
    density: np.ndarray
    slope: np.ndarray
    most_room: Ints
    most_worth: np.ndarray
    net: Ints
    can: Ints
    by_net: Ints
    length: Ints
    owner: Ints
    chosen: Ints
    inside: np.ndarray
    units: Ints
    value: Ints


def wishes_of(problem: MixedProblem) -> Wishes:
    """Return a problem's edges by need, leg and deal."""
    deal_order = np.argsort(problem.leg_of_deal, kind="stable")
    place = np.empty(problem.n_deals, dtype=np.int64)
    place[deal_order] = np.arange(problem.n_deals)
    edge = np.argsort(place[problem.deal], kind="stable")
    group = np.where(problem.group >= 0, problem.group, problem.n_groups)
    return Wishes(
        first_leg=_firsts(problem.need_of_leg, problem.n_needs),
        first_deal=_firsts(problem.leg_of_deal, problem.n_legs),
        first_edge=_firsts(problem.deal[edge], problem.n_deals, place),
        edge=edge.astype(np.int64),
        lot=problem.lot[edge],
        surplus=problem.surplus_fen[edge],
        most=problem.most_units[edge],
        least=problem.min_units[deal_order],
        setup=problem.setup_fen[deal_order],
        wanted=problem.leg_quantity.copy(),
        whole_leg=problem.whole[problem.need_of_leg] == 1,
        suppliers=problem.max_suppliers.copy(),
        whole=problem.whole.copy(),
        group=group,
    )


def _firsts(owner: Ints, n: int, place: Ints | None = None) -> Ints:
    """Return (n + 1,) where each owner's entries begin once they are sorted."""
    row = owner if place is None else place[owner]
    return np.concatenate([[0], np.cumsum(np.bincount(row, minlength=n))]).astype(np.int64)


def desk_for(wishes: Wishes) -> Desk:
    """Return a desk large enough for every leg."""
    deals = int(np.diff(wishes.first_deal).max(initial=0)) + 1
    edges = int(np.diff(wishes.first_edge[wishes.first_deal]).max(initial=0)) + 1
    legs = int(np.diff(wishes.first_leg).max(initial=0)) + 1
    deal_ints, edge_ints = ([np.zeros(n, dtype=np.int64) for _ in range(6)] for n in (deals, edges))
    return Desk(
        deal=deal_ints[0],
        room=deal_ints[1],
        density=np.zeros(deals),
        slope=np.zeros(deals),
        most_room=np.zeros(deals + 1, dtype=np.int64),
        most_worth=np.zeros(deals + 1),
        net=edge_ints[0],
        can=edge_ints[1],
        by_net=edge_ints[2],
        length=np.zeros(2, dtype=np.int64),
        owner=edge_ints[3],
        chosen=np.zeros(deals + 1, dtype=np.int64),
        inside=np.zeros(deals, dtype=np.bool_),
        units=edge_ints[4],
        value=np.zeros((legs, deals + 1), dtype=np.int64),
    )

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
        net, can: net surplus and most units of each edge of the leg that can give something, deal by deal, the best
            first; `place`: its number among all edges of the leg; `owner`: its deal's number on the desk.
        first, further: what the deal's minimum takes of it, and what it can give beyond.
        by_net: all edges on the desk, the best first.
        base: what each deal brings with its minimum, less setup; `least`, `room`: its fewest and most units.
        kept, taken: what each keeps at a price per unit, and the units that it then takes.
        cost, by_cost: what it costs to change each deal, the least first, and which deals these are.
        inside: which deals are in the set being tried; `changed`: those changed, by place in `by_cost`; `best`: which
            are in the best set.
        greatest: the greatest values met.
        length: how many edges and how many deals are laid out, and how many are among the greatest.
        value: (legs, deals) best value of each leg with at most so many deals.
    """

    net: Ints
    can: Ints
    place: Ints
    owner: Ints
    first: Ints
    further: Ints
    by_net: Ints
    base: Ints
    least: Ints
    room: Ints
    kept: Ints
    taken: Ints
    cost: Ints
    by_cost: Ints
    changed: Ints
    greatest: Ints
    inside: NDArray[np.bool_]
    best: NDArray[np.bool_]
    length: Ints
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
    (net, can, place, owner, first, further, by_net) = (np.zeros(edges, dtype=np.int64) for _ in range(7))
    (base, least, room, kept, taken, cost) = (np.zeros(deals, dtype=np.int64) for _ in range(6))
    (by_cost, changed, greatest) = (np.zeros(deals, dtype=np.int64) for _ in range(3))
    return Desk(
        net=net,
        can=can,
        place=place,
        owner=owner,
        first=first,
        further=further,
        by_net=by_net,
        base=base,
        least=least,
        room=room,
        kept=kept,
        taken=taken,
        cost=cost,
        by_cost=by_cost,
        changed=changed,
        greatest=greatest,
        inside=np.zeros(deals, dtype=np.bool_),
        best=np.zeros(deals, dtype=np.bool_),
        length=np.zeros(3, dtype=np.int64),
        value=np.zeros((legs, deals + 1), dtype=np.int64),
    )

"""A market of reservations: each wants some hours in a row on one of several machines, and no two may overlap."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from matching.core.problem import (
    NONE,
    Ints,
    MalformedProblem,
    check_edges,
    check_keys,
    check_magnitude,
    check_units,
    ints,
    per_node,
)

UNSERVED = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class SlotProblem:
    """Needs for one run of hours each, lots with an hour axis of their own, and when each pair could begin.

    The hours of all lots stand in one row, lot after lot. A lot's hours are those that are free, in order: what lies
    between two of them in the calendar is nobody's concern here. A window is a range of hours at which the run of an
    edge may begin; a start that is liked less has a window with a cost. Where windows of an edge overlap, the cheaper
    one counts.

    Attributes:
        need, lot: (n_edges,) what an edge joins.
        hours: (n_edges,) length of the run, in hours, positive.
        surplus_fen: (n_edges,) fen that the whole deal is worth beyond what the lot must be paid, positive.
        floor_fen: (n_edges,) least the lot must be paid for the whole deal.
        ceiling_fen: (n_edges,) most the need would pay for it; never below floor plus surplus.
        window_edge: (n_windows,) index of the window's edge.
        window_first, window_last: (n_windows,) first and last hour at which the run may begin, counted from the lot's
            first one; the run must end within the lot's hours.
        window_cost_fen: (n_windows,) what a start in this window takes off the surplus; not negative.
        first_hour: (n_lots + 1,) where the hours of each lot begin in the row of all hours.
        capacity: (n_hours,) runs that an hour can hold at once, positive.
        group: (n_lots,) index of the group whose members share a quota, or -1; left out without groups.
        group_capacity: (n_groups,) deals that the lots of a group make together at most, positive.
        need_key, lot_key: (n_needs,), (n_lots,) distinct numbers that order each side; they alone break ties.

    Raises:
        MalformedProblem: shapes, ranges or signs are wrong, or an edge comes twice.
    """

    need: Ints
    lot: Ints
    hours: Ints
    surplus_fen: Ints
    floor_fen: Ints
    ceiling_fen: Ints
    window_edge: Ints
    window_first: Ints
    window_last: Ints
    window_cost_fen: Ints
    first_hour: Ints
    capacity: Ints
    need_key: Ints
    lot_key: Ints
    group: Ints = field(default_factory=lambda: NONE)
    group_capacity: Ints = field(default_factory=lambda: NONE)

    def __post_init__(self) -> None:
        if not len(self.group):
            object.__setattr__(self, "group", np.full(len(self.lot_key), -1, dtype=np.int64))
        for name in self.__dataclass_fields__:
            object.__setattr__(self, name, ints(getattr(self, name)))
        for side in (self.need_key, self.lot_key):
            check_keys(side)
        check_edges(self.need, self.lot, n_left=self.n_needs, n_right=self.n_lots)
        for units in (self.hours, self.capacity, self.group_capacity):
            check_units(units)
        self._check_axes()
        self._check_money()
        self._check_windows()

    @property
    def n_needs(self) -> int:
        return len(self.need_key)

    @property
    def n_lots(self) -> int:
        return len(self.lot_key)

    @property
    def n_edges(self) -> int:
        return len(self.need)

    @property
    def n_hours(self) -> int:
        return len(self.capacity)

    @property
    def n_groups(self) -> int:
        return len(self.group_capacity)

    @property
    def n_options(self) -> int:
        """How many (edge, start) there are, those in several windows of an edge counted in each."""
        return int((self.window_last - self.window_first + 1).sum())

    def _check_axes(self) -> None:
        _require(self.first_hour.shape == (self.n_lots + 1,), "first_hour has one value per lot, and the end")
        _require(
            bool((np.diff(self.first_hour) >= 0).all()) and int(self.first_hour[0]) == 0,
            "the hours of lots follow each other",
        )
        _require(int(self.first_hour[-1]) == self.n_hours, "every hour has a capacity and belongs to a lot")
        _require(
            self.group.shape == self.lot_key.shape
            and bool((self.group >= -1).all() and (self.group < self.n_groups).all()),
            "a lot points outside the groups",
        )

    def _check_money(self) -> None:
        shapes = {getattr(self, name).shape for name in ("need", "hours", "surplus_fen", "floor_fen", "ceiling_fen")}
        _require(len(shapes) == 1, "an edge has one value of each kind")
        _require(bool((self.surplus_fen > 0).all()), "an edge worth nothing is no candidate")
        _require(bool((self.floor_fen >= 0).all()), "floor_fen is not negative")
        _require(
            bool((self.surplus_fen <= self.ceiling_fen - self.floor_fen).all()),
            "surplus is at most the distance between the two limits",
        )
        check_magnitude(self.ceiling_fen, ints(np.ones(self.n_needs + 1, dtype=np.int64)), self.capacity)

    def _check_windows(self) -> None:
        edge = self.window_edge
        shapes = {
            getattr(self, name).shape for name in ("window_edge", "window_first", "window_last", "window_cost_fen")
        }
        _require(len(shapes) == 1 and edge.ndim == 1, "a window has one value of each kind")
        if not edge.size:
            return
        _require(int(edge.min()) >= 0 and int(edge.max()) < self.n_edges, "a window points outside the edges")
        room = np.diff(self.first_hour)[self.lot[edge]] - self.hours[edge]
        _require(
            bool(((self.window_first >= 0) & (self.window_first <= self.window_last)).all()), "a window has a start"
        )
        _require(bool((self.window_last <= room).all()), "a run ends within the lot's hours")
        _require(bool((self.window_cost_fen >= 0).all()), "a start costs nothing or something")
        check_magnitude(self.window_cost_fen, ints([1]))


class SlotPlan(NamedTuple):
    """Who gets which hours: (n_needs,) the edge of each need's deal, or -1, and (n_needs,) its start on the lot."""

    edge: Ints
    start: Ints


class SlotPrices(NamedTuple):
    """What hours and quotas cost: (n_hours,) fen per hour, and (n_groups,) fen that a group's quota adds to a deal."""

    hour_fen: Ints
    group_fen: Ints


def nothing_served(problem: SlotProblem) -> SlotPlan:
    """Return the plan without a deal."""
    nobody = ints(np.full(problem.n_needs, UNSERVED, dtype=np.int64))
    return SlotPlan(nobody, nobody)


def no_prices(problem: SlotProblem) -> SlotPrices:
    """Return prices of 0."""
    return SlotPrices(*(ints(np.zeros(n, dtype=np.int64)) for n in (problem.n_hours, problem.n_groups)))


def start_costs(problem: SlotProblem, edge: Ints, start: Ints) -> Ints:
    """Return (n,) what each start costs on its edge, the least of its windows; -1 where no window allows it."""
    order = np.argsort(problem.window_edge, kind="stable")
    rising = problem.window_edge[order]
    first, last = np.searchsorted(rising, edge), np.searchsorted(rising, edge, side="right")
    of = np.repeat(np.arange(edge.size), last - first)
    window = order[first[of] + np.arange(of.size) - (np.cumsum(last - first) - (last - first))[of]]
    allowed = (problem.window_first[window] <= start[of]) & (start[of] <= problem.window_last[window])
    cost = np.full(edge.size, np.iinfo(np.int64).max)
    np.minimum.at(cost, of[allowed], problem.window_cost_fen[window[allowed]])
    return ints(np.where(cost == np.iinfo(np.int64).max, -1, cost))


def deal_values(problem: SlotProblem, plan: SlotPlan) -> Ints:
    """Return (n_needs,) what each need's deal is worth to it and its lot together; 0 without one."""
    served = np.flatnonzero(plan.edge >= 0)
    edge = ints(plan.edge[served])
    value = np.zeros(problem.n_needs, dtype=np.int64)
    value[served] = problem.surplus_fen[edge] - start_costs(problem, edge, ints(plan.start[served]))
    return ints(value)


def run_prices(problem: SlotProblem, plan: SlotPlan, prices: SlotPrices) -> Ints:
    """Return (n_needs,) what the hours of each need's deal cost together, its group's quota included; 0 without one."""
    served = np.flatnonzero(plan.edge >= 0)
    edge = plan.edge[served]
    lot = problem.lot[edge]
    before = np.concatenate([[0], np.cumsum(prices.hour_fen)])
    begin = problem.first_hour[lot] + plan.start[served]
    fen = np.zeros(problem.n_needs, dtype=np.int64)
    fen[served] = (
        before[begin + problem.hours[edge]] - before[begin] + np.append(prices.group_fen, 0)[problem.group[lot]]
    )
    return ints(fen)


def hours_used(problem: SlotProblem, plan: SlotPlan) -> Ints:
    """Return (n_hours,) how many runs hold each hour."""
    served = np.flatnonzero(plan.edge >= 0)
    edge = plan.edge[served]
    begin = problem.first_hour[problem.lot[edge]] + plan.start[served]
    change = np.zeros(problem.n_hours + 1, dtype=np.int64)
    np.add.at(change, begin, 1)
    np.add.at(change, begin + problem.hours[edge], -1)
    return ints(np.cumsum(change)[:-1])


def quotas_used(problem: SlotProblem, plan: SlotPlan) -> Ints:
    """Return (n_groups,) how many deals the lots of each group make."""
    group = problem.group[problem.lot[plan.edge[plan.edge >= 0]]]
    member = ints(group[group >= 0])
    return per_node(member, ints(np.ones_like(member)), problem.n_groups)


def rents_due(problem: SlotProblem, plan: SlotPlan, prices: SlotPrices) -> Ints:
    """Return (n_needs,) what each deal pays beyond its floor: its hours' prices, up to what the deal is worth.

    With runs of several hours no prices need support a plan. Nobody is asked to accept a loss: where a run's hours
    cost more than the deal is worth, the lot gets what it is worth.
    """
    return ints(np.clip(run_prices(problem, plan, prices), 0, deal_values(problem, plan)))


def canonical(problem: SlotProblem) -> tuple[SlotProblem, Ints, Ints]:
    """Return the same market in key order, so that row order cannot decide a tie.

    Returns:
        The ordered problem, the (n_needs,) given position of each of its needs, and the (n_edges,) given position of
        each of its edges.
    """
    needs, lots = np.argsort(problem.need_key), np.argsort(problem.lot_key)
    need_place, lot_place = np.argsort(needs), np.argsort(lots)
    edges = np.lexsort((problem.lot_key[problem.lot], problem.need_key[problem.need]))
    edge_place = np.argsort(edges)
    window_edge = edge_place[problem.window_edge]
    windows = np.lexsort((problem.window_cost_fen, problem.window_last, problem.window_first, window_edge))
    length = np.diff(problem.first_hour)[lots]
    first_hour = np.concatenate([[0], np.cumsum(length)])
    of = np.repeat(np.arange(lots.size), length)
    hour = problem.first_hour[lots][of] + np.arange(of.size) - first_hour[of]
    ordered = SlotProblem(
        need=need_place[problem.need[edges]],
        lot=lot_place[problem.lot[edges]],
        **{name: getattr(problem, name)[edges] for name in ("hours", "surplus_fen", "floor_fen", "ceiling_fen")},
        window_edge=window_edge[windows],
        **{name: getattr(problem, name)[windows] for name in ("window_first", "window_last", "window_cost_fen")},
        first_hour=first_hour,
        capacity=problem.capacity[hour],
        group=problem.group[lots],
        group_capacity=problem.group_capacity,
        need_key=problem.need_key[needs],
        lot_key=problem.lot_key[lots],
    )
    return ordered, ints(needs), ints(edges)


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise MalformedProblem(sentence)

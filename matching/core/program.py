"""The mixed-integer program of a market with indivisible wishes, for HiGHS: proves small ones optimal (class C)."""

from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array

from matching.core.flow import ROUNDING
from matching.core.mixed import MixedProblem
from matching.core.prices import SolverFailed
from matching.core.problem import Ints, ints

# Nodes, not seconds, end an ordinary search, so that a replay takes the same way.
NODE_LIMIT = 2_000


class Program:
    """The mixed-integer program: units x per edge, use y per deal, award z per need, in this order of columns."""

    def __init__(self, problem: MixedProblem) -> None:
        self.problem = problem
        m = problem.n_needs
        self.n_columns = problem.n_edges + problem.n_deals + m
        self.cost = np.concatenate([-problem.surplus_fen, problem.setup_fen, np.zeros(m)]).astype(np.float64)
        self.upper = np.concatenate([problem.most_units, np.ones(problem.n_deals + m)]).astype(np.float64)
        self.rows, self.low, self.high = self._constraints()

    def _constraints(self) -> tuple[csr_array, np.ndarray, np.ndarray]:
        p = self.problem
        n, d = p.n_edges, p.n_deals
        deals = np.arange(d)
        x, y, z = np.arange(n), n + deals, n + d + np.arange(p.n_needs)
        one = np.ones(n)
        whole_leg = p.whole[p.need_of_leg] == 1
        member = np.flatnonzero(p.group[p.lot] >= 0)
        need_of_deal = p.need_of_leg[p.leg_of_deal]
        blocks: list[tuple[list[tuple[np.ndarray, np.ndarray, np.ndarray]], np.ndarray, np.ndarray]] = [
            # what a leg gets, less what it wants when its need is awarded; between 0 and 0 for all or nothing
            (
                [(p.leg, x, one), (np.arange(p.n_legs), z[p.need_of_leg], -p.leg_quantity)],
                np.where(whole_leg, 0, -np.inf),
                np.zeros(p.n_legs),
            ),
            ([(p.lot, x, one)], np.full(p.n_lots, -np.inf), p.capacity),
            ([(p.group[p.lot[member]], member, one[member])], np.full(p.n_groups, -np.inf), p.group_capacity),
            ([(p.deal, x, one), (deals, y, -p.most_in_deal)], np.full(d, -np.inf), np.zeros(d)),
            ([(p.deal, x, -one), (deals, y, p.min_units)], np.full(d, -np.inf), np.zeros(d)),
            ([(need_of_deal, y, np.ones(d))], np.full(p.n_needs, -np.inf), p.max_suppliers),
        ]
        row: list[np.ndarray] = []
        column: list[np.ndarray] = []
        value: list[np.ndarray] = []
        start = 0
        for terms, block_low, _ in blocks:
            for i, j, v in terms:
                row.append(i + start)
                column.append(j)
                value.append(np.asarray(v, dtype=np.float64))
            start += block_low.size
        entries = (np.concatenate(value), (np.concatenate(row), np.concatenate(column)))
        matrix = csr_array(coo_array(entries, shape=(start, self.n_columns)))
        low = np.concatenate([block[1] for block in blocks]).astype(np.float64)
        high = np.concatenate([block[2] for block in blocks]).astype(np.float64)
        return matrix, low, high

    def search(self, *, time_limit_s: float) -> tuple[Ints | None, int, bool]:
        """Return the best plan found, the bound in fen, and whether the clock ended the search."""
        n = self.problem.n_edges
        # Once it is settled who deals with whom, only a flow is left, and that has whole units at its corners.
        integrality = np.concatenate([np.zeros(n), np.ones(self.n_columns - n)])
        answer = milp(
            self.cost,
            integrality=integrality,
            bounds=Bounds(np.zeros(self.n_columns), self.upper),
            constraints=LinearConstraint(self.rows, self.low, self.high),
            options={"time_limit": time_limit_s, "node_limit": NODE_LIMIT, "mip_rel_gap": 0.0},
        )
        out_of_time = answer.status == 1 and "time" in str(answer.message).lower()
        bound = 2**62 if answer.mip_dual_bound is None else int(np.floor(-answer.mip_dual_bound + 1e-3))
        if answer.x is None:
            return None, bound, out_of_time
        units = answer.x[:n]
        if np.abs(units - np.rint(units)).max(initial=0) > ROUNDING:
            units = self._corner(np.rint(answer.x[n:]))[:n]
        return ints(np.rint(units).astype(np.int64)), bound, out_of_time

    def _corner(self, settled: np.ndarray) -> np.ndarray:
        """Return a corner of the flow that is left when uses and awards are settled."""
        n = self.problem.n_edges
        low, high = np.concatenate([np.zeros(n), settled]), np.concatenate([self.upper[:n], settled])
        return np.asarray(self._linear(low, high).x)

    def _linear(self, low: np.ndarray, high: np.ndarray) -> Any:
        """Return HiGHS's answer to the program without integrality, between these bounds."""
        equal = self.low == self.high
        answer = linprog(
            self.cost,
            A_ub=self.rows[~equal],
            b_ub=self.high[~equal],
            A_eq=self.rows[equal] if equal.any() else None,
            b_eq=self.high[equal] if equal.any() else None,
            bounds=np.column_stack([low, high]),
            method="highs-ds",
        )
        if answer.status != 0:
            raise SolverFailed(f"HiGHS: {answer.message}")
        return answer

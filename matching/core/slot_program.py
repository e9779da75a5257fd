"""The program of a small market of reservations, for HiGHS: its linear optimum has prices, its whole one is best."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array

from matching.core.kernels.runs import Floats, Options
from matching.core.problem import Ints, ints
from matching.core.slots import SlotProblem

# Nodes, not seconds, end an ordinary search, so that a replay takes the same way.
NODE_LIMIT = 500


class Program:
    """One column per option; rows of needs, then hours, then groups."""

    def __init__(self, problem: SlotProblem, options: Options) -> None:
        self._problem, self._options = problem, options
        n = options.begin.size
        hours = options.end - options.begin
        of = np.repeat(np.arange(n), hours)
        hour = options.begin[of] + np.arange(of.size) - (np.cumsum(hours) - hours)[of]
        member = np.flatnonzero(options.group < problem.n_groups)
        n_rows = problem.n_needs + problem.n_hours + problem.n_groups
        row = np.concatenate(
            [options.owner, problem.n_needs + hour, problem.n_needs + problem.n_hours + options.group[member]]
        )
        column = np.concatenate([np.arange(n), of, member])
        self._rows = csr_array(coo_array((np.ones(row.size), (row, column)), shape=(n_rows, n)))
        self._high = np.concatenate([np.ones(problem.n_needs), problem.capacity, problem.group_capacity]).astype(float)

    def prices(self) -> Floats | None:
        """Return the linear optimum's prices of hours and then quotas; None where HiGHS has none."""
        answer = linprog(-self._options.value, A_ub=self._rows, b_ub=self._high, bounds=(0, 1), method="highs-ds")
        return None if answer.status != 0 else np.maximum(-answer.ineqlin.marginals[self._problem.n_needs :], 0.0)

    def search(self, *, time_limit_s: float) -> tuple[Ints | None, bool, bool]:
        """Return (n_needs,) options of the best plan found, whether it is proved best, and whether time ended it."""
        n = self._options.begin.size
        answer = milp(
            -self._options.value,
            integrality=np.ones(n),
            bounds=Bounds(np.zeros(n), np.ones(n)),
            constraints=LinearConstraint(self._rows, -np.inf, self._high),
            options={"time_limit": time_limit_s, "node_limit": NODE_LIMIT, "mip_rel_gap": 0.0},
        )
        out_of_time = answer.status == 1 and "time" in str(answer.message).lower()
        if answer.x is None:
            return None, False, out_of_time
        taken = np.flatnonzero(answer.x > 0.5)
        choice = np.full(self._problem.n_needs, -1, dtype=np.int64)
        choice[self._options.owner[taken]] = taken
        return ints(choice), answer.status == 0, out_of_time

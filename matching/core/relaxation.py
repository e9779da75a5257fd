"""The linear relaxation of a market with indivisible wishes: its plan, its bound and its prices."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from matching.core.mixed import MixedProblem
from matching.core.prices import SolverFailed
from matching.core.problem import Ints, ints, per_node

OUT_OF_TIME = 1  # SciPy's status: the limit on iterations or time was reached
METHOD = "highs-ds"


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The optimum without whole deals.

    Attributes:
        units: (n_edges,) float.
        lot_fen: (n_lots,) price of a lot's own capacity, float; group_fen: (n_groups,) of a quota.
        bound_fen: what no plan can exceed.
    """

    units: np.ndarray
    lot_fen: np.ndarray
    group_fen: np.ndarray
    bound_fen: int


def relaxed(problem: MixedProblem, *, time_limit_s: float) -> Relaxed | None:
    """Return the optimum when setups are paid in part for a part of the most units a deal can have.

    Args:
        problem: one component with edges.
        time_limit_s: seconds after which there is no answer.

    Raises:
        SolverFailed: HiGHS could not solve it.

    Notes:
        A deal that brings a part of its most units uses that part of a deal: it is the least that its minimum, its
        setup and the limit on suppliers allow, so the program has no variable for it. Variables are the units of
        each edge, and the part of each need that wants several legs, all or nothing.
    """
    p = problem
    one = np.ones(p.n_edges)
    most = np.maximum(p.most_in_deal, 1)
    legs_of_need = np.bincount(p.need_of_leg, minlength=p.n_needs)
    joint = np.flatnonzero((p.whole == 1) & (legs_of_need > 1))
    joint_legs = np.flatnonzero(np.isin(p.need_of_leg, joint))
    other_legs = np.flatnonzero(~np.isin(p.need_of_leg, joint))
    # a deal in several lots may be bounded below what they give together
    bounded = np.flatnonzero(per_node(p.deal, p.most_units, p.n_deals) > p.most_in_deal)
    deals_of_need = np.bincount(p.need_of_leg[p.leg_of_deal], minlength=p.n_needs)
    picky = np.flatnonzero(deals_of_need > p.max_suppliers)
    blocks = (
        (p.lot, one, p.capacity),
        (p.group[p.lot], one, p.group_capacity),
        (_places(other_legs, p.n_legs)[p.leg], one, p.leg_quantity[other_legs]),
        (_places(bounded, p.n_deals)[p.deal], one, p.most_in_deal[bounded]),
        (_places(picky, p.n_needs)[p.need], 1 / most[p.deal], p.max_suppliers[picky]),
    )
    n = p.n_edges + joint.size
    rows = vstack([_rows(row, value, high.size, n) for row, value, high in blocks], format="csr")
    awarded = p.n_edges + _places(joint, p.n_needs)[p.need_of_leg[joint_legs]]
    full = _rows(_places(joint_legs, p.n_legs)[p.leg], one, joint_legs.size, n) - csr_array(
        (p.leg_quantity[joint_legs].astype(float), (np.arange(joint_legs.size), awarded)), shape=(joint_legs.size, n)
    )
    answer = linprog(
        np.concatenate([(p.setup_fen / most)[p.deal] - p.surplus_fen, np.zeros(joint.size)]),
        A_ub=rows,
        b_ub=np.concatenate([high for _, _, high in blocks]).astype(float),
        A_eq=full if joint.size else None,
        b_eq=np.zeros(joint_legs.size) if joint.size else None,
        bounds=np.column_stack([np.zeros(n), np.concatenate([p.most_units, np.ones(joint.size)])]),
        method=METHOD,
        options={"time_limit": time_limit_s},
    )
    if answer.status == OUT_OF_TIME:
        return None
    if answer.status != 0:
        raise SolverFailed(f"HiGHS: {answer.message}")
    price = np.maximum(-answer.ineqlin.marginals, 0)
    return Relaxed(
        units=answer.x[: p.n_edges],
        lot_fen=price[: p.n_lots],
        group_fen=price[p.n_lots : p.n_lots + p.n_groups],
        bound_fen=int(np.floor(-answer.fun + 1e-3)),
    )


def _places(rows: np.ndarray, n: int) -> Ints:
    """Return (n,) the place of each of the rows among them, -1 for all others."""
    place = np.full(n, -1)
    place[rows] = np.arange(rows.size)
    return ints(place)


def _rows(row: np.ndarray, value: np.ndarray, n_rows: int, n_columns: int) -> csr_array:
    """Return the matrix with these entries, one for each of the first columns; row -1 is none."""
    kept = np.flatnonzero(row >= 0)
    return csr_array((value[kept], (row[kept], kept)), shape=(n_rows, n_columns))

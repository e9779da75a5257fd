"""From a problem to its exact outcome: units, and the prices at both ends of the core."""

from dataclasses import dataclass

import numpy as np

from matching.core.kernels import corners
from matching.core.kernels.lists import WORTH_NUMBERING, Lists, Numbering, by_column, by_row, neighbourly, renumbered
from matching.core.kernels.unit import NOBODY, Matching, best_matching
from matching.core.prices import PriceRange, Prices
from matching.core.problem import Ints, MatchProblem, ints


@dataclass(frozen=True, eq=False)
class Decision:
    """Units on each edge, and every price vector between two that supports them."""

    units: Ints
    prices: PriceRange


def best_pairs(problem: MatchProblem) -> Ints:
    """Return which edges are used in a one-to-one matching of greatest total surplus; see `decide`."""
    return decide_unit(problem).units


def decide_unit(problem: MatchProblem) -> Decision:
    """Decide a market in which each side makes at most one deal.

    Args:
        problem: quantities and capacities all 1; several components at once are fine.

    Raises:
        ValueError: a quantity or capacity is not 1.
    """
    if not problem.is_unit:
        raise ValueError("decide_unit takes single units")
    rows, order = lists_of(problem)
    columns = by_column(rows, problem.n_lots)
    matching = best_matching(rows, columns, n_columns=problem.n_lots)
    units = np.zeros(problem.n_edges, dtype=np.int64)
    units[used_edges(rows, matching)] = 1
    return Decision(units=ints(units), prices=_ends(rows, columns, matching, order))


def lists_of(problem: MatchProblem) -> tuple[Lists, Numbering | None]:
    """Return a problem's edges by need, renumbered where that pays, and the numbering."""
    rows = by_row(problem.need, problem.lot, problem.surplus_fen, n_rows=problem.n_needs)
    if problem.n_edges < WORTH_NUMBERING:
        return rows, None
    order = neighbourly(rows, problem.n_lots)
    return renumbered(rows, order), order


def used_edges(rows: Lists, matching: Matching) -> Ints:
    """Return the numbers of the matched edges, in order of rows."""
    matched = np.flatnonzero(np.repeat(matching.row_mate, rows.stop - rows.start) == rows.other)
    return rows.edge[matched].astype(np.int64)


def _ends(rows: Lists, columns: Lists, matching: Matching, order: Numbering | None) -> PriceRange:
    row_mate, column_mate, dual, price = matching
    gain_low, rent_low = corners.lowest(rows, corners.pairs(column_mate), dual, price, row_mate == NOBODY)
    rent_high, gain_high = corners.lowest(columns, corners.pairs(row_mate), price, dual, column_mate == NOBODY)
    return PriceRange(
        lowest=Prices(
            need_fen=_named(gain_low, order and order.rows), lot_fen=_named(rent_low, order and order.columns)
        ),
        highest=Prices(
            need_fen=_named(gain_high, order and order.rows), lot_fen=_named(rent_high, order and order.columns)
        ),
    )


def _named(values: Ints, order: np.ndarray | None) -> Ints:
    """Return values by the nodes' own numbers."""
    if order is None:
        return ints(values)
    own = np.empty_like(values)
    own[order] = values
    return ints(own)

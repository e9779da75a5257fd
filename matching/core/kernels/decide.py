"""From a problem to its exact outcome: units, and the prices at both ends of the core."""

import numpy as np

from matching.core.kernels import corners, divisible
from matching.core.kernels.lists import WORTH_NUMBERING, Lists, Numbering, by_column, by_row, neighbourly, renumbered
from matching.core.kernels.unit import NOBODY, Matching, best_matching
from matching.core.prices import Decision, PriceRange, Prices
from matching.core.problem import Ints, MatchProblem, ints


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
    row_mate, column_mate, dual, price = matching
    best_for_needs = corners.lowest(rows, corners.pairs(column_mate), dual, price, row_mate == NOBODY)
    best_for_lots = corners.lowest(columns, corners.pairs(row_mate), price, dual, column_mate == NOBODY)
    return Decision(ints(units), _range(best_for_needs, best_for_lots[::-1], order))


def decide_divisible(problem: MatchProblem) -> Decision:
    """Decide a market whose quantities may be split; several components at once are fine.

    Raises:
        ValueError: an edge or a group of lots has a bound of its own.
    """
    if problem.is_capped:
        raise ValueError("decide_divisible knows no bounds but those of needs and lots; see flow.best_quantities")
    rows, order = lists_of(problem)
    columns = by_column(rows, problem.n_lots)
    quantity, capacity = problem.quantity, problem.capacity
    if order is not None:
        quantity, capacity = quantity[order.rows], capacity[order.columns]
    plan = divisible.best_plan(rows, columns, quantity=quantity, capacity=capacity)
    units, row_left, column_left, dual, price = plan
    best_for_needs = corners.lowest(rows, corners.deals_of(columns, units), dual, price, row_left > 0)
    best_for_lots = corners.lowest(columns, corners.deals_of(rows, units), price, dual, column_left > 0)
    return Decision(ints(units), _range(best_for_needs, best_for_lots[::-1], order))


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


def _range(lowest: tuple[Ints, Ints], highest: tuple[Ints, Ints], order: Numbering | None) -> PriceRange:
    return PriceRange(lowest=_prices(*lowest, order), highest=_prices(*highest, order))


def _prices(gain: Ints, rent: Ints, order: Numbering | None) -> Prices:
    if order is None:
        return Prices(need_fen=ints(gain), lot_fen=ints(rent))
    need_fen, lot_fen = np.empty_like(gain), np.empty_like(rent)
    need_fen[order.rows], lot_fen[order.columns] = gain, rent
    return Prices(need_fen=ints(need_fen), lot_fen=ints(lot_fen))

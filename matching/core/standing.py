"""Among plans of equal worth, the one that stands: how a live market's deals enter a round."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.core import settle
from matching.core.build import Part, parts
from matching.core.market import Market
from matching.core.mixed import MixedProblem
from matching.core.outcome import Outcome, PartOutcome
from matching.core.problem import Ints, ints, per_node


def with_plans(market: Market, outcome: Outcome, plans: Sequence[Sequence[Ints]]) -> Outcome:
    """Return the outcome of a market with the plans that stand, where they are worth as much.

    Args:
        market: what was decided on.
        outcome: what was decided.
        plans: units of each component of each section, in the order of `build.parts`.
    """
    return Outcome(
        tuple(
            tuple(
                kept(part, decided, units)
                for part, decided, units in zip(parts(section, market.parameters), of_section, standing, strict=True)
            )
            for section, of_section, standing in zip(market.sections, outcome.sections, plans, strict=True)
        )
    )


def kept(part: Part, decided: PartOutcome, units: Ints) -> PartOutcome:
    """Return the outcome with another plan where that is worth as much, else the outcome as it is.

    Args:
        part: a component.
        decided: its outcome.
        units: (n_edges,) the plan that stands.

    Notes:
        Prices that support one optimum support every optimum (complementary slackness), so only units and what is paid
        on them change. What comes of it is certified like any other outcome.
    """
    problem = part.problem
    if isinstance(problem, MixedProblem) or decided.failure or units.size != problem.n_edges or (units < 0).any():
        return decided
    taken = per_node(problem.need, units, problem.n_needs)
    given = per_node(problem.lot, units, problem.n_lots)
    if (units > problem.max_units).any() or (taken > problem.quantity).any() or (given > problem.capacity).any():
        return decided
    if _worth(problem.surplus_fen, units) != _worth(problem.surplus_fen, decided.units):
        return decided
    return replace(decided, units=units, unit_price_fen=settle.unit_prices(part, units, decided.lot_fen))


def _worth(surplus_fen: Ints, units: Ints) -> int:
    used = np.flatnonzero(units)
    return sum(s * u for s, u in zip(surplus_fen[used].tolist(), ints(units)[used].tolist(), strict=True))

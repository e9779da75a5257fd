"""The gap of a plan, term by term: what each need, lot and quota could justly complain about at its prices."""

from dataclasses import dataclass

import numpy as np

from matching.core.build import Part
from matching.core.mixed import MixedProblem, need_gains
from matching.core.outcome import PartOutcome
from matching.core.problem import Ints, MatchProblem, ints, per_node
from matching.core.verify import best_replies, closer_replies


@dataclass(frozen=True, eq=False)
class Terms:
    """Lost opportunities in fen; all of them together are the gap of the component's certificate.

    Attributes:
        need_fen: (n_needs,) the most a need could have at these prices, less what the plan leaves it.
        lot_fen: (n_lots,) what a lot's units that nobody got would have brought at its price, quota apart.
        group_fen: (n_groups,) what the unused part of a quota would have brought at its price.
        need_kept_fen: (n_needs,) what the plan leaves each need at these prices; negative where they ask more of it
            than its deals are worth.
        made_whole_fen: (n_needs,) what its partners forgo of these prices so that the need bears no loss.
        is_rejected: (n_needs,) whether a need wanted more at these prices and got no deal at all.
    """

    need_fen: Ints
    lot_fen: Ints
    group_fen: Ints
    need_kept_fen: Ints
    made_whole_fen: Ints
    is_rejected: np.ndarray

    @property
    def total_fen(self) -> int:
        """The gap."""
        return int(self.need_fen.sum() + self.lot_fen.sum() + self.group_fen.sum())


def terms(part: Part, outcome: PartOutcome) -> Terms:
    """Return the gap of one component, term by term.

    Notes:
        For exact components every term is 0. For mixed ones the most that a need could have is a bound from above
        (see `verify.mixed_certificate`), so a term may say more than the need could really have had, never less.
    """
    problem, units = part.problem, ints(outcome.units)
    lot_price, group_price = ints(outcome.lot_fen), ints(outcome.group_fen)
    own = lot_price - np.append(group_price, 0)[problem.group]
    given = per_node(problem.lot, units, problem.n_lots)
    member = np.flatnonzero(problem.group >= 0)
    shared = per_node(ints(problem.group[member]), ints(given[member]), problem.n_groups)
    if isinstance(problem, MixedProblem):
        most, kept = _mixed(problem, units, lot_price)
    else:
        most, kept = _exact(problem, units, ints(outcome.need_fen), lot_price)
    got = per_node(problem.need, units, problem.n_needs)
    lost = ints(most - kept)
    return Terms(
        need_fen=lost,
        lot_fen=ints(own * (problem.capacity - given)),
        group_fen=ints(group_price * (problem.group_capacity - shared)),
        need_kept_fen=kept,
        made_whole_fen=ints(np.where(got > 0, np.maximum(-kept, 0), 0)),
        is_rejected=(lost > 0) & (got == 0),
    )


def _exact(problem: MatchProblem, units: Ints, need_fen: Ints, lot_fen: Ints) -> tuple[Ints, Ints]:
    """Return (n_needs,) the most each need could have, and what it has."""
    gain = problem.surplus_fen - lot_fen[problem.lot]
    beyond = np.maximum(gain - need_fen[problem.need], 0) * np.where(problem.is_bounded, problem.max_units, 0)
    most = problem.quantity * need_fen + per_node(problem.need, ints(beyond), problem.n_needs)
    return ints(most), per_node(problem.need, ints(gain * units), problem.n_needs)


def _mixed(problem: MixedProblem, units: Ints, lot_fen: Ints) -> tuple[Ints, Ints]:
    rent = per_node(problem.need, ints(lot_fen[problem.lot] * units), problem.n_needs)
    kept = ints(need_gains(problem, units) - rent)
    return closer_replies(problem, lot_fen, best_replies(problem, lot_fen), kept), kept

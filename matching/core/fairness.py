"""Who was compared and who won, how concentrated the wins are, and who would rather have had another's lot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from matching.core.problem import Ints, MatchProblem, ints, per_node

# Figures of fewer providers would say something of single ones.
LEAST_PROVIDERS = 3
WHOLE = 10_000
# Who came to the platform less long ago is a new entrant.
NEW_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Share:
    """One kind of providers in a round.

    Attributes:
        by: what tells the kinds apart: "size", "age", "region" or "standing".
        kind: the kind's name.
        providers: how many were compared.
        compared: pairs of theirs that passed every filter.
        won: deals proposed to them.
    """

    by: str
    kind: str
    providers: int
    compared: int
    won: int


@dataclass(frozen=True)
class Fairness:
    """How a round spread its proposals over providers.

    Attributes:
        hhi: Herfindahl-Hirschman index of the deals won: 10,000 where one provider won all, 0 without deals.
        shares: by kind, without kinds of fewer than LEAST_PROVIDERS.
    """

    hhi: int
    shares: tuple[Share, ...]


def fairness(compared: Mapping[int, int], won: Mapping[int, int], kinds: Mapping[str, Mapping[int, str]]) -> Fairness:
    """Return how pairs and deals fall on kinds of providers.

    Args:
        compared: pairs by provider.
        won: deals by provider.
        kinds: what tells kinds apart -> provider -> kind.
    """
    shares = []
    for by, kind_of in kinds.items():
        for kind in sorted({kind_of[provider] for provider in compared}):
            providers = [provider for provider in compared if kind_of[provider] == kind]
            if len(providers) >= LEAST_PROVIDERS:
                seen = sum(compared[provider] for provider in providers)
                shares.append(
                    Share(by, kind, len(providers), seen, sum(won.get(provider, 0) for provider in providers))
                )
    return Fairness(concentration(won), tuple(shares))


@dataclass(frozen=True)
class Envy:
    """Needs of exact components that would rather have had other lots at their prices, by what lots are truly worth.

    Attributes:
        needs: how many were asked.
        envious: how many of them.
        fen: how much more these would have gained together.
    """

    needs: int = 0
    envious: int = 0
    fen: int = 0

    def __add__(self, other: "Envy") -> "Envy":
        return Envy(self.needs + other.needs, self.envious + other.envious, self.fen + other.fen)


def envy(problem: MatchProblem, units: Ints, *, lot_fen: Ints, bonus_fen: Ints) -> Envy:
    """Return who would rather have had other lots at their prices.

    Args:
        problem: an exact component; units: (n_edges,) its plan.
        lot_fen: (n_lots,) rents per unit that support the plan.
        bonus_fen: (n_edges,) how much of each surplus is a bonus.

    Notes:
        Each need is compared with its own best choice of lots at these prices, as much of each as the lot has. With
        bonuses counted as worth nobody envies: the prices support the plan. A bonus is no worth, so who got less by
        others' bonuses may, and who was chosen by its own.
    """
    gain = problem.surplus_fen - bonus_fen - lot_fen[problem.lot]
    most = np.minimum(np.minimum(problem.max_units, problem.capacity[problem.lot]), problem.quantity[problem.need])
    order = np.lexsort((-gain, problem.need))
    need, before = problem.need[order], np.cumsum(most[order]) - most[order]
    first = np.searchsorted(need, need)
    taken = np.clip(problem.quantity[need] - (before - before[first]), 0, most[order])
    best = per_node(ints(need), ints(np.maximum(gain[order], 0) * taken), problem.n_needs)
    own = per_node(problem.need, ints(gain * units), problem.n_needs)
    more = best - own
    return Envy(problem.n_needs, int(np.count_nonzero(more > 0)), int(more[more > 0].sum()))


def concentration(won: Mapping[int, int]) -> int:
    """Return the Herfindahl-Hirschman index of these counts, rounded up to whole points of 10,000.

    Source:
        A. O. Hirschman, "The paternity of an index", American Economic Review 54 (1964) 761-762.
    """
    total = sum(won.values())
    return -(-WHOLE * sum(count * count for count in won.values()) // (total * total)) if total else 0

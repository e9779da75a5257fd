"""Who was compared, and who won: shares by kind of provider, and how concentrated the wins are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

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


def concentration(won: Mapping[int, int]) -> int:
    """Return the Herfindahl-Hirschman index of these counts, rounded up to whole points of 10,000.

    Source:
        A. O. Hirschman, "The paternity of an index", American Economic Review 54 (1964) 761-762.
    """
    total = sum(won.values())
    return -(-WHOLE * sum(count * count for count in won.values()) // (total * total)) if total else 0

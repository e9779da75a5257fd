"""Finds raters who praise the same parties more often than the parties' popularity explains."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

_GOOD = 0.75  # a ring sells praise: only good ratings make it
_LEAST_SHARED = 5
_LEAST_MEMBERS = 3
_FALSE_ALARMS = 1e-3  # expected number of honest pairs flagged in the whole set


@dataclass(frozen=True)
class Praise:
    """One rating: who, of whom, how good (0 to 1)."""

    rater: int
    rated: int
    value: float


def find(ratings: Iterable[Praise]) -> list[frozenset[int]]:
    """Return groups of raters that look like rings, each of three or more, by their smallest member.

    Notes:
        Given whom one rater praises, another who chooses by popularity alone hits that set about
        d x (the set's share of all others' praise) times, d being the number of parties the other praises. The chance
        of hitting it as often as they do is taken as a Poisson tail; pairs under the threshold (corrected for the
        number of pairs) are linked, and linked raters form a ring. Popular parties thus create no rings by themselves.
        It says nothing of a ring whose members praise fewer than five parties.
    """
    praised: defaultdict[int, set[int]] = defaultdict(set)
    for rating in ratings:
        if rating.value >= _GOOD:
            praised[rating.rater].add(rating.rated)
    fans = Counter(rated for group in praised.values() for rated in group)
    total = fans.total()
    active: defaultdict[int, list[int]] = defaultdict(list)
    for rater in sorted(praised):
        if len(praised[rater]) >= _LEAST_SHARED:
            for rated in praised[rater]:
                active[rated].append(rater)
    shared = Counter(pair for group in active.values() for pair in combinations(group, 2))
    raters = len({rater for group in active.values() for rater in group})
    # Half a second to import, which only who looks for rings should pay.
    from scipy.special import gammainc

    limit = _FALSE_ALARMS / max(1, raters * (raters - 1) // 2)
    links = [
        (one, other)
        for (one, other), common in shared.items()
        if common >= _LEAST_SHARED
        and float(gammainc(common, _expected(praised[one], praised[other], fans, total))) < limit
    ]
    return [group for group in _joined(links) if len(group) >= _LEAST_MEMBERS]


def _expected(one: set[int], other: set[int], fans: Counter[int], total: int) -> float:
    """Return how many parties the two would share by popularity among all others; the larger of both directions.

    One more is added to each party's fans, so that an obscure party is rare and not impossible.
    """
    rest = max(1, total - len(one) - len(other))
    hits = [
        len(chooser) * sum(fans[rated] + 1 - (rated in one) - (rated in other) for rated in chosen) / rest
        for chosen, chooser in ((one, other), (other, one))
    ]
    return max(hits)


def _joined(links: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for one, other in links:
        merged = groups.get(one, {one}) | groups.get(other, {other})
        for member in merged:
            groups[member] = merged
    return sorted({frozenset(group) for group in groups.values()}, key=min)

"""Finds raters who praise the same parties more often than the parties' popularity explains."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from scipy.special import gammainc

_GOOD = 0.75  # a ring sells praise: only good ratings make it
_LEAST_SHARED = 3
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
        Two raters with d1 and d2 praised parties share, when they choose by popularity alone, about
        d1 d2 sum(p^2) parties, where p is a party's share of all praise. The chance of sharing as many as they do is
        taken as a Poisson tail; pairs below the threshold (corrected for the number of pairs) are linked, and linked
        raters form a ring. Popular parties thus create no rings by themselves. It says nothing of a ring whose
        members praise one party only.
    """
    praised: defaultdict[int, set[int]] = defaultdict(set)
    for rating in ratings:
        if rating.value >= _GOOD:
            praised[rating.rater].add(rating.rated)
    fans: defaultdict[int, list[int]] = defaultdict(list)
    for rater in sorted(praised):
        if len(praised[rater]) >= _LEAST_SHARED:
            for rated in praised[rater]:
                fans[rated].append(rater)
    total = sum(len(group) for group in praised.values())
    popularity = sum((n / total) ** 2 for n in Counter(p for group in praised.values() for p in group).values())
    shared = Counter(pair for group in fans.values() for pair in combinations(group, 2))
    raters = sum(len(group) >= _LEAST_SHARED for group in praised.values())
    limit = _FALSE_ALARMS / max(1, raters * (raters - 1) // 2)
    links = [
        (one, other)
        for (one, other), common in shared.items()
        if common >= _LEAST_SHARED
        and float(gammainc(common, len(praised[one]) * len(praised[other]) * popularity)) < limit
    ]
    return [group for group in _joined(links) if len(group) >= _LEAST_MEMBERS]


def _joined(links: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for one, other in links:
        merged = groups.get(one, {one}) | groups.get(other, {other})
        for member in merged:
            groups[member] = merged
    return sorted({frozenset(group) for group in groups.values()}, key=min)

"""Which offers come first for each wish: the nearest that pass every filter, the cheapest of those without a place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_Found = tuple[Ints, Ints, Floats]

FILTERS = ("offered", "reach", "time", "licence", "price")
NEVER = 2**62  # of a time or a day without an end
NO_FLOOR = -1  # of an offer by quote

# WGS84 (G. 8): half axes in metres, and the mean radius of the Earth.
_A, _B, _MEAN = 6_378_137.0, 6_356_752.314_245, 6_371_008.8
# So many candidates are looked at together; a wish that refuses most of what is near looks through all there is.
_CELLS = 2_000_000
_FIRST, _MORE, _LAST = 2, 4, 8


@dataclass(frozen=True, eq=False)
class Offers:
    """What is on the market.

    Attributes:
        place: (n, 3) metres from the middle of the Earth, as `places` gives them; not-a-number without a place.
        owner, family: (n,) numbers that tell parties and families apart.
        lead_s: (n,) seconds before work can begin.
        valid_until: (n,) last day that the licence or certificate holds, in days since 1970; NEVER without one.
        floor_fen: (n,) least the provider takes; NO_FLOOR by quote.
        lottery: (n,) numbers drawn at random that decide among offers as cheap as each other, lower ones first.
    """

    place: Floats
    owner: Ints
    family: Ints
    lead_s: Ints
    valid_until: Ints
    floor_fen: Ints
    lottery: Ints


@dataclass(frozen=True, eq=False)
class Wishes:
    """What is sought.

    Attributes:
        place, owner, family: as of `Offers`.
        reach_m: (n,) how far away a partner may be.
        until: (n,) end of the period in seconds since 1970; NEVER for an open one.
        since_day: (n,) day on which work begins at the earliest, in days since 1970.
        budget_fen: (n,) most that is paid.
    """

    place: Floats
    owner: Ints
    family: Ints
    reach_m: Floats
    until: Ints
    since_day: Ints
    budget_fen: Ints

    def of(self, rows: Ints) -> "Wishes":
        """Return some of them."""
        return Wishes(**{name: values[rows] for name, values in vars(self).items()})


@dataclass(frozen=True, eq=False)
class Pairs:
    """Offers that come first for wishes, by wish and then by offer.

    Attributes:
        wish, offer: (n,) rows.
        distance_m: (n,) metres; not-a-number where one of the two has no place, or the wish has none.
    """

    wish: Ints
    offer: Ints
    distance_m: Floats

    def and_also(self, other: "Pairs") -> "Pairs":
        """Return these and others, none of which are among these."""
        return _together([(p.wish, p.offer, p.distance_m) for p in (self, other)])

    def of(self, rows: NDArray[Any]) -> "Pairs":
        """Return some of them."""
        return Pairs(self.wish[rows], self.offer[rows], self.distance_m[rows])


def places(longitude: Floats, latitude: Floats) -> Floats:
    """Return (n, 3) metres from the middle of the Earth of places on the WGS84 ellipsoid, given in degrees."""
    lam, phi = np.radians(longitude), np.radians(latitude)
    e2 = 1 - (_B / _A) ** 2
    normal = _A / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    across = normal * np.cos(phi)
    return np.stack([across * np.cos(lam), across * np.sin(lam), normal * (1 - e2) * np.sin(phi)], axis=-1)


def arc_m(chord_m: Floats) -> Floats:
    """Return the way along the ground between places whose straight distance is `chord_m`.

    The straight line between two places on the ellipsoid is exact; bent to the mean radius it is within 2 m of the
    geodesic up to 500 km.
    """
    return 2 * _MEAN * np.arcsin(np.minimum(chord_m / (2 * _MEAN), 1.0))


def passes(wishes: Wishes, offers: Offers, wish: Ints, offer: Ints, distance_m: Floats, *, at_s: int) -> Bools:
    """Return (n, 5) which FILTERS each pair passes, the family apart.

    Args:
        wish, offer: (n,) rows, or shapes that broadcast; distance_m: not-a-number where distance does not count.
        at_s: now, in seconds since 1970.
    """
    return np.stack(
        [
            offers.owner[offer] != wishes.owner[wish],
            ~(distance_m > wishes.reach_m[wish]),
            wishes.until[wish] > at_s + offers.lead_s[offer],
            offers.valid_until[offer] >= wishes.since_day[wish],
            offers.floor_fen[offer] <= wishes.budget_fen[wish],
        ],
        axis=-1,
    )


def first(wishes: Wishes, offers: Offers, *, most: int, filters: tuple[str, ...] = FILTERS, at_s: int) -> Pairs:
    """Return for each wish the `most` offers of its family that come first among those that pass `filters`.

    With a place on both sides these are the nearest; of offers without a place the cheapest come in addition; a
    wish without a place gets the cheapest of both.

    Raises:
        ValueError: `most` is not positive.
    """
    if most < 1:
        raise ValueError("At least one offer is looked for.")
    chosen = [FILTERS.index(name) for name in filters]
    market = _Market(wishes, offers, most, chosen, at_s)
    return _together([pairs for group in _families(wishes.family, offers.family) for pairs in market.of(*group)])


def passing(wishes: Wishes, offers: Offers, wish: Ints, offer: Ints, *, at_s: int) -> Pairs:
    """Return which of some pairs pass every filter."""
    distance = arc_m(np.linalg.norm(wishes.place[wish] - offers.place[offer], axis=1))
    good = passes(wishes, offers, wish, offer, distance, at_s=at_s).all(axis=-1)
    return Pairs(wish[good], offer[good], distance[good])


def _families(wanted: Ints, offered: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the rows of wishes and of offers of each family that both sides have."""
    by_wish, by_offer = np.argsort(wanted, kind="stable"), np.argsort(offered, kind="stable")
    for family in np.intersect1d(wanted, offered):
        yield tuple(  # type: ignore[misc]  # two of them
            rows[np.searchsorted(values[rows], family) : np.searchsorted(values[rows], family, side="right")]
            for rows, values in ((by_wish, wanted), (by_offer, offered))
        )


def _together(found: list[_Found]) -> Pairs:
    wish, offer, distance_m = (
        np.concatenate([np.empty(0, dtype=kind), *(pairs[column] for pairs in found)])
        for column, kind in enumerate((np.int64, np.int64, np.float64))
    )
    order = np.lexsort((offer, wish))
    return Pairs(wish[order], offer[order], distance_m[order])


class _Market:
    """Walks through one family after the other."""

    def __init__(self, wishes: Wishes, offers: Offers, most: int, filters: list[int], at_s: int) -> None:
        self.wishes, self.offers = wishes, offers
        self.most, self.filters, self.at_s = most, filters, at_s

    def of(self, wish: Ints, offer: Ints) -> Iterator[_Found]:
        has_place, is_placed = ~np.isnan(self.wishes.place[wish, 0]), ~np.isnan(self.offers.place[offer, 0])
        near, placed, remote = wish[has_place], offer[is_placed], offer[~is_placed]
        if near.size and placed.size:
            yield from self._nearest(near, placed)
        for asking, offered in ((wish, remote), (wish[~has_place], placed)):
            if asking.size and offered.size:
                yield from self._cheapest(asking, offered)

    def _nearest(self, wish: Ints, offer: Ints) -> Iterator[_Found]:
        """Look at more and more neighbours of each wish, until enough pass or none is left in reach."""
        # A tenth of a second to import, which only a process that gathers rounds should pay.
        from scipy.spatial import cKDTree

        tree, among = cKDTree(self.offers.place[offer]), min(self.most * _FIRST, offer.size)
        while wish.size:
            if among > self.most * _LAST:
                among = offer.size
            left = []
            for some in _chunks(wish, among):
                if among == offer.size:
                    at, distance = self._all(some, offer)
                else:
                    chord, row = tree.query(self.wishes.place[some], k=among, workers=-1)
                    at, distance = offer[row.reshape(some.size, among)], arc_m(chord.reshape(some.size, among))
                found, ended = self._kept(some, at, distance)
                ended |= among == offer.size
                if FILTERS.index("reach") in self.filters:
                    ended |= distance[:, -1] > self.wishes.reach_m[some]
                yield _of_rows(found, ended)
                left.append(some[~ended])
            wish, among = np.concatenate(left), min(among * _MORE, offer.size)

    def _all(self, wish: Ints, offer: Ints) -> tuple[Ints, Floats]:
        """Return the `most` nearest that pass, of all offers; others only where too few pass."""
        distance = arc_m(np.linalg.norm(self.wishes.place[wish][:, None] - self.offers.place[offer], axis=2))
        passed = passes(self.wishes, self.offers, wish[:, None], offer, distance, at_s=self.at_s)
        order = np.argsort(np.where(passed[..., self.filters].all(axis=-1), distance, np.inf), axis=1, kind="stable")
        order = order[:, : self.most]
        return offer[order], np.take_along_axis(distance, order, axis=1)

    def _cheapest(self, wish: Ints, offer: Ints) -> Iterator[_Found]:
        """Take offers in order of their floor, those by quote last; distance does not count."""
        floor = self.offers.floor_fen[offer]
        offer = offer[np.lexsort((self.offers.lottery[offer], np.where(floor == NO_FLOOR, NEVER, floor)))]
        among = min(self.most * _FIRST, offer.size)
        while wish.size:
            left = []
            for some in _chunks(wish, among):
                at = np.broadcast_to(offer[:among], (some.size, among))
                found, ended = self._kept(some, at, np.full(at.shape, np.nan))
                ended |= among == offer.size
                yield _of_rows(found, ended)
                left.append(some[~ended])
            wish, among = np.concatenate(left), min(among * _MORE, offer.size)

    def _kept(self, wish: Ints, offer: Ints, distance_m: Floats) -> tuple[tuple[Ints, Ints, Floats, Ints], Bools]:
        """Return the first `most` of each row that pass, with their rows, and which rows have that many."""
        passed = passes(self.wishes, self.offers, wish[:, None], offer, distance_m, at_s=self.at_s)
        good = passed[..., self.filters].all(axis=-1)
        count = np.cumsum(good, axis=1)
        row, column = np.nonzero(good & (count <= self.most))
        ended = count[:, -1] >= self.most
        return (wish[row], offer[row, column], distance_m[row, column], row), ended


def _of_rows(found: tuple[Ints, Ints, Floats, Ints], ended: Bools) -> _Found:
    """Return what was found for the rows that need not look further."""
    wish, offer, distance_m, row = found
    kept = ended[row]
    return wish[kept], offer[kept], distance_m[kept]


def _chunks(rows: Ints, among: int) -> Iterator[Ints]:
    size = max(_CELLS // max(among, 1), 1)
    for start in range(0, rows.size, size):
        yield rows[start : start + size]

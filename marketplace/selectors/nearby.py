"""Who could serve which need: the offers that pass every hard filter, and the filter that leaves a need alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection

from marketplace.core import nearby
from marketplace.core.nearby import FILTERS, NEVER, Ints, Offers, Wishes
from marketplace.directions import Direction, narrowing
from marketplace.selectors.candidates import Need, Part

EARTH_M = 20_040_000  # half way round: no two places are farther apart
# A need that nobody can serve is explained from so many of the offers that come first.
LOOKED_AT = 50
_DAY_S = 86_400
_SHANGHAI_S = 8 * 3_600


@dataclass(frozen=True)
class Hurdle:
    """The first filter that leaves a need without candidates.

    Attributes:
        filter: one of `core.nearby.FILTERS`.
        distance_m: of the nearest offer that passes all filters before.
    """

    filter: str
    distance_m: int | None


class Market:
    """The needs of a direction beside its offers, read once.

    Attributes:
        wishes: the parts of the needs that were asked for, in order.
        offers: what is on offer in their families; listing_ids: its ids, rising.

    Notes:
        One query, whose rows are the offers of the families that are asked for.
    """

    def __init__(
        self, direction: Direction, asked: Sequence[Need], *, radius_m: int, at: datetime, barred: Collection[int] = ()
    ) -> None:
        """Read the offers.

        Args:
            radius_m: farthest that two places may be apart, in metres, where the need names no shorter one; 0 for none.
            barred: ids of the parties whose offers count as not there.
        """
        self._at_s = int(at.timestamp())
        rows = [(row, need, part) for row, need in enumerate(asked) for part in need.parts]
        self._need_of_part = np.array([row for row, _, _ in rows], dtype=np.int64)
        families: dict[str, int] = {}
        family = [families.setdefault(_family(direction, part), len(families)) for _, _, part in rows]
        needs = [need for _, need, _ in rows]
        self.wishes = Wishes(
            place=_placed([need.place or (None, None) for need in needs]),
            owner=np.array([need.owner_id for need in needs], dtype=np.int64),
            family=np.array(family, dtype=np.int64),
            reach_m=np.array([min(need.radius_m or EARTH_M, radius_m or EARTH_M) for need in needs], dtype=np.float64),
            until=np.array([_end_s(need) for need in needs], dtype=np.int64),
            since_day=np.array([_first_day(need, at) for need in needs], dtype=np.int64),
            budget_fen=np.array([part.budget_fen or 0 for _, _, part in rows], dtype=np.int64),
        )
        self.listing_ids, self.offers = _offers(families, barred)

    def pairs(self, *, nearest: int) -> nearby.Pairs:
        """Return for each part of each need the `nearest` offers that pass every hard filter.

        Offers without a place work at a distance: the cheapest `nearest` of them come in addition.

        Returns:
            Parts as wishes, by row among the parts of the needs that were asked for; offers by row in `listing_ids`.
        """
        return nearby.first(self.wishes, self.offers, most=nearest, at_s=self._at_s)

    def passing(self, part: Ints, offer: Ints) -> nearby.Pairs:
        """Return which of some pairs pass every hard filter; rows as in `pairs`."""
        return nearby.passing(self.wishes, self.offers, part, offer, at_s=self._at_s)

    def hurdles(self, asked: Ints) -> dict[int, Hurdle]:
        """Return, by row of the need, which filter leaves it without any candidate among the LOOKED_AT first offers.

        A need of several legs is answered for the first leg that nobody can serve.

        Args:
            asked: (n,) rows of the needs in question.
        """
        parts = np.flatnonzero(np.isin(self._need_of_part, asked))
        wishes, n_parts, first = self.wishes.of(parts), parts.size, FILTERS[:1]
        found = nearby.first(wishes, self.offers, most=LOOKED_AT, filters=first, at_s=self._at_s)
        passed = nearby.passes(wishes, self.offers, found.wish, found.offer, found.distance_m, at_s=self._at_s)
        passed = passed.cumprod(axis=1)
        left = np.zeros((n_parts, len(FILTERS)), dtype=np.int64)
        np.add.at(left, found.wish, passed)
        # Of those that pass all filters up to one: how near the nearest is.
        near = np.full((n_parts, len(FILTERS)), np.inf)
        known = ~np.isnan(found.distance_m)
        reached = np.where(passed[known] == 1, found.distance_m[known, None], np.inf)
        np.minimum.at(near, found.wish[known], reached)
        alone = np.flatnonzero(left[:, -1] == 0)
        which = np.argmax(left[alone] == 0, axis=1)
        hurdles: dict[int, Hurdle] = {}
        for part, number in zip(alone.tolist(), which.tolist(), strict=True):
            metres = near[part, number - 1] if number else np.inf
            nearest_m = None if np.isinf(metres) else round(float(metres))
            hurdles.setdefault(int(self._need_of_part[parts[part]]), Hurdle(FILTERS[number], nearest_m))
        return hurdles


def _family(direction: Direction, part: Part) -> str:
    """Return direction, unit and class of what a part asks for, as `Listing.family` has it."""
    return f"{direction.code}/{part.unit}/{str(part.attributes.get(narrowing(direction), '')).split('.')[0]}"


def _end_s(need: Need) -> int:
    return NEVER if need.period is None or need.period.upper is None else int(need.period.upper.timestamp())


def _first_day(need: Need, at: datetime) -> int:
    """Return the day on which work begins at the earliest, by Shanghai time, in days since 1970."""
    begin = need.period.lower if need.period and need.period.lower else at
    return (int(max(begin, at).timestamp()) + _SHANGHAI_S) // _DAY_S


def _placed(rows: Sequence[tuple[float | None, float | None]]) -> nearby.Floats:
    degrees = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return nearby.places(degrees[:, 0], degrees[:, 1])


def _offers(families: dict[str, int], barred: Collection[int]) -> tuple[Ints, Offers]:
    """Return the ids of the offers of some families in rising order, and what the filters look at."""
    sql = """
        SELECT id, owner_id, family, ST_X(place::geometry), ST_Y(place::geometry), lead_time_days,
            valid_until - DATE '1970-01-01', COALESCE(reserve_price_fen, price_fen), lottery
        FROM marketplace_listing WHERE family = ANY(%s) AND owner_id <> ALL(%s) ORDER BY id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(families), sorted(barred)])
        rows = cursor.fetchall()
    ids, owner, family, lng, lat, lead, day, floor, lottery = zip(*rows, strict=True) if rows else [()] * 9
    return np.array(ids, dtype=np.int64), Offers(
        place=_placed(list(zip(lng, lat, strict=True))),
        owner=np.array(owner, dtype=np.int64),
        family=np.array([families[name] for name in family], dtype=np.int64),
        lead_s=np.array(lead, dtype=np.int64) * _DAY_S,
        valid_until=np.array([NEVER if each is None else each for each in day], dtype=np.int64),
        floor_fen=np.array([nearby.NO_FLOOR if each is None else each for each in floor], dtype=np.int64),
        lottery=np.array(lottery, dtype=np.int64),
    )

"""Which pairs beyond those that a round looked at could still gain at its prices."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marketplace.core.nearby import NO_FLOOR, Floats
from marketplace.core.nearby import Pairs as Found
from marketplace.selectors import candidates
from matching.core import values
from matching.core.build import Part, parts
from matching.core.outcome import PartOutcome
from matching.core.problem import NO_BOUND, NONE, Ints, MatchProblem, ints
from matching.selectors.fits import Fits
from matching.selectors.gathered import GatheredSection
from matching.selectors.sections import Source

# So many pairs of a direction are looked through, in ten seconds or so; beyond that nobody looks.
MOST_PAIRS = 10_000_000
# Pairs that enter at once for one part of a need, the most promising first.
MOST_OF_PART = 5
NO_OFFER = 2**31  # more than any row of an offer


class Beyond:
    """What lies beyond the pairs that a section is decided among.

    Notes:
        A need that prices do not decide exactly is asked whether its whole quantity from one partner would gain; a need
        in several parts is not asked. A pair that could not gain can do so later only where one of its sides has
        less than before, so that every turn looks at fewer.
    """

    def __init__(self, section: GatheredSection) -> None:
        self._source = section.source
        wishes, offers = self._source.around.wishes, self._source.around.offers
        self._by_kind = np.argsort(offers.family, kind="stable")
        kinds = offers.family[self._by_kind]
        self._first = ints(np.searchsorted(kinds, wishes.family))
        self._last = ints(np.searchsorted(kinds, wishes.family, side="right"))
        self._before: _Prices | None = None
        self._waiting = _Judged.nothing()

    @property
    def is_too_wide(self) -> bool:
        """Whether there are more pairs than anybody looks through."""
        return int((self._last - self._first).sum()) > MOST_PAIRS

    def gaining(self, section: GatheredSection, decided: Sequence[PartOutcome]) -> Found:
        """Return pairs that are worth more than both sides have, at most MOST_OF_PART of each part of a need.

        Args:
            section: what was decided on, from the same source as that of the beginning.
            decided: the outcome of each of its components.

        Notes:
            When there is none, the prices support the plan of the exact components among all pairs that pass the
            filters, so far as filters and fit know: the hours of a pair are looked at when it comes in.
        """
        prices = _Prices.of(section, list(parts(section.rows, self._source.parameters)), decided)
        found = self._judged(prices).and_also(self._waiting)
        self._before = prices
        more = prices.more_fen(found.pairs.wish, found.pairs.offer, found.way_m, found.fit_bp)
        order = np.lexsort((found.pairs.offer, -more, found.pairs.wish))
        order = order[(more[order] > 0) & (found.fit_bp[order] > 0)]
        wish = found.pairs.wish[order]
        nth = np.arange(order.size) - np.searchsorted(wish, wish)
        self._waiting = found.of(order[nth >= MOST_OF_PART])
        return found.pairs.of(order[nth < MOST_OF_PART])

    def _judged(self, prices: "_Prices") -> "_Judged":
        """Return the pairs that are not looked at yet and might have begun to gain, with their fit."""
        source = self._source
        part, nth = prices.could_gain(self._first, self._last, self._by_kind, self._before)
        found = source.around.passing(part, self._by_kind[nth])
        found = found.of(~(source.has(found) | self._waiting.has(found)))
        used, offer = np.unique(found.offer, return_inverse=True)
        rows = candidates.offers(source.around.listing_ids[used].tolist())
        fits = Fits(source.direction, [part.attributes for _, part in source.parts], [row.attributes for row in rows])
        fit_bp, is_remote = fits.of(ints(found.wish), ints(offer))
        return _Judged(found, np.where(is_remote, 0.0, found.distance_m), fit_bp)


@dataclass(frozen=True, eq=False)
class _Judged:
    """Pairs, the way that counts between them in metres, and their fit in basis points."""

    pairs: Found
    way_m: Floats
    fit_bp: Ints

    @classmethod
    def nothing(cls) -> "_Judged":
        return cls(Found(NONE, NONE, np.empty(0)), np.empty(0), NONE)

    def and_also(self, other: "_Judged") -> "_Judged":
        pairs = (
            np.concatenate(both) for both in zip(vars(self.pairs).values(), vars(other.pairs).values(), strict=True)
        )
        way_m, fit_bp = np.concatenate([self.way_m, other.way_m]), np.concatenate([self.fit_bp, other.fit_bp])
        return _Judged(Found(*pairs), way_m, ints(fit_bp))

    def of(self, rows: np.ndarray) -> "_Judged":
        return _Judged(self.pairs.of(rows), self.way_m[rows], ints(self.fit_bp[rows]))

    def has(self, pairs: Found) -> np.ndarray:
        return np.isin(pairs.wish * NO_OFFER + pairs.offer, self.pairs.wish * NO_OFFER + self.pairs.offer)


@dataclass(frozen=True, eq=False)
class _Prices:
    """What both sides have at a round's prices.

    Attributes:
        limit_fen, units, gain_fen: (n_parts,) limit per real unit, how many real units a pair is weighed by, and what
            the need has for them; NO_BOUND where it is not asked.
        floor_fen, rent_fen: (n_offers,) least that is taken per real unit, and rent per deal or per real unit.
        by_the_unit: whether rents are per real unit.
        never_remote: the way always counts.
    """

    source: Source
    limit_fen: Ints
    units: Ints
    gain_fen: Ints
    floor_fen: Ints
    rent_fen: Ints
    by_the_unit: bool
    never_remote: bool

    @classmethod
    def of(cls, section: GatheredSection, made: Sequence[Part], decided: Sequence[PartOutcome]) -> "_Prices":
        source, rows = section.source, section.rows
        legs, leg_of_part = source.legs()
        gain, rent = (np.zeros(n, dtype=np.int64) for n in (len(rows.needs), len(rows.lots)))
        is_exact = ~(rows.needs.whole == 1) | rows.one_deal_each
        for part, outcome in zip(made, decided, strict=True):
            rent[part.lots] = outcome.lot_fen
            gain[part.needs] = NO_BOUND if outcome.failure else outcome.need_fen
            is_exact[part.needs] &= isinstance(part.problem, MatchProblem)
        gain[np.bincount(legs.need, minlength=gain.size) > 1] = NO_BOUND
        need = legs.need[leg_of_part]
        by_one = is_exact[need] & (not rows.one_deal_each)
        offer = np.searchsorted(source.around.listing_ids, [lot.id for lot in section.lots])
        of_offer = np.full(source.around.listing_ids.size, NO_BOUND, dtype=np.int64)
        np.minimum.at(of_offer, offer, rent)
        return cls(
            source=source,
            limit_fen=ints(legs.limit_fen[leg_of_part]),
            units=ints(np.where(by_one, 1, legs.quantity[leg_of_part])),
            gain_fen=ints(gain[need]),
            floor_fen=ints(source.around.offers.floor_fen),
            rent_fen=ints(np.where(of_offer == NO_BOUND, 0, of_offer)),
            by_the_unit=not rows.one_deal_each,
            never_remote=source.direction.remote is None,
        )

    def could_gain(self, first: Ints, last: Ints, offers: Ints, before: "_Prices | None") -> tuple[Ints, Ints]:
        """Return the part and the place among `offers` of every pair that could gain if it fitted perfectly.

        Args:
            first, last: (n_parts,) where the offers of each part's kind begin and end in `offers`.
            before: prices at which all that gained was found.
        """
        # Compiled code takes a second to load, which only a process that looks this far should pay.
        from matching.core.kernels.wide import Offered, Wanted, could_gain

        around, parameters = self.source.around, self.source.parameters
        per_m = parameters.distance_weight_bp / values.BASIS_POINTS / parameters.distance_scale_m
        is_open = np.ones(first.size, dtype=bool) if before is None else self.gain_fen < before.gain_fen
        is_free = np.ones(offers.size, dtype=bool) if before is None else (self.rent_fen < before.rent_fen)[offers]
        wanted = Wanted(
            first=first,
            last=last,
            limit_fen=self.limit_fen,
            units=self.units,
            gain_fen=self.gain_fen,
            way_fen_per_m=np.multiply(self.limit_fen, per_m if self.never_remote else 0.0, dtype=np.float64),
            place=around.wishes.place,
            is_open=is_open,
        )
        offered = Offered(
            ints(self.floor_fen[offers]), ints(self.rent_fen[offers]), around.offers.place[offers], is_free
        )
        share = parameters.quote_share_bp / values.BASIS_POINTS
        return could_gain(wanted, offered, share, float(parameters.distance_scale_m), self.by_the_unit)

    def more_fen(self, part: Ints, offer: Ints, distance_m: Floats, fit_bp: Ints | int) -> Ints:
        """Return by how much pairs are worth more than both sides have, setup apart."""
        parameters, limit, floor = self.source.parameters, self.limit_fen[part], self.floor_fen[offer]
        worth = values.surplus(
            limit,
            np.where(floor == NO_FLOOR, limit * parameters.quote_share_bp // values.BASIS_POINTS, floor),
            fit_bp,  # type: ignore[arg-type]  # one for all
            np.rint(np.nan_to_num(distance_m)).astype(np.int64),
            scale_m=parameters.distance_scale_m,
            weight_bp=parameters.distance_weight_bp,
        )
        rent = self.rent_fen[offer] * (self.units[part] if self.by_the_unit else 1)
        return np.asarray(worth * self.units[part] - self.gain_fen[part] - rent)

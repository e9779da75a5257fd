"""How well many offers fit many needs: the same terms over arrays of pairs, to the bit what each pair alone scores."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.directions._fit import ByItems, ByNumber, ByValue, Reading, Term, mean_bp
from marketplace.directions._spec import Attributes, Direction

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Scores = Callable[[Ints, Ints], Floats]


class PairFits:
    """The offers and the needs of one direction, read once into columns."""

    def __init__(
        self, direction: Direction, offers: Iterable[Attributes | None], needs: Iterable[Attributes | None]
    ) -> None:
        """Read the attributes one by one, keeping only what the terms read of them.

        Args:
            needs: parsed as needs, or as legs where the direction has legs.
            offers, needs: None for what does not follow the schema.
        """
        terms, remote = direction.terms, direction.remote
        self._offers = _Columns([term.offered for term in terms] + ([remote.offered] if remote else []), offers)
        self._needs = _Columns([term.wanted for term in terms] + ([remote.wanted] if remote else []), needs)
        offered, wanted = self._offers.values, self._needs.values
        self._terms = [
            (term, _said(wanted[term.wanted]), _scores(term, offered[term.offered], wanted[term.wanted]))
            for term in terms
        ]
        self._remote = (_said(offered[remote.offered]), _said(wanted[remote.wanted])) if remote else None

    def of(self, offer: Ints, need: Ints) -> tuple[Ints, Bools]:
        """Return (n_pairs,) fits in basis points, and whether the work is done at a distance.

        Args:
            offer, need: (n_pairs,) rows of each pair.

        Returns:
            A fit of -1 where one side does not follow the schema.
        """
        offer, need = self._offers.place[offer], self._needs.place[need]
        is_valid = (offer >= 0) & (need >= 0)
        offer, need = offer[is_valid], need[is_valid]
        fit_bp, is_remote = np.full(is_valid.size, -1), np.zeros(is_valid.size, dtype=bool)
        fit_bp[is_valid] = self._fit_bp(offer, need)
        if self._remote:
            by_offer, by_need = self._remote
            is_remote[is_valid] = by_offer[offer] & by_need[need]
        return fit_bp, is_remote

    def _fit_bp(self, offer: Ints, need: Ints) -> Ints:
        total, weight, lacks = np.zeros(offer.size), np.zeros(offer.size), np.zeros(offer.size, dtype=bool)
        for term, asks, scores in self._terms:
            pair = np.flatnonzero(asks[need])
            score = scores(offer[pair], need[pair])
            counts = ~np.isnan(score)
            pair, score = pair[counts], score[counts]
            total[pair] += score * term.weight
            weight[pair] += term.weight
            if term.reason:
                lacks[pair[score == 0]] = True
        return np.where(lacks, 0, mean_bp(total, weight)).astype(np.int64)


class _Columns:
    """What each reading finds in each row that has attributes.

    Attributes:
        place: (n_rows,) where a row's values stand; -1 for one without attributes.
    """

    def __init__(self, readings: Sequence[Reading], rows: Iterable[Attributes | None]) -> None:
        fields: dict[str, list[Any]] = {name: [] for reading in readings for name in reading.fields}
        columns = [(name, values.append) for name, values in fields.items()]
        place, n_valid = [], 0
        for row in rows:
            place.append(-1 if row is None else n_valid)
            if row is not None:
                n_valid += 1
                for name, append in columns:
                    append(getattr(row, name))
        self.place = _whole(place)
        self.values = {reading: _read(reading, fields, n_valid) for reading in dict.fromkeys(readings)}


def _read(reading: Reading, fields: Mapping[str, Sequence[Any]], n_rows: int) -> list[Any]:
    if not reading.fields:
        return [reading.said()] * n_rows
    return list(map(reading.said, *(fields[name] for name in reading.fields)))


def _said(values: Sequence[Any]) -> Bools:
    return np.array([value is not None for value in values], dtype=bool)


def _scores(term: Term, offered: Sequence[Any], wanted: Sequence[Any]) -> Scores:
    """Return how a term's scores are found for rows of offers and of needs that ask for it."""
    match term.judge:
        case ByNumber():
            return _number_scores(term.judge, offered, wanted)
        case ByItems():
            return _item_scores(term.judge, offered, wanted)
        case ByValue():
            return _value_scores(term.judge, offered, wanted)


def _number_scores(judge: ByNumber, offered: Sequence[float | None], wanted: Sequence[float | None]) -> Scores:
    has, asked = (
        np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        for values in (offered, wanted)
    )

    def scores(offer: Ints, need: Ints) -> Floats:
        return _floats(judge.score(has[offer], asked[need]))

    return scores


def _value_scores(judge: ByValue, offered: Sequence[Hashable], wanted: Sequence[Hashable]) -> Scores:
    """Judge each combination of values that occurs once."""
    (has, has_row), (asked, asked_row) = _numbered(offered), _numbered(wanted)

    def scores(offer: Ints, need: Ints) -> Floats:
        found, which = _distinct(has_row[offer] * len(asked) + asked_row[need], len(has) * len(asked))
        sides = (side.tolist() for side in np.divmod(found, max(len(asked), 1)))
        judged = np.array([judge.one(has[a], asked[b]) for a, b in zip(*sides, strict=True)], dtype=np.float64)
        return judged[which]

    return scores


def _item_scores(
    judge: ByItems, offered: Sequence[tuple[str, ...] | None], wanted: Sequence[tuple[str, ...] | None]
) -> Scores:
    """Look each wanted word up among those of the pair's offer; words that no need wants are never looked at."""
    (has, has_row), (asked, asked_row) = _numbered(offered), _numbered(wanted)
    number = {item: n for n, item in enumerate(dict.fromkeys(chain.from_iterable(filter(None, asked))))}
    has_size, asked_size = (_whole([len(items or ()) for items in lists]) for lists in (has, asked))
    item = _whole([number[item] for items in asked for item in items or ()])
    first = np.cumsum(asked_size) - asked_size
    held = _whole(
        [row * len(number) + number[item] for row, items in enumerate(has) for item in items or () if item in number]
    )

    def scores(offer: Ints, need: Ints) -> Floats:
        has_of, asked_of = has_row[offer], asked_row[need]
        size = asked_size[asked_of]
        pair = np.repeat(np.arange(size.size), size)
        nth = np.arange(pair.size) - np.repeat(np.cumsum(size) - size, size)
        looked_up = has_of[pair] * len(number) + item[first[asked_of][pair] + nth]
        met = np.bincount(pair[np.isin(looked_up, held)], minlength=size.size)
        return _floats(judge.score(met, size, has_size[has_of]))

    return scores


def _numbered(values: Sequence[Any]) -> tuple[list[Any], Ints]:
    """Return the distinct values, and (n,) the number of each one's."""
    number: dict[Any, int] = {}
    row = _whole([number.setdefault(value, len(number)) for value in values])
    return list(number), row


def _distinct(keys: Ints, bound: int) -> tuple[Ints, Ints]:
    """Return the distinct keys, all below `bound`, and (n_keys,) where each stands among them."""
    if bound > 4 * keys.size:
        found, which = np.unique(keys, return_inverse=True)
        return found, which
    occurs = np.zeros(bound, dtype=bool)
    occurs[keys] = True
    found = np.flatnonzero(occurs)
    place = np.cumsum(occurs) - 1
    return found, place[keys]


def _whole(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _floats(scores: Any) -> Floats:
    return np.asarray(scores, dtype=np.float64)

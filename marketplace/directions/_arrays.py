"""How well many offers fit many needs: the same terms over arrays of pairs, to the bit what each pair alone scores."""

from collections.abc import Callable, Hashable, Iterable, Sequence
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
        offered = _Columns([term.offered for term in terms] + ([remote.offered] if remote else []), offers)
        wanted = _Columns([term.wanted for term in terms] + ([remote.wanted] if remote else []), needs)
        self._is_valid = offered.is_valid, wanted.is_valid
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
        of_offer, of_need = self._is_valid
        is_valid = of_offer[offer] & of_need[need]
        fit_bp = np.full(offer.size, -1)
        fit_bp[is_valid] = self._of_valid(offer[is_valid], need[is_valid])
        if self._remote is None:
            return fit_bp, np.zeros(offer.size, dtype=bool)
        of_offer, of_need = self._remote
        return fit_bp, of_offer[offer] & of_need[need]

    def _of_valid(self, offer: Ints, need: Ints) -> Ints:
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
    """What each reading finds in each row; nothing in a row without attributes."""

    def __init__(self, readings: Sequence[Reading], rows: Iterable[Attributes | None]) -> None:
        self._values: dict[Reading, list[Any]] = {reading: [] for reading in readings}
        columns = [(reading.of, values.append) for reading, values in self._values.items()]
        is_valid = []
        for row in rows:
            is_valid.append(row is not None)
            for of, append in columns:
                append(None if row is None else of(row))
        self.is_valid = np.array(is_valid, dtype=bool)

    def __getitem__(self, reading: Reading) -> list[Any]:
        return self._values[reading]


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
        with np.errstate(all="ignore"):
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

"""How well offers fit needs: each row is parsed once, and all pairs are judged together."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.directions import Attributes, AttributesInvalid, Direction, Fit, PairFits
from matching.core.problem import Ints, ints

logger = logging.getLogger(__name__)


class Fits:
    """Judges the offers and the needs (or their legs) of one direction.

    Attributes:
        places: (n_lots,) deals an offer can serve at once; one where its attributes no longer follow the schema.
    """

    def __init__(
        self, direction: Direction, parts: Sequence[Mapping[str, Any]], lots: Sequence[Mapping[str, Any]]
    ) -> None:
        """Read stored attributes, of needs (or legs) and of offers."""
        self._direction, self._parts, self._lots = direction, parts, lots
        self._parse_part = direction.parse_leg if direction.has_legs else direction.parse_need
        self._places: list[int] = []
        self._pairs = PairFits(direction, self._offers(), _parsed("need", parts, self._parse_part))
        self.places = ints(self._places)

    def of(self, part: Ints, lot: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Return (n_pairs,) fits in basis points, and whether the way of a pair does not count.

        Args:
            part, lot: (n_pairs,) rows of each pair.

        Returns:
            A fit of -1 where stored attributes no longer follow the schema.
        """
        return self._pairs.of(lot, part)

    def one(self, part: int, lot: int) -> Fit:
        """Return the fit of one pair with its terms.

        Raises:
            AttributesInvalid: stored attributes no longer follow the schema.
        """
        offer = self._direction.parse_offer(self._lots[lot])
        return self._direction.fit(offer, self._parse_part(self._parts[part]))

    def _offers(self) -> Iterator[Attributes | None]:
        for offer in _parsed("offer", self._lots, self._direction.parse_offer):
            self._places.append(1 if offer is None else self._direction.places(offer))
            yield offer


def _parsed(
    side: str, rows: Sequence[Mapping[str, Any]], parse: Callable[[Mapping[str, Any]], Attributes]
) -> Iterator[Attributes | None]:
    """Yield each row's attributes, or None where they are not valid; the same fault is told once."""
    told: set[str] = set()
    for attributes in rows:
        try:
            yield parse(attributes)
        except AttributesInvalid as error:
            name = json.dumps(attributes, sort_keys=True, ensure_ascii=False, default=str)
            if name not in told:
                told.add(name)
                logger.warning("Attributes of a published %s are not valid: %s", side, error)
            yield None

"""How well offers fit needs, each row parsed once and each distinct pair of attributes compared once."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marketplace.directions import Attributes, AttributesInvalid, Direction, Fit
from marketplace.selectors.candidates import Need, Pair

logger = logging.getLogger(__name__)


class Fits:
    """Compares the offers and the needs (or their legs) of one direction."""

    def __init__(self, direction: Direction, needs: Sequence[Need], lots: Sequence[Any]) -> None:
        self._direction = direction
        parse_part = direction.parse_leg if direction.has_legs else direction.parse_need
        self._parsed: dict[str, Attributes | None] = {}
        self._part = {
            (need.id, part.leg_id): self._once("need", part.attributes, parse_part)
            for need in needs
            for part in need.parts
        }
        self._lot = {lot.pk: self._once("offer", lot.attributes, direction.parse_offer) for lot in lots}
        self._found: dict[tuple[str, str], Fit | None] = {}

    def of(self, pairs: Sequence[Pair]) -> list[Fit | None]:
        """Return the fit of each pair; None where stored attributes no longer follow the schema."""
        return [self._fit(self._lot[pair.listing_id], self._part[pair.demand_id, pair.leg_id]) for pair in pairs]

    def places(self, listing_id: int) -> int:
        """Return how many deals an offer can serve at once; one where its attributes no longer follow the schema."""
        parsed = self._parsed[self._lot[listing_id]]
        return 1 if parsed is None else self._direction.places(parsed)

    def _once(self, side: str, attributes: Mapping[str, Any], parse: Callable[[Mapping[str, Any]], Attributes]) -> str:
        """Parse attributes unless the same were parsed before; return the name under which they are kept."""
        name = side + json.dumps(attributes, sort_keys=True, ensure_ascii=False)
        if name not in self._parsed:
            try:
                self._parsed[name] = parse(attributes)
            except AttributesInvalid as error:
                logger.warning("Attributes of a published %s are not valid: %s", side, error)
                self._parsed[name] = None
        return name

    def _fit(self, offer: str, wanted: str) -> Fit | None:
        if (offer, wanted) not in self._found:
            parsed_offer, parsed_wanted = self._parsed[offer], self._parsed[wanted]
            self._found[offer, wanted] = (
                self._direction.fit(parsed_offer, parsed_wanted) if parsed_offer and parsed_wanted else None
            )
        return self._found[offer, wanted]

"""The market of a round with the rows behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from marketplace.selectors.candidates import Degrees
from matching.core.explain import Why
from matching.core.market import Market, Section
from matching.core.problem import Ints
from matching.selectors.fits import Fits

if TYPE_CHECKING:
    from matching.selectors.sections import Source


@dataclass(frozen=True)
class NeedRow:
    """The row behind a need of a section."""

    id: int
    owner_id: int
    code: UUID
    version: int
    place: Degrees | None
    period: TimestamptzRange | None


@dataclass(frozen=True)
class LotRow:
    """The row behind a lot of a section."""

    id: int
    owner_id: int
    code: UUID
    version: int
    place: Degrees | None
    unit: str
    standing: int


@dataclass(frozen=True)
class Hurdle:
    """What kept a need from having any candidate, with the figures that its sentence names."""

    why: Why
    facts: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class GatheredSection:
    """One direction's section with the rows behind it.

    Attributes:
        hurdles: by row of a need without candidates.
        fits: of the legs and offers behind the edges.
        part, offer: (n_edges,) row of each edge's leg and of its offer there.
        source: what it was made from.
    """

    source: "Source"
    direction: str
    rows: Section
    needs: Sequence[NeedRow]
    lots: Sequence[LotRow]
    hurdles: Mapping[int, Hurdle]
    fits: Fits
    part: Ints
    offer: Ints

    def fit_terms(self, edge: int) -> list[dict[str, Any]]:
        """Return the aspects of one pair's fit, the weightiest first."""
        fit = self.fits.one(int(self.part[edge]), int(self.offer[edge]))
        terms = sorted(fit.terms, key=lambda term: -term.weight)
        return [
            {"code": t.code, "zh": t.label.zh, "en": t.label.en, "score": t.score, "weight": t.weight} for t in terms
        ]


@dataclass(frozen=True, eq=False)
class Gathered:
    """The market of a round with the rows behind it.

    Attributes:
        entered: pairs beyond the nearest that came in because the prices said that they could gain.
        left: pairs beyond those that were looked at that could still gain; None where nobody looked.
    """

    market: Market
    sections: tuple[GatheredSection, ...]
    entered: int = 0
    left: int | None = None

"""What a round decided, as one value with one byte form."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.core.market import FORMAT, as_bytes, content_of


@dataclass(frozen=True)
class PartOutcome:
    """What was decided about one component; rows as in its problem.

    Attributes:
        kind: "unit", "divisible", "capped" or "mixed", as of its part.
        method: how it was decided.
        units: (n_edges,) units of the problem on each edge.
        unit_price_fen: (n_edges,) price of a real unit, 0 on unused edges.
        need_fen: (n_needs,) gain per unit at the middle prices; for mixed parts a need's whole gain.
        lot_fen: (n_lots,) rent per unit at the middle prices.
        lot_low_fen, lot_high_fen: (n_lots,) the range inside which any rent supports the plan.
        group_fen: (n_groups,) the part of its lots' rents that a group's quota makes, at the middle prices.
        greedy_fen, first_come_fen: total surplus of the two simpler ways.
        failure: why it could not be decided; empty when it was.
        out_of_time: the clock ended the search, so a replay may differ.
    """

    kind: str
    method: str
    units: Sequence[int]
    unit_price_fen: Sequence[int]
    need_fen: Sequence[int]
    lot_fen: Sequence[int]
    lot_low_fen: Sequence[int]
    lot_high_fen: Sequence[int]
    group_fen: Sequence[int]
    greedy_fen: int
    first_come_fen: int
    failure: str = ""
    out_of_time: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a round decided: the parts of each section, in the order of `build.parts`."""

    sections: tuple[tuple[PartOutcome, ...], ...]

    def to_bytes(self) -> bytes:
        """Return the one byte form of this outcome, which a replay must reproduce."""
        return as_bytes({"format": FORMAT, **vars(self)})

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Outcome":
        """Return the outcome that `to_bytes` wrote.

        Raises:
            ValueError: it is of another format.
        """
        content = content_of(stored)
        return cls(tuple(tuple(PartOutcome(**part) for part in parts) for parts in content["sections"]))

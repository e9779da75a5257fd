"""What a round decided, as one value with one byte form."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from matching.core.columns import packed, unpacked
from matching.core.market import FORMAT, check_format
from matching.core.problem import Ints, ints


@dataclass(frozen=True, eq=False)
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
    units: Ints
    unit_price_fen: Ints
    need_fen: Ints
    lot_fen: Ints
    lot_low_fen: Ints
    lot_high_fen: Ints
    group_fen: Ints
    greedy_fen: int
    first_come_fen: int
    failure: str = ""
    out_of_time: bool = False

    def __post_init__(self) -> None:
        for each in fields(self):
            if each.type is Ints:
                object.__setattr__(self, each.name, ints(getattr(self, each.name)))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a round decided: the parts of each section, in the order of `build.parts`."""

    sections: tuple[tuple[PartOutcome, ...], ...]

    def to_bytes(self) -> bytes:
        """Return the one byte form of this outcome, which a replay must reproduce: see `columns`."""
        return packed(self.content)

    @property
    def content(self) -> dict[str, Any]:
        """This outcome with its format, to be written in any form."""
        return {"format": FORMAT, **vars(self)}

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Outcome":
        """Return the outcome that `to_bytes` wrote.

        Raises:
            ValueError: it is of another format.
        """
        return cls.of(unpacked(stored))

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Outcome":
        """Return the outcome that `content` was written from.

        Raises:
            ValueError: it is of another format.
        """
        check_format(content)
        return cls(tuple(tuple(PartOutcome(**part) for part in parts) for parts in content["sections"]))

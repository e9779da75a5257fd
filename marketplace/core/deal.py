"""Plain values from which orders are made: what is taken from which listing, and who has said yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marketplace.core.parts import MilestonePlan, Part, Slot
from marketplace.core.pricing import Price

INVOICE_KINDS = ("ordinary", "special")  # 增值税普通发票, 增值税专用发票


@dataclass(frozen=True)
class Line:
    """What is taken from one listing, at which price; times half-open, in UTC.

    Args:
        start, end: when the deal runs; both None when only `slots` say so or nothing is fixed yet.
        slots: exact times, for what is booked by the hour; may be chosen after agreement.
        milestones: how a task is cut; empty for a single part due at `end`.
        weeks: what was matched for each week of a quantity; empty for the earliest weeks that are free.
    """

    listing_code: UUID
    quantity: int
    unit_price_fen: int
    setup_fen: int = 0
    start: datetime | None = None
    end: datetime | None = None
    slots: Sequence[Slot] = ()
    milestones: Sequence[MilestonePlan] = ()
    weeks: Sequence[Part] = ()

    @property
    def price(self) -> Price:
        return Price(self.quantity, self.unit_price_fen, self.setup_fen)

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """From the first begin to the last end; None when no time is fixed."""
        starts = [s.start for s in self.slots] + ([self.start] if self.start else [])
        ends = [s.end for s in self.slots] + ([self.end] if self.end else [])
        return (min(starts), max(ends)) if starts and ends else None


@dataclass(frozen=True)
class Acceptance:
    """One organisation's yes, given by one of its people."""

    organisation_id: int
    user_id: int | None
    at: datetime

"""What it costs to cancel: the steps that the agreement carries, applied to the hours left."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class FeeStep:
    """At `hours_before` hours before the start or more, `percent` of the total; the largest hours that hold apply."""

    hours_before: int
    percent: int


# Offered by every listing: free until three days before the start.
DEFAULT_STEPS = (FeeStep(72, 0), FeeStep(24, 10), FeeStep(0, 30))
STARTED_PERCENT = 50  # of what is not yet accepted, once work has begun


@dataclass(frozen=True)
class Fee:
    """What a cancellation costs the consumer; shown before it is confirmed."""

    fen: int = 0
    percent: int = 0
    base_fen: int = 0  # what the percentage is taken of
    is_late: bool = False  # within the hours that cost a consumer; a provider's late cancellation goes to their record


def fee(
    *,
    by_consumer: bool,
    is_started: bool,
    total_fen: int,
    accepted_fen: int,
    starts_at: datetime | None,
    at: datetime,
    steps: Sequence[FeeStep] = DEFAULT_STEPS,
) -> Fee:
    """Return the fee; only a consumer pays one.

    Args:
        total_fen: price of the whole order.
        accepted_fen: what was accepted already and stays due.
        starts_at: when the first part begins; None when no time is fixed, which counts as far off.
    """
    left_fen = max(total_fen - accepted_fen, 0)
    before_start = 0 if starts_at is None else _percent(starts_at - at, steps)
    percent = STARTED_PERCENT if is_started else before_start
    if not by_consumer:
        return Fee(base_fen=left_fen, is_late=percent > 0)
    return Fee(left_fen * percent // 100, percent, left_fen, is_late=percent > 0)


def total(fees: Sequence[Fee]) -> Fee:
    """Return the fee of a bundle: the sum of its legs', at the highest percentage among them."""
    return Fee(
        sum(fee.fen for fee in fees),
        max((fee.percent for fee in fees), default=0),
        sum(fee.base_fen for fee in fees),
        any(fee.is_late for fee in fees),
    )


def _percent(left: timedelta, steps: Sequence[FeeStep]) -> int:
    for step in sorted(steps, key=lambda s: -s.hours_before):
        if left >= timedelta(hours=step.hours_before):
            return step.percent
    return max((step.percent for step in steps), default=0)


def as_plain(steps: Sequence[FeeStep]) -> list[dict[str, int]]:
    """Return the steps as the agreement stores them."""
    return [asdict(step) for step in steps]


def from_plain(rows: Sequence[dict[str, int]]) -> tuple[FeeStep, ...]:
    return tuple(FeeStep(row["hours_before"], row["percent"]) for row in rows)

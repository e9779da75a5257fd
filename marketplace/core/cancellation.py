"""What it costs to cancel: the steps that the agreement carries, applied to the hours left."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class FeeStep:
    """From `hours_before` hours before the start on, `percent` of the total; the largest hours that still hold apply."""

    hours_before: int
    percent: int


# Offered by every listing unless its direction states others: free until three days before the start.
DEFAULT_STEPS = (FeeStep(72, 0), FeeStep(24, 10), FeeStep(0, 30))
STARTED_PERCENT = 50  # of what is not yet accepted, once work has begun


@dataclass(frozen=True)
class Fee:
    """What a cancellation costs the consumer, and why; shown before it is confirmed."""

    fen: int
    percent: int
    base_fen: int
    reason: str


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
    """Return the fee; only a consumer pays one, a provider's cancellation goes to their record instead.

    Args:
        total_fen: price of the whole order.
        accepted_fen: what was accepted already and stays due.
        starts_at: when the first part begins; None when no time is fixed, which counts as far off.
    """
    left_fen = max(total_fen - accepted_fen, 0)
    if not by_consumer:
        return Fee(0, 0, left_fen, "provider")
    if is_started:
        return Fee(left_fen * STARTED_PERCENT // 100, STARTED_PERCENT, left_fen, "started")
    percent = 0 if starts_at is None else _percent(starts_at - at, steps)
    return Fee(left_fen * percent // 100, percent, left_fen, "early" if percent == 0 else "late")


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

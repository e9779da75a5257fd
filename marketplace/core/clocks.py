"""How long each step of a deal may take before the system moves it on."""

from datetime import datetime, timedelta

ANSWER = timedelta(hours=72)  # a proposal that nobody answers expires
ANSWER_BEFORE_START = timedelta(hours=1)  # and in any case this long before it would begin
LAPSE = timedelta(days=14)  # an agreed order that never starts lapses this long after its period
ACCEPTANCE = timedelta(days=7)  # what is handed in and not objected to counts as accepted
RATING = timedelta(days=14)  # a completed order closes, rated or not
OVERRUN = timedelta(hours=12)  # a use that nobody finished is finished this long after its end


def answer_by(at: datetime, starts_at: datetime | None) -> datetime:
    """Return until when a proposal made `at` stands: three days, less when it would begin sooner."""
    latest = at + ANSWER
    if starts_at is None:
        return latest
    return max(min(latest, starts_at - ANSWER_BEFORE_START), at + timedelta(minutes=30))

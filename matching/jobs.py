"""What the clock starts: rounds, and the end of proposals nobody answered."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from accounts.core.actor import SYSTEM
from matching.models import Round
from matching.services import proposals, rounds


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="matching.round", lock="matching.round", pass_context=False)
def run_round(timestamp: int) -> None:
    """Run a round every MATCH_EVERY_MINUTES minutes; 0 leaves rounds to operators.

    May run twice: needs and offers with an open proposal are not gathered again.
    """
    every = settings.MATCH_EVERY_MINUTES
    if not every or timestamp // 60 % every:
        return
    try:
        rounds.run(by=SYSTEM, at=datetime.fromtimestamp(timestamp, UTC), trigger=Round.Trigger.SCHEDULE)
    except rounds.RoundRunning:
        return  # an operator is quicker; the next one comes


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="matching.expire_proposals")
def expire_proposals(timestamp: int) -> None:
    """End proposals whose time is over. May run twice: what is over is not open any more."""
    proposals.expire_due(by=SYSTEM, at=datetime.fromtimestamp(timestamp, UTC))

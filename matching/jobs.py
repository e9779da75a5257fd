"""What the clock starts: rounds, and the end of proposals nobody answered."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.core.actor import SYSTEM
from matching.models import Round
from matching.services import proposals, round_runs, round_terms, rounds


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


@app.task(queue="rounds", lock="matching.round")
def carry_out_round(code: str) -> None:
    """Carry out a round that was asked for. May run twice: what no longer waits is left alone."""
    round_runs.carry_out(UUID(code), at=timezone.now())


def queue_round(names: Mapping[str, str]) -> None:
    carry_out_round.defer(code=names["run"])


@app.task(queue="clock", retry=1)
def make_terms(code: str) -> None:
    """Write what a round's gap is made of and how scarce its offers were. May run twice: they are made once."""
    round_terms.make(UUID(code))


def queue_terms(names: Mapping[str, str]) -> None:
    make_terms.defer(code=names["round"])


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="matching.give_up_stopped")
def give_up_stopped(timestamp: int) -> None:
    """Fail rounds whose worker died. May run twice: what has failed runs no more."""
    round_runs.give_up_stopped(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="matching.expire_proposals")
def expire_proposals(timestamp: int) -> None:
    """End proposals whose time is over. May run twice: what is over is not open any more."""
    proposals.expire_due(by=SYSTEM, at=datetime.fromtimestamp(timestamp, UTC))

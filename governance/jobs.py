"""Clocks of ratings and complaints; each job may run twice, because what it has moved is no longer due."""

from django.utils import timezone
from procrastinate.contrib.django import app

from governance.services import complaints, ratings, reports


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", queueing_lock="governance.sweep_deadlines")
def sweep_deadlines(timestamp: int) -> None:
    """Move on complaints whose time is over."""
    complaints.sweep_deadlines(at=timezone.now())


@app.periodic(cron="5 * * * *")
@app.task(queue="clock", queueing_lock="governance.reveal_ratings")
def reveal_ratings(timestamp: int) -> None:
    """Open ratings whose fortnight is over."""
    ratings.reveal_ripe(at=timezone.now())


@app.periodic(cron="15 19 * * *")  # 03:15 in China
@app.task(queue="clock", queueing_lock="governance.settle_clocks")
def settle_clocks(timestamp: int) -> None:
    """Set deadlines that waited for a year's notice."""
    now = timezone.now()
    complaints.settle_clocks(at=now)
    reports.settle_clocks(at=now)

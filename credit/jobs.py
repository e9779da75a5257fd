"""Nightly work on the ledger; each may run twice, because it computes the same from the same facts."""

from django.utils import timezone
from procrastinate.contrib.django import app

from credit.services import rings, standing


@app.periodic(cron="20 18 * * *")  # 02:20 in China
@app.task(queue="clock", queueing_lock="credit.search_rings")
def search_rings(timestamp: int) -> None:
    rings.search(at=timezone.now())


@app.periodic(cron="40 18 * * *")
@app.task(queue="clock", queueing_lock="credit.recompute_standings")
def recompute_standings(timestamp: int) -> None:
    standing.recompute_all(at=timezone.now())

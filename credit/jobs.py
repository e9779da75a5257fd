"""Nightly work on the ledger; each may run twice, because it computes the same from the same facts."""

from collections.abc import Mapping

from django.utils import timezone
from procrastinate.contrib.django import app

from credit.services import rings, standing, verifications


@app.periodic(cron="20 18 * * *")  # 02:20 in China
@app.task(queue="clock", queueing_lock="credit.search_rings")
def search_rings(timestamp: int) -> None:
    rings.search(at=timezone.now())


@app.task(queue="checks", retry=3)
def record_verification(code: str) -> None:
    """Take the outcome of a verification into the ledger; a fact is taken once however often it is told."""
    verifications.record(code, at=timezone.now())


def queue_verification(names: Mapping[str, str]) -> None:
    record_verification.defer(code=names["case"])


@app.periodic(cron="40 18 * * *")
@app.task(queue="clock", queueing_lock="credit.recompute_standings")
def recompute_standings(timestamp: int) -> None:
    standing.recompute_all(at=timezone.now())

"""Work of this package that outlasts a request."""

from django.utils import timezone
from procrastinate.contrib.django import app

from marketplace.services import order_deadlines, quotes


@app.periodic(cron="*/5 * * * *")
@app.task(queue="clock", queueing_lock="sweep_deals")
def sweep_deals(timestamp: int) -> None:
    """Move on every deal whose deadline has passed. May run twice: what was moved is no longer due."""
    now = timezone.now()
    order_deadlines.sweep(at=now)
    quotes.sweep(at=now)

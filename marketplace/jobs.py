"""Work of this package that outlasts a request."""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from marketplace.services import demands, listings, order_deadlines, quotes, saved_searches


@app.periodic(cron="*/5 * * * *")
@app.task(queue="clock", queueing_lock="sweep_deals")
def sweep_deals(timestamp: int) -> None:
    """Move on every deal whose deadline has passed. May run twice: what was moved is no longer due."""
    now = timezone.now()
    order_deadlines.sweep(at=now)
    quotes.sweep(at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", queueing_lock="sweep_market")
def sweep_market(timestamp: int) -> None:
    """Pause lapsed listings and expire demands. May run twice: what was moved is no longer due."""
    now = timezone.now()
    listings.lapse_due(at=now)
    demands.expire_due(at=now)


@app.task(queue="alerts", retry=2)
def alert_searches(code: str) -> None:
    """Tell of a new listing whoever looks for its like. May run twice: a search remembers what it told of."""
    saved_searches.alert_listing(UUID(code), at=timezone.now())


def queue_alerts(names: Mapping[str, str]) -> None:
    alert_searches.defer(code=names["listing"])

"""Work of this package that outlasts a request."""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.selectors import organisations
from marketplace.services import (
    demands,
    import_recovery,
    imports,
    listings,
    order_deadlines,
    prices,
    quotes,
    saved_searches,
)


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


@app.periodic(cron="40 3 * * *")
@app.task(queue="clock", queueing_lock="release_prices")
def release_prices(timestamp: int) -> None:
    """Make the price figures of quarters that became public. May run twice: a quarter is made once."""
    prices.release_ripe(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="clock", queueing_lock="recover_imports")
def recover_imports(timestamp: int) -> None:
    """Give up the steps of imports whose job has died. May run twice: what was given up is no longer running."""
    waiting = ProcrastinateJob.objects.filter(queue_name="imports", status="todo")
    queued = {UUID(code) for code in waiting.values_list("args__code", flat=True)}
    import_recovery.recover(queued=queued, at=timezone.now())


@app.task(queue="alerts", retry=2)
def alert_searches(code: str) -> None:
    """Tell of a new listing whoever looks for its like. May run twice: a search remembers what it told of."""
    saved_searches.alert_listing(UUID(code), at=timezone.now())


@app.task(queue="clock", retry=2)
def copy_standing(code: str) -> None:
    """Let search order by the party's new standing. May run twice: it copies what stands at that time."""
    listings.copy_standing(organisations.get(code).pk)


def queue_standing(names: Mapping[str, str]) -> None:
    copy_standing.defer(code=names["organisation"])


def queue_alerts(names: Mapping[str, str]) -> None:
    alert_searches.defer(code=names["listing"])


@app.task(queue="imports", retry=1)
def check_import(code: str) -> None:
    """Read the rows of an import. May run twice: it begins anew."""
    imports.check(UUID(code), at=timezone.now())


@app.task(queue="imports", retry=1)
def commit_import(code: str, rows: list[int], publish: bool) -> None:
    """Write the rows of an import. May run twice: it is one transaction, and what is loaded is not loaded again."""
    imports.commit(UUID(code), rows=rows, publish=publish, at=timezone.now())


@app.task(queue="imports", retry=1)
def undo_import(code: str) -> None:
    """Take an import back. May run twice: the second run finds nothing."""
    imports.undo(UUID(code), at=timezone.now())


@app.task(queue="alerts", retry=2)
def alert_searches_of_import(code: str) -> None:
    """Tell of an import's listings whoever looks for their like. May run twice, as `alert_searches`."""
    saved_searches.alert_import(UUID(code), at=timezone.now())


def queue_check(names: Mapping[str, str]) -> None:
    check_import.defer(code=names["run"])


def queue_commit(names: Mapping[str, str]) -> None:
    rows = [int(number) for number in names["rows"].split(",") if number]
    commit_import.defer(code=names["run"], rows=rows, publish=names["publish"] == "1")


def queue_undo(names: Mapping[str, str]) -> None:
    undo_import.defer(code=names["run"])


def queue_import_alerts(names: Mapping[str, str]) -> None:
    alert_searches_of_import.defer(code=names["run"])

"""Work of this package that outlasts a request."""

from collections.abc import Mapping

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.services import notifications, verification


@app.task(queue="mail", retry=5)
def mail_notification(code: str) -> None:
    """Mail one notification. May run twice: the row remembers that it went out."""
    notifications.send(code, at=timezone.now())


@app.task(queue="checks", retry=2)
def check_verification(code: str) -> None:
    """Run the automatic checks of a case. May run twice: only a case that still waits for them moves."""
    verification.run_checks(code, at=timezone.now())


@app.periodic(cron="17 2 * * *")
@app.task(queue="clock", queueing_lock="expire_verifications")
def expire_verifications(timestamp: int) -> None:
    """Let lapse what has run out, and warn of what soon will. May run twice: both happen once a case."""
    verification.expire_due(at=timezone.now())


def queue_mail(names: Mapping[str, str]) -> None:
    mail_notification.defer(code=names["notification"])


def queue_checks(names: Mapping[str, str]) -> None:
    check_verification.defer(code=names["case"])

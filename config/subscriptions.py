"""Which jobs an event starts: the one written-out map from topic to job."""

from accounts import jobs as accounts
from common.events import Job

SUBSCRIPTIONS: dict[str, tuple[Job, ...]] = {
    "notification.to_mail": (accounts.queue_mail,),
    "verification.submitted": (accounts.queue_checks,),
}

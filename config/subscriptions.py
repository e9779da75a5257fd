"""Which jobs an event starts: the one written-out map from topic to job."""

from accounts import jobs as accounts
from common.events import Job
from marketplace import jobs as marketplace

SUBSCRIPTIONS: dict[str, tuple[Job, ...]] = {
    "listing.published": (marketplace.queue_alerts,),
    "notification.to_mail": (accounts.queue_mail,),
    "verification.submitted": (accounts.queue_checks,),
}

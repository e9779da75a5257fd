"""Which jobs an event starts: the one written-out map from topic to job."""

from accounts import jobs as accounts
from common.events import Job
from marketplace import jobs as marketplace

SUBSCRIPTIONS: dict[str, tuple[Job, ...]] = {
    "import.check": (marketplace.queue_check,),
    "import.commit": (marketplace.queue_commit,),
    "import.committed": (marketplace.queue_import_alerts,),
    "import.undo": (marketplace.queue_undo,),
    "listing.published": (marketplace.queue_alerts,),
    "notification.to_mail": (accounts.queue_mail,),
    "verification.submitted": (accounts.queue_checks,),
}

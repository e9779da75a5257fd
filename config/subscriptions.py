"""Which jobs an event starts: the one written-out map from topic to job."""

from accounts import jobs as accounts
from common.events import Job
from credit import jobs as credit
from marketplace import jobs as marketplace
from matching import jobs as matching

SUBSCRIPTIONS: dict[str, tuple[Job, ...]] = {
    "import.check": (marketplace.queue_check,),
    "import.commit": (marketplace.queue_commit,),
    "import.committed": (marketplace.queue_import_alerts,),
    "import.undo": (marketplace.queue_undo,),
    "listing.published": (marketplace.queue_alerts,),
    "notification.to_mail": (accounts.queue_mail,),
    "round.asked": (matching.queue_round,),
    "round.finished": (matching.queue_terms,),
    "standing.changed": (marketplace.queue_standing,),
    "verification.approved": (credit.queue_verification,),
    "verification.expired": (credit.queue_verification,),
    "verification.revoked": (credit.queue_verification,),
    "verification.submitted": (accounts.queue_checks,),
}

"""Which jobs an event starts: the one written-out map from topic to job."""

from common.events import Job

SUBSCRIPTIONS: dict[str, tuple[Job, ...]] = {}

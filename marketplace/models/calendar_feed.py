"""A secret address under which a calendar program reads one's bookings."""

from django.db import models
from django.db.models import Q


class CalendarFeed(models.Model):
    """One feed of one organisation's bookings; only the hash of its token is kept."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="calendar_feed_one_live_per_person",
                fields=["organisation", "user"],
                condition=Q(revoked_at__isnull=True),
            ),
        ]

"""What each side of a completed order says of the other."""

import uuid

from django.db import models
from django.db.models import F, Q

from governance.core.stars import DIMENSIONS


def _stars() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField()


class Rating(models.Model):
    """One party's word on the other after one order: sealed at first, frozen once it is open, never removed."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, related_name="ratings")
    rater = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="ratings_given")
    rated = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="ratings_received")
    of_provider = models.BooleanField()  # the consumer speaks of the provider; else the other way round
    stars = models.PositiveSmallIntegerField()  # 1 to 5, overall; the next four likewise
    as_described = _stars()
    on_time = _stars()
    quality = _stars()
    conduct = _stars()
    text = models.TextField(blank=True, default="")
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    opens_at = models.DateTimeField()  # at the latest; earlier when both sides have spoken
    revealed_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    # Unlawful words are hidden with a trace; the stars stay and count. Nobody deletes a rating.
    hidden_reason = models.CharField(max_length=200, blank=True, default="")
    hidden_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rating_once_per_rater_and_order", fields=["order", "rater"]),
            models.CheckConstraint(name="rating_not_of_oneself", condition=~Q(rater=F("rated"))),
            models.CheckConstraint(
                name="rating_stars_one_to_five",
                condition=Q(**{f"{name}__range": (1, 5) for name in ("stars", *DIMENSIONS)}),
            ),
            models.CheckConstraint(
                name="rating_replied_only_when_open",
                condition=Q(replied_at__isnull=True, reply="")
                | Q(replied_at__isnull=False, revealed_at__isnull=False) & ~Q(reply=""),
            ),
            models.CheckConstraint(
                name="rating_hidden_with_reason",
                condition=Q(hidden_at__isnull=True, hidden_reason="", hidden_by__isnull=True)
                | Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason=""),
            ),
        ]
        indexes = [
            models.Index(name="rating_open_by_rated", fields=["rated", "-revealed_at"]),
            models.Index(name="rating_sealed", fields=["opens_at"], condition=Q(revealed_at__isnull=True)),
        ]

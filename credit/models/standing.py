"""What the ledger amounts to: the present standing of a party and how it came there."""

from django.db import models
from django.db.models import Q

from credit.core.kinds import Grade


class Standing(models.Model):
    """The score and grade of one party as last computed; always reproducible from the ledger."""

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.PROTECT, related_name="standing")
    mean = models.FloatField()  # of the Beta posterior, 0 to 1
    low = models.FloatField()  # its 5 % quantile: what ranking uses
    rating_count = models.PositiveIntegerField()
    order_count = models.PositiveIntegerField()
    points = models.FloatField()
    grade = models.CharField(max_length=1, choices=[(g, g.name) for g in Grade])
    explanation = models.JSONField()
    rules = models.CharField(max_length=32)  # version of the published rules that it was computed by
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="standing_grade_known", condition=Q(grade__in=sorted(Grade))),
            models.CheckConstraint(
                name="standing_score_in_range", condition=Q(low__gte=0, mean__lte=1, low__lte=models.F("mean"))
            ),
        ]
        indexes = [models.Index(name="standing_by_low", fields=["-low"])]


class StandingPoint(models.Model):
    """One point of a party's history, added when its grade or score has changed."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="standing_history")
    grade = models.CharField(max_length=1)
    mean = models.FloatField()
    low = models.FloatField()
    points = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="standing_point_once", fields=["organisation", "at"])]

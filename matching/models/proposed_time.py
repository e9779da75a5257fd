"""When a proposal means its deal to take place."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q


class ProposedTime(models.Model):
    """One stretch [start, end) of the hours that a proposal is meant for; held for it while it is open."""

    proposal = models.ForeignKey("matching.Proposal", on_delete=models.PROTECT, related_name="times")
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, related_name="+")
    place_number = models.PositiveSmallIntegerField(default=1)  # which of the listing's places, counted from 1
    period = DateTimeRangeField()
    is_held = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposed_time_is_finite",
                condition=Q(period__startswith__isnull=False)
                & Q(period__endswith__isnull=False)
                & Q(period__isempty=False),
            ),
            # Two open proposals never mean the same hour of one machine.
            ExclusionConstraint(
                name="proposed_time_held_once",
                expressions=[
                    ("listing", RangeOperators.EQUAL),
                    ("place_number", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(is_held=True),
            ),
        ]
        indexes = [models.Index(name="proposed_time_by_proposal", fields=["proposal", "period"])]

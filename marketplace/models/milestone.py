"""What a milestone is."""

import uuid

from django.db import models
from django.db.models import Q

from marketplace.core.milestone_states import MILESTONE, MilestoneState


class Milestone(models.Model):
    """One part of a task order: what is due when, for how much, and what was handed in."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, related_name="milestones")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    amount_fen = models.PositiveBigIntegerField()
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in MilestoneState], default=MILESTONE.initial)
    submitted_at = models.DateTimeField(null=True)
    submission_note = models.TextField(blank=True, max_length=2000)
    file = models.FileField(upload_to="deliverables/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    accept_by = models.DateTimeField(null=True)  # then silence counts as acceptance
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="milestone_state_known", condition=Q(state__in=sorted(MilestoneState))),
            models.UniqueConstraint(name="milestone_ordinal_once", fields=["order", "ordinal"]),
        ]
        indexes = [
            models.Index(name="milestone_due", fields=["accept_by"], condition=Q(state="submitted")),
        ]

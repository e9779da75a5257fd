"""A report that something on the platform breaks a rule; who reported it stays secret."""

import uuid

from django.db import models
from django.db.models import Q

from governance.core.report_states import REPORT, ReportCategory, ReportParty, ReportState


class Report(models.Model):
    """One report about one listing or one demand; `reporter` is read only to answer them, never shown."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey("marketplace.Listing", null=True, on_delete=models.PROTECT, related_name="reports")
    demand = models.ForeignKey("marketplace.Demand", null=True, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=24, choices=[(c, c.name) for c in ReportCategory])
    text = models.TextField()
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in ReportState], default=REPORT.initial)
    measure = models.TextField(blank=True, default="")
    clue_number = models.CharField(max_length=80, blank=True, default="")  # number under which an agency took it
    created_at = models.DateTimeField()
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    is_due_provisional = models.BooleanField(default=False)  # as Complaint.is_due_provisional

    class Meta:
        constraints = [
            models.CheckConstraint(name="report_state_known", condition=Q(state__in=sorted(ReportState))),
            models.CheckConstraint(
                name="report_about_one_thing",
                condition=Q(listing__isnull=False, demand__isnull=True) | Q(listing__isnull=True, demand__isnull=False),
            ),
            models.UniqueConstraint(
                name="report_once_while_open",
                fields=["listing", "demand", "reporter"],
                nulls_distinct=False,
                condition=~Q(state=ReportState.INFORMED),
            ),
        ]


class ReportStep(models.Model):
    """One move of a report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=24)
    source = models.CharField(max_length=24)
    target = models.CharField(max_length=24)
    party = models.CharField(max_length=16, choices=[(p, p.name) for p in ReportParty])
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()

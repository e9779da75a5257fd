"""A wrong that a party asks to be put right, its history and its proofs."""

import uuid

from django.db import models
from django.db.models import F, Q

from governance.core.complaint_states import CLOSED, COMPLAINT, ComplaintParty, ComplaintState
from governance.core.complaint_terms import Category, Finding, Outlet, Remedy


class Complaint(models.Model):
    """One party's complaint about an order or a listing of another."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("marketplace.Order", null=True, on_delete=models.PROTECT, related_name="complaints")
    listing = models.ForeignKey("marketplace.Listing", null=True, on_delete=models.PROTECT, related_name="complaints")
    complainant = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="complaints_made")
    respondent = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="complaints_against")
    category = models.CharField(max_length=24, choices=[(c, c.name) for c in Category])
    title = models.CharField(max_length=80)
    text = models.TextField()
    remedy = models.CharField(max_length=16, choices=[(r, r.name) for r in Remedy])  # what is asked for
    claim_fen = models.PositiveBigIntegerField(null=True)
    state = models.CharField(max_length=24, choices=[(s, s.name) for s in ComplaintState], default=COMPLAINT.initial)
    since_at = models.DateTimeField()  # in this state since
    due_at = models.DateTimeField(null=True)  # the present state's deadline
    hard_stop_at = models.DateTimeField(null=True)  # the law's outer limit, from acceptance, pauses not counted
    # Counted before the State Council's notice of that year: shown as such, counted again, and nothing moves by it.
    is_due_provisional = models.BooleanField(default=False)
    is_hard_stop_provisional = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)  # the respondent hears of it and the law's clock starts
    closed_at = models.DateTimeField(null=True)
    mediator = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    offer = models.TextField(blank=True, default="")  # what the respondent offers, or the mediator proposes
    offer_fen = models.PositiveBigIntegerField(null=True)
    finding = models.CharField(max_length=16, choices=[(f, f.name) for f in Finding], blank=True, default="")
    complainant_agreed_at = models.DateTimeField(null=True)
    respondent_agreed_at = models.DateTimeField(null=True)
    outlet = models.CharField(max_length=16, choices=[(o, o.name) for o in Outlet], blank=True, default="")
    reopened_at = models.DateTimeField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)  # 1 to 5, asked of the complainant at the end

    class Meta:
        constraints = [
            models.CheckConstraint(name="complaint_state_known", condition=Q(state__in=sorted(ComplaintState))),
            models.CheckConstraint(
                name="complaint_about_one_thing",
                condition=Q(order__isnull=False, listing__isnull=True) | Q(order__isnull=True, listing__isnull=False),
            ),
            models.CheckConstraint(name="complaint_not_against_oneself", condition=~Q(complainant=F("respondent"))),
            models.CheckConstraint(
                name="complaint_escalated_names_outlet",
                condition=~Q(state=ComplaintState.ESCALATED) | ~Q(outlet=""),
            ),
            models.CheckConstraint(
                name="complaint_closed_has_an_end",
                condition=~Q(state__in=sorted(CLOSED)) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_satisfaction_one_to_five",
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__gte=1, satisfaction__lte=5),
            ),
        ]
        indexes = [
            models.Index(name="complaint_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(name="complaint_by_respondent", fields=["respondent", "submitted_at"]),
        ]


class ComplaintStep(models.Model):
    """One move of a complaint: who took it, when, and in which words."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=24)
    source = models.CharField(max_length=24)
    target = models.CharField(max_length=24)
    party = models.CharField(max_length=16, choices=[(p, p.name) for p in ComplaintParty])
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    offer_fen = models.PositiveBigIntegerField(null=True)
    at = models.DateTimeField()


class Pause(models.Model):
    """A stretch in which the outer clock of a complaint stood still, and why."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pause_one_at_a_time", fields=["complaint"], condition=Q(until_at__isnull=True)
            ),
        ]


class Evidence(models.Model):
    """A file that a party puts before the others: checked by its content, named by its hash."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="evidence")
    party = models.CharField(max_length=16, choices=[(p, p.name) for p in ComplaintParty])
    file = models.FileField(upload_to="evidence/%Y/%m/")
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    caption = models.CharField(max_length=120, blank=True, default="")
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="evidence_once_per_complaint", fields=["complaint", "sha256"]),
        ]

"""Identity verification: a case, its documents, what the machine found, and every step."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.core.levels import CaseKind
from accounts.core.verification_states import OPEN, VERIFICATION, VerificationState


class VerificationCase(models.Model):
    """One request to have an identity or a licence verified."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="verifications")
    kind = models.CharField(max_length=16, choices=[(kind, kind.name) for kind in CaseKind])
    licence = models.CharField(max_length=48, blank=True)  # which licence, in a case of that kind
    name = models.CharField(max_length=160)  # as written on the document
    # An organisation's credit code or a licence's number, in full; a person's number only as its last four places.
    number = models.CharField(max_length=64)
    number_digest = models.CharField(max_length=64)  # keyed; finds the same person twice without keeping the number
    representative = models.CharField(max_length=80, blank=True)
    document_until = models.DateField(null=True)
    state = models.CharField(
        max_length=16, choices=[(s, s.name) for s in VerificationState], default=VERIFICATION.initial
    )
    # Nobody hands in for the made-up parties of the demo.
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()
    risk_percent = models.PositiveSmallIntegerField(null=True)
    is_sampled = models.BooleanField(default=False)  # passed by the machine, drawn for a second look by a person
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="verification_kind_known", condition=Q(kind__in=sorted(CaseKind))),
            models.CheckConstraint(name="verification_state_known", condition=Q(state__in=sorted(VerificationState))),
            models.UniqueConstraint(
                name="verification_open_once",
                fields=["organisation", "kind", "licence"],
                condition=Q(state__in=sorted(OPEN)),
            ),
            models.CheckConstraint(
                name="verification_approved_has_an_end",
                condition=~Q(state=VerificationState.APPROVED) | Q(valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="verification_licence_is_named",
                condition=Q(kind=CaseKind.LICENCE) & ~Q(licence="") | ~Q(kind=CaseKind.LICENCE) & Q(licence=""),
            ),
        ]
        indexes = [
            models.Index(name="verification_queue", fields=["state", "submitted_at"]),
            models.Index(name="verification_by_number", fields=["number_digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}: {self.state}"


class PictureBands(models.Func):
    """The five bands of a 64-bit hash, 13, 13, 13, 13 and 12 bits wide, each with its place in front."""

    template = (
        "ARRAY[(%(expressions)s & 8191)::int, ((%(expressions)s >> 13) & 8191)::int + 8192,"
        " ((%(expressions)s >> 26) & 8191)::int + 16384, ((%(expressions)s >> 39) & 8191)::int + 24576,"
        " ((%(expressions)s >> 52) & 4095)::int + 32768]"
    )
    output_field = ArrayField(models.IntegerField(null=True))


class VerificationDocument(models.Model):
    """One stored page: a re-encoded picture or a checked PDF, read only by its owner and reviewers."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(VerificationCase, on_delete=models.PROTECT, related_name="documents")
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=32)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    # A 64-bit difference hash; near pictures have near hashes. Signed, as PostgreSQL's bigint is.
    picture_hash = models.BigIntegerField(null=True)
    # Two hashes that differ in at most four bits agree in at least one of five bands: what the index looks for.
    picture_bands = models.GeneratedField(
        expression=PictureBands("picture_hash"),
        output_field=ArrayField(models.IntegerField(null=True)),
        db_persist=True,
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="verification_document_hash", fields=["sha256"]),
            # services.documents: who else handed in a picture like this one
            GinIndex(
                name="verification_document_bands",
                fields=["picture_bands"],
                condition=Q(picture_hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_type}, {self.size_bytes} bytes"


class VerificationCheck(models.Model):
    """What one automatic check found, with the reason in words."""

    case = models.ForeignKey(VerificationCase, on_delete=models.CASCADE, related_name="checks")
    round = models.PositiveSmallIntegerField()  # counts resubmissions from 1
    name = models.CharField(max_length=32)
    outcome = models.CharField(max_length=8)
    risk_percent = models.PositiveSmallIntegerField()
    message = models.CharField(max_length=240)  # a message id, translated when shown
    params = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"


class VerificationStep(models.Model):
    """One move of a case: by whom, when and why."""

    case = models.ForeignKey(VerificationCase, on_delete=models.CASCADE, related_name="steps")
    move = models.CharField(max_length=16)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.move}: {self.source} -> {self.target}"

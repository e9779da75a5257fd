"""What the parties of an order agree to, and that they did."""

import uuid

from django.db import models


class Agreement(models.Model):
    """One version of the terms of an order; never altered (a trigger refuses it)."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    terms = models.JSONField()  # for readers; `canonical` is what was hashed
    canonical = models.TextField()  # JSON, keys sorted, no blanks, UTF-8
    sha256 = models.CharField(max_length=64, db_index=True)
    text_zh = models.TextField()
    text_en = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agreement_version_once", fields=["order", "version"]),
        ]


class AgreementAcceptance(models.Model):
    """One side's yes to one version, by a person, at a time; never altered."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="acceptances")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agreement_accepted_once", fields=["agreement", "organisation"]),
        ]

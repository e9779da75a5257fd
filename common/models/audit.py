"""Who did what to which thing, for investigation and never for logic."""

from django.db import models


class AuditEntry(models.Model):
    """One act; rows are only ever added (a trigger refuses the rest)."""

    at = models.DateTimeField(db_index=True)
    user_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=64)
    thing = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(name="audit_by_thing", fields=["thing", "code", "at"])]

"""What was read, by whom, when and about whom; visible to the reader and to those who were read about."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Via(models.TextChoices):
    """The door through which a read came."""

    API = "api"
    PAGE = "page"


class ReadLog(models.Model):
    """One answered read; rows are only ever added (a trigger refuses the rest)."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    agency = models.ForeignKey("supervision.Agency", on_delete=models.PROTECT, related_name="reads")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("supervision.AgencyClient", null=True, on_delete=models.PROTECT, related_name="reads")
    via = models.CharField(max_length=8, choices=Via.choices)
    resource = models.CharField(max_length=32)
    level = models.CharField(max_length=2)  # of de-identification, D0 (identified) to D4 (public)
    query = models.JSONField(default=dict)
    territory = ArrayField(models.CharField(max_length=6))  # prefixes of division codes
    rows = models.PositiveIntegerField()
    # Whom the rows are about, so that they can see it; never shown to the agency.
    organisation_ids = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(name="reads_of_an_agency", fields=["agency", "-at", "-id"]),
            GinIndex(name="reads_about_a_party", fields=["organisation_ids"]),
        ]
        constraints = [
            models.CheckConstraint(name="read_log_via_known", condition=models.Q(via__in=Via.values)),
            models.CheckConstraint(
                name="read_by_a_person_or_a_client",
                condition=models.Q(officer__isnull=False, client__isnull=True)
                | models.Q(officer__isnull=True, client__isnull=False),
            ),
        ]

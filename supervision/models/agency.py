"""The authorities that read, the people who read for them, and the keys that hide names from them."""

import secrets
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from supervision.core.pseudonym import KEY_BYTES
from supervision.core.territory import Territory, territory


class Level(models.TextChoices):
    """The tier of the authority in the order of administration."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Agency(models.Model):
    """A competent authority with its territory and what it may read there."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    level = models.CharField(max_length=16, choices=Level.choices)
    # Six-digit codes of GB/T 2260; 000000 is the whole country.
    division_codes = ArrayField(models.CharField(max_length=6))
    scopes = ArrayField(models.CharField(max_length=32))
    legal_basis = models.CharField(max_length=255)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.CheckConstraint(name="agency_level_known", condition=models.Q(level__in=Level.values)),
            models.CheckConstraint(name="agency_has_territory", condition=~models.Q(division_codes=[])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def territory(self) -> Territory:
        return territory(self.division_codes)


class AgencyClient(models.Model):
    """A machine that reads for an agency: one OAuth application, with the scopes of its agency at most."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="clients")
    application = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, on_delete=models.PROTECT, related_name="agency_client"
    )
    label = models.CharField(max_length=80)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class AgencyOfficer(models.Model):
    """A person who reads for an agency on the pages."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officers")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class AgencyKey(models.Model):
    """The key of the pseudonyms that one agency sees in one quarter."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="keys")
    quarter = models.CharField(max_length=6)
    secret = models.BinaryField(max_length=KEY_BYTES, default=new_key)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_key_per_agency_and_quarter", fields=["agency", "quarter"]),
        ]

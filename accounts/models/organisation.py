"""Parties, who belongs to them, and who was asked to."""

import uuid
from datetime import datetime

from django.contrib.gis.db import models
from django.db.models import Q

from accounts.core.actor import Role
from accounts.core.levels import Level
from accounts.core.parties import OrganisationKind, Size

MEMBER_ROLES = (Role.OWNER, Role.MANAGER, Role.MEMBER)


class Organisation(models.Model):
    """A party that offers and needs: an organisation with members, or a person acting for themselves."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=[(kind, kind.name) for kind in OrganisationKind])
    name = models.CharField(max_length=160)
    # Only a party of kind PERSON has one: the user who is this person.
    person = models.OneToOneField("accounts.User", on_delete=models.PROTECT, null=True, related_name="personal_party")
    credit_code = models.CharField(max_length=18, null=True)
    size = models.CharField(max_length=8, choices=[(size, size.name) for size in Size], blank=True)
    division_code = models.CharField(max_length=6, blank=True, db_index=True)  # GB/T 2260
    industry_code = models.CharField(max_length=8, blank=True)  # GB/T 4754, with its section letter
    place = models.PointField(srid=4326, null=True)
    address = models.CharField(max_length=240, blank=True)
    introduction = models.TextField(blank=True)
    founded_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)
    # Both follow from the approved verification cases; services.verification alone writes them.
    verification_level = models.PositiveSmallIntegerField(default=Level.MAIL)
    verified_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisation_kind_known", condition=Q(kind__in=sorted(OrganisationKind))),
            models.CheckConstraint(name="organisation_size_known", condition=Q(size__in=["", *sorted(Size)])),
            models.CheckConstraint(
                name="organisation_person_is_somebody",
                condition=Q(kind=OrganisationKind.PERSON, person__isnull=False)
                | (~Q(kind=OrganisationKind.PERSON) & Q(person__isnull=True)),
            ),
            # Anybody may claim a code, so nobody can be locked out by a false claim; only one can prove it.
            models.UniqueConstraint(
                name="organisation_credit_code_proved_once",
                fields=["credit_code"],
                condition=Q(verification_level__gte=Level.ORGANISATION),
            ),
            models.CheckConstraint(
                name="organisation_level_has_an_end",
                condition=Q(verification_level=Level.MAIL) | Q(verified_until__isnull=False),
            ),
        ]
        indexes = [models.Index(name="organisation_by_credit_code", fields=["credit_code"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        return self.kind == OrganisationKind.PERSON


class Membership(models.Model):
    """A user's place in a party; a person is the owner of their own."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role, role.name) for role in MEMBER_ROLES])
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="membership_once", fields=["user", "organisation"]),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=sorted(MEMBER_ROLES))),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organisation_id}: {self.role}"


class Invitation(models.Model):
    """A letter that lets whoever holds its secret join; only the secret's hash is kept."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=[(role, role.name) for role in MEMBER_ROLES])
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="invitation_open_once",
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(name="invitation_role_known", condition=Q(role__in=sorted(MEMBER_ROLES))),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation_id}"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at

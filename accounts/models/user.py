"""People who log in, and what the platform trusts them with."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.core.actor import STAFF, Role

STAFF_ROLES = sorted({*STAFF, Role.REGULATOR})


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create the bare account; `accounts.services.registration.register` is what people go through."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person's account; what they may do follows from memberships and staff roles."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=80)
    phone = models.CharField(max_length=24, blank=True)
    language = models.CharField(max_length=16, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "joined_at"]

    class Meta:
        constraints = [models.CheckConstraint(name="user_email_lower", condition=Q(email=Lower(F("email"))))]

    def __str__(self) -> str:
        return self.display_name or self.email


class StaffRole(models.Model):
    """One thing that the platform, or an authority, trusts a user with."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=16, choices=[(role, role.name) for role in STAFF_ROLES])
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="staff_role_once", fields=["user", "role"]),
            models.CheckConstraint(name="staff_role_known", condition=Q(role__in=STAFF_ROLES)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"

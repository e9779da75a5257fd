"""Keys for programs that act for a user in one party."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ApiToken(models.Model):
    """A secret that stands for a user acting for one party; only its hash is kept."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="api_tokens")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=8)  # its first places, so that people know which one it is
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=16))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at

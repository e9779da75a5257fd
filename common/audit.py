"""The append-only record of acts."""

from datetime import datetime
from typing import Protocol

from django.db import models

from common.models import AuditEntry


class Doer(Protocol):
    """What the record needs to know of whoever acts."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int | None: ...


def record(act: str, thing: models.Model, *, by: Doer, at: datetime, **facts: object) -> None:
    """Add who did `act` to `thing` and when; `facts` are plain values, never personal ones."""
    AuditEntry.objects.create(
        at=at,
        user_id=by.user_id,
        organisation_id=by.organisation_id,
        act=act,
        thing=thing._meta.label_lower,
        code=str(getattr(thing, "code", thing.pk)),
        facts=facts,
    )

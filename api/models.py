"""What the API remembers: the answer to a write, so that a repeated request is not a repeated act."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction

from common.db import violated_constraint

KEPT = timedelta(hours=24)


class IdempotentAnswerManager(models.Manager["IdempotentAnswer"]):
    def claim(self, *, user_id: int, key: str, fingerprint: str, at: datetime) -> "IdempotentAnswer | None":
        """Take `key` for this request; None when it is taken. A concurrent claim waits for the first one's end."""
        self.filter(user_id=user_id, key=key, created_at__lt=at - KEPT).delete()
        try:
            with transaction.atomic():
                return self.create(user_id=user_id, key=key, fingerprint=fingerprint, created_at=at)
        except IntegrityError as error:
            if violated_constraint(error) != "idempotent_answer_once":
                raise
            return None


class IdempotentAnswer(models.Model):
    """One answered write of one user under the key they chose."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    objects: ClassVar[IdempotentAnswerManager] = IdempotentAnswerManager()

    class Meta:
        constraints = [models.UniqueConstraint(name="idempotent_answer_once", fields=["user", "key"])]

    def __str__(self) -> str:
        return self.key

    def keep(self, status: int, body: Any) -> None:
        self.status, self.body = status, body
        self.save(update_fields=["status", "body"])

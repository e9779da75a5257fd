"""The journal of changes behind the feeds: for each supervised row, the transaction that touched it last."""

from django.db import models


class Change(models.Model):
    """The latest change of one supervised row, written by triggers so that no writer can forget it.

    Ordered by (transaction, number), and read only up to the oldest transaction still running, the journal hands out
    every change exactly once, whatever order transactions commit in.
    """

    kind = models.CharField(max_length=24)
    row_id = models.BigIntegerField()
    transaction = models.BigIntegerField()  # PostgreSQL's pg_current_xact_id()
    number = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_change_per_row", fields=["kind", "row_id"]),
        ]
        indexes = [
            models.Index(name="changes_in_order", fields=["kind", "transaction", "number"]),
        ]

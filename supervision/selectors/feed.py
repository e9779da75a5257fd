"""What changed since a position in the journal, as far as nothing that is still being written can come before it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from supervision.core.cursor import Position
from supervision.models import Change

# Transactions end in another order than they begin: whatever began after the oldest one still running has to wait, or
# a reader that has gone past it would miss what that one writes. `pg_stat_activity` says since when it runs.
_HORIZON = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0),
       least(statement_timestamp(), (
           SELECT min(xact_start) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
       ))
"""


@dataclass(frozen=True)
class Horizon:
    """How far the journal can be read: transactions below `before`, and the reader's own; complete as of `as_of`."""

    before: int
    own: int
    as_of: datetime


@dataclass(frozen=True)
class Entry:
    """One row that changed, and where in the journal that stands."""

    kind: str
    row_id: int
    position: Position
    at: datetime


def horizon() -> Horizon:
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        return Horizon(*cursor.fetchone())


def after(position: Position, kinds: Collection[str], upto: Horizon, limit: int) -> list[Entry]:
    """Return the first `limit` changes after `position`, oldest first; a row appears at its latest change only."""
    rows = (
        Change.objects.filter(
            Q(transaction__lt=upto.before) | Q(transaction=upto.own),
            Q(transaction__gt=position.transaction) | Q(number__gt=position.number),
            kind__in=kinds,
            transaction__gte=position.transaction,
        )
        .order_by("transaction", "number")
        .values_list("kind", "row_id", "transaction", "number", "at")[:limit]
    )
    return [Entry(kind, row_id, Position(transaction, number), at) for kind, row_id, transaction, number, at in rows]


def latest(kind: str) -> datetime | None:
    """Return when any row of `kind` changed last; None when there is none."""
    return Change.objects.filter(kind=kind).order_by("-transaction", "-number").values_list("at", flat=True).first()

"""The read log: written in the transaction of each read, and itself read by the agency."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from supervision.core.cursor import Position
from supervision.core.reader import Reader
from supervision.models import ReadLog
from supervision.selectors import read_log
from supervision.services import cursors


def record(
    reader: Reader,
    *,
    resource: str,
    level: str,
    query: Mapping[str, object],
    rows: int,
    at: datetime,
    organisation_ids: Collection[int] = (),
) -> ReadLog:
    """Add one row to the read log: who read how many rows of what, and about whom.

    Args:
        level: of de-identification of what was handed out, "D1" to "D4".
        organisation_ids: the parties the rows are about; they can see that they were read about.
    """
    return ReadLog.objects.create(
        at=at,
        agency_id=reader.agency_id,
        officer_id=reader.officer_id,
        client_id=reader.client_id,
        via=reader.via,
        resource=resource,
        level=level,
        query=dict(query),
        territory=list(reader.territory.prefixes),
        rows=rows,
        organisation_ids=sorted(set(organisation_ids)),
    )


@dataclass(frozen=True)
class LogPage:
    """A stretch of the read log, newest first; `older` continues it and is empty at the end."""

    rows: list[ReadLog]
    older: str


@transaction.atomic
def own(reader: Reader, *, before: str, limit: int, at: datetime) -> LogPage:
    """Return what the reader's agency has read; looking at the log is a read too and stands in it.

    Raises:
        CursorRefused: `before` was not given by this log to this agency.
    """
    feed = cursors.feed_name(reader.agency_code, "reads", {})
    rows = read_log.of_agency(reader)
    if before:
        rows = rows.filter(pk__lt=cursors.opened(before, feed).number)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    older = cursors.sealed(Position(0, shown[-1].pk), feed) if len(found) > limit else ""
    asked = {"limit": limit, "continued": bool(before)}
    record(reader, resource="reads", level="D1", query=asked, rows=len(shown), at=at)
    return LogPage(shown, older)

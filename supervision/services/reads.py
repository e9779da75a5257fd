"""Writing down what was read, in the transaction of the read itself."""

from collections.abc import Collection, Mapping
from datetime import datetime

from supervision.core.reader import Reader
from supervision.models import ReadLog


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

"""Reading rows: page by page from the journal of changes, each page written down in the read log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from supervision.core.cursor import START, Position
from supervision.core.fields import Resource
from supervision.core.pseudonym import quarter_of
from supervision.core.reader import Reader
from supervision.core.resources import BY_KIND, BY_NAME
from supervision.core.rows import shape
from supervision.core.territory import Territory
from supervision.selectors import feed, rows
from supervision.selectors.feed import Entry
from supervision.services import cursors, keys, reads

MOST_ROWS = 500
# A page looks at so many changes at most: a small territory in a large country gets short pages, not slow ones.
MOST_BATCHES = 10


@dataclass(frozen=True)
class Query:
    """What a reader asks of a feed."""

    cursor: str = ""
    limit: int = 100
    division: str = ""
    direction: str = ""

    @property
    def filters(self) -> dict[str, str]:
        return {name: value for name in ("division", "direction") if (value := getattr(self, name))}


@dataclass(frozen=True)
class Page:
    """A stretch of a feed; `cursor` continues it, at once or whenever the reader comes back."""

    rows: Sequence[Mapping[str, Any]]
    cursor: str
    has_more: bool
    as_of: datetime
    pseudonym_quarter: str


@transaction.atomic
def read(reader: Reader, resource_name: str, query: Query, *, at: datetime) -> Page:
    """Return the rows of a resource that changed since the cursor, oldest change first.

    Without a cursor the feed begins at the beginning: every row once, at its latest change. Continuing from the last
    cursor later gives exactly the rows that changed since; none is missed and none comes twice without a change.

    Raises:
        CursorRefused: not a cursor of this feed; nothing was read.
    """
    resource = BY_NAME[resource_name]
    return _page(reader, query, at, name=resource.name, level=resource.level, resources=[resource], show=_row)


@transaction.atomic
def changes(reader: Reader, query: Query, *, at: datetime) -> Page:
    """Return which rows changed since the cursor, over all resources that the reader may read: names and times only.

    Raises:
        CursorRefused: not a cursor of this feed; nothing was read.
    """
    readable = [resource for resource in BY_NAME.values() if reader.may(resource.scope)]
    return _page(reader, query, at, name="changes", level="D1", resources=readable, show=_notice)


Values = Mapping[str, Any]


def _page(
    reader: Reader,
    query: Query,
    at: datetime,
    *,
    name: str,
    level: str,
    resources: Sequence[Resource],
    show: Callable[[Entry, Values, bytes], Values],
) -> Page:
    feed_name = cursors.feed_name(reader.agency_code, name, query.filters)
    position = cursors.opened(query.cursor, feed_name) if query.cursor else START
    territory = reader.territory.narrowed(query.division) if query.division else reader.territory
    upto = feed.horizon()
    taken: list[tuple[Entry, Values]] = []
    has_more = False
    for entry, values, is_last in _walk(position, [r.kind for r in resources], upto, territory, query.limit):
        position, has_more = entry.position, not is_last
        if values is not None and query.direction in ("", values.get("direction")):
            taken.append((entry, values))
        if len(taken) == query.limit:
            break
    key = keys.key_for(reader.agency_id, at)
    shown = [show(entry, values, key) for entry, values in taken]
    about = {party for _, values in taken for party in values["about"]}
    asked = {**query.filters, "limit": query.limit, "continued": bool(query.cursor)}
    reads.record(reader, resource=name, level=level, query=asked, rows=len(shown), at=at, organisation_ids=about)
    return Page(shown, cursors.sealed(position, feed_name), has_more, upto.as_of, quarter_of(at))


def _walk(
    position: Position, kinds: Sequence[str], upto: feed.Horizon, territory: Territory, limit: int
) -> Iterator[tuple[Entry, Values | None, bool]]:
    """Yield the changes after `position`: entry, the row if the reader may see it, and whether no change follows."""
    for _ in range(MOST_BATCHES):
        # One more than is handed out tells whether anything follows.
        entries = feed.after(position, kinds, upto, limit + 1)
        batch = entries[:limit]
        ids: dict[str, list[int]] = {}
        for entry in batch:
            ids.setdefault(entry.kind, []).append(entry.row_id)
        found = {kind: rows.by_id(kind, of_kind, territory) for kind, of_kind in ids.items()}
        for entry in batch:
            position = entry.position
            yield entry, found[entry.kind].get(entry.row_id), len(entries) <= limit and entry is batch[-1]
        if len(entries) <= limit:
            return


def _row(entry: Entry, values: Values, key: bytes) -> Values:
    return shape(BY_KIND[entry.kind], values, key=key, last_updated=entry.at)


def _notice(entry: Entry, values: Values, key: bytes) -> Values:
    resource = BY_KIND[entry.kind]
    own = resource.fields[0]
    shown = shape(resource, values, key=key, last_updated=entry.at)
    return {"resource": resource.name, "id": shown[own.name], "last_updated": entry.at}

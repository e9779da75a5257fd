"""Cursors under this platform's secret."""

from django.conf import settings

from common.errors import Refused, gettext_noop
from supervision.core import cursor
from supervision.core.cursor import CursorError, Position, feed_name

__all__ = ["CursorRefused", "feed_name", "opened", "sealed"]


class CursorRefused(Refused):
    """The cursor is not one that this feed gave to this reader with these filters."""


def opened(text: str, feed: str) -> Position:
    """Return where `text` stands in the feed.

    Raises:
        CursorRefused: `sealed` did not make it for this feed.
    """
    try:
        return cursor.read(text, secret=_secret(), feed=feed)
    except CursorError as error:
        raise CursorRefused(
            gettext_noop("This cursor does not belong to this feed with these filters."),
            fix=gettext_noop("Leave the cursor out to begin again."),
            field="cursor",
        ) from error


def sealed(position: Position, feed: str) -> str:
    return cursor.write(position, secret=_secret(), feed=feed)


def _secret() -> bytes:
    return settings.SECRET_KEY.encode()

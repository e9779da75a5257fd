"""Where a reader of a change feed stands: opaque to the reader, bound to the feed and filters it came from."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken

MAX_LENGTH = 500


class CursorError(ValueError):
    """The cursor was not made here, was altered, or belongs to another feed, filter or reader."""


@dataclass(frozen=True, order=True)
class Position:
    """The last change handed out: the transaction that wrote it and its number in the journal."""

    transaction: int
    number: int


START = Position(0, 0)


def write(position: Position, *, secret: bytes, feed: str) -> str:
    """Return `position` sealed for the reader of `feed`.

    Sealed rather than signed: the journal's numbers would tell one agency how busy the platform is elsewhere.

    Args:
        secret: what only this platform knows.
        feed: names reader, resource and filters; a cursor opens for the same name only.
    """
    plain = json.dumps([position.transaction, position.number]).encode()
    return _box(secret, feed).encrypt(plain).decode().rstrip("=")


def read(text: str, *, secret: bytes, feed: str) -> Position:
    """Return the position that `write` sealed.

    Raises:
        CursorError: for anything that `write` did not make for this very feed.
    """
    if len(text) > MAX_LENGTH or not text.isascii():
        raise CursorError("not a cursor")
    try:
        plain = _box(secret, feed).decrypt(text + "=" * (-len(text) % 4))
    except InvalidToken as error:
        raise CursorError("not a cursor of this feed") from error
    transaction, number = json.loads(plain)
    return Position(transaction, number)


def feed_name(reader: str, resource: str, filters: Mapping[str, str]) -> str:
    """Return the name that binds a cursor to who reads what with which filters."""
    return json.dumps([reader, resource, sorted(filters.items())], separators=(",", ":"))


def _box(secret: bytes, feed: str) -> Fernet:
    key = hmac.new(secret, b"supervision cursor\x1f" + feed.encode(), hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))

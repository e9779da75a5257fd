"""Keyed names that hide who a row is about: one key per agency and quarter, so agencies cannot join what they read."""

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime, timedelta, timezone

KEY_BYTES = 32
# 130 bits of the code: two different things get the same name with probability below 1e-27 even among 10 million.
NAME_LENGTH = 26
_SHANGHAI = timezone(timedelta(hours=8))


def quarter_of(at: datetime) -> str:
    """Return the quarter in which `at` lies in China, as in "2026Q4".

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    local = at.astimezone(_SHANGHAI)
    return f"{local.year}Q{(local.month - 1) // 3 + 1}"


def pseudonym(key: bytes, kind: str, identifier: str) -> str:
    """Return the name under which `kind`/`identifier` appears to the holder of rows made with `key`.

    The kind is part of what is hashed: a party and an order that happen to share an identifier get unrelated names.

    Source:
        HMAC-SHA-256, RFC 2104 and FIPS 198-1; Base32 of RFC 4648, lower case.

    Raises:
        ValueError: the key is not 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a pseudonym key has 32 bytes")
    digest = hmac.new(key, f"{kind}\x1f{identifier}".encode(), hashlib.sha256).digest()
    return b32encode(digest).decode().lower()[:NAME_LENGTH]

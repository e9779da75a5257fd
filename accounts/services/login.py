"""How often somebody may guess at a password."""

import hashlib

from django.core.cache import cache

from common.errors import Refused, gettext_noop

WINDOW_S = 15 * 60
PER_ACCOUNT_AND_ADDRESS = 5
PER_ACCOUNT = 30
PER_ADDRESS = 60


class TooManyAttempts(Refused):
    """Guessing has to rest."""


def refuse_guessing(email: str, address: str) -> None:
    """Let pass only who has not failed too often lately.

    Raises:
        TooManyAttempts: for this account from this address, for this account, or from this address.
    """
    if any(int(cache.get(key, 0)) >= most for key, most in _counters(email, address)):
        raise TooManyAttempts(
            gettext_noop("Too many attempts; logging in rests for %(minutes)s minutes."),
            fix=gettext_noop("If you forgot the password, have a new one set by mail."),
            params={"minutes": WINDOW_S // 60},
        )


def note_failure(email: str, address: str) -> None:
    """Count one failure; counts fade when nothing fails for a quarter of an hour."""
    for key, _ in _counters(email, address):
        if not cache.add(key, 1, WINDOW_S):
            try:
                cache.incr(key)
            except ValueError:  # it faded between the two calls
                cache.set(key, 1, WINDOW_S)


def note_success(email: str, address: str) -> None:
    """Forget the failures of this account from this address."""
    cache.delete(_counters(email, address)[0][0])


def _counters(email: str, address: str) -> list[tuple[str, int]]:
    account = hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()[:32]
    return [
        (f"login:{account}:{address}", PER_ACCOUNT_AND_ADDRESS),
        (f"login:{account}", PER_ACCOUNT),
        (f"login:from:{address}", PER_ADDRESS),
    ]

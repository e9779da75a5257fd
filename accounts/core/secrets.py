"""Secrets that are shown once and kept only as a hash."""

import hashlib
import secrets


def new(prefix: str = "") -> str:
    """Return a fresh secret with 256 random bits behind a recognisable prefix."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is kept of a secret; its randomness makes a plain hash enough."""
    return hashlib.sha256(secret.encode()).hexdigest()

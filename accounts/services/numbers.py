"""Finding a number on a document again without keeping it."""

from django.utils.crypto import salted_hmac


def digest(number: str) -> str:
    """Return the keyed digest of a normalised number; the same number always gives the same."""
    return salted_hmac("accounts.verification.number", number, algorithm="sha256").hexdigest()

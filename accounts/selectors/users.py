"""People's accounts."""

from accounts.models import User


def get(user_id: int) -> User:
    """Return the account with this internal id.

    Raises:
        User.DoesNotExist: no such account.
    """
    return User.objects.get(pk=user_id)


def by_email(email: str) -> User | None:
    """Return the account with this address, or None."""
    return User.objects.filter(email=email.strip().lower()).first()

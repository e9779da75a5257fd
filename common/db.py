"""What PostgreSQL says when it refuses, and its locks on things that are no row."""

from django.db import IntegrityError, connection


def violated_constraint(error: IntegrityError) -> str:
    """Return the name of the constraint that `error` broke, or an empty string."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag and diag.constraint_name) or ""


def advisory_lock(name: str, number: int) -> None:
    """Hold, until the running transaction ends, the one lock of this name and number; waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [name, number])

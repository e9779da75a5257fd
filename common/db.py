"""What PostgreSQL says when it refuses."""

from django.db import IntegrityError


def violated_constraint(error: IntegrityError) -> str:
    """Return the name of the constraint that `error` broke, or an empty string."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag and diag.constraint_name) or ""

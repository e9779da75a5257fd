"""The named dimensions of a rating and what its stars are worth to the ledger."""

DIMENSIONS = ("as_described", "on_time", "quality", "conduct")
LEAST, MOST = 1, 5


def value(stars: int) -> float:
    """Return `stars` (1 to 5) as a value from 0 (bad) to 1 (good)."""
    return (stars - LEAST) / (MOST - LEAST)

"""Match rounds with their certificates, as the supervision reads them; a round is about no single party."""

from collections.abc import Collection
from typing import Any

from matching.models import Round

CERTIFICATE = (
    "n_needs", "n_lots", "n_edges", "n_deals", "primal_fen", "dual_fen", "gap_fen", "blocking", "unfair", "budget_fen",
    "greedy_fen", "first_come_fen", "is_sound", "is_exact",
)  # fmt: skip


def rounds(ids: Collection[int]) -> list[dict[str, Any]]:
    """Return the rounds of `ids` with everything that a stranger needs to check them."""
    rows = Round.objects.filter(pk__in=ids).values(
        "pk", "code", "at", "trigger", "directions", "parameters", "software", "n_components", "n_served",
        "n_unmatched", "fairness", "value_fen", "gather_ms", "solve_ms", "verify_ms", "input_sha256", "outcome_sha256",
        *CERTIFICATE,
    )  # fmt: skip
    return [
        {**row, "certificate": {name: row.pop(name) for name in CERTIFICATE}, "about": [], "code": str(row["code"])}
        for row in rows
    ]


def newest(limit: int) -> list[int]:
    """Return the ids of the newest rounds."""
    return list(Round.objects.order_by("-at", "-pk").values_list("pk", flat=True)[:limit])


def count_rounds() -> dict[str, int]:
    """Return how many rounds there were, and how many of them are sound."""
    return {"total": Round.objects.count(), "sound": Round.objects.filter(is_sound=True).count()}

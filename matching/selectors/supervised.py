"""Match rounds with their certificates, what their gaps are made of, and scarcity, as the supervision reads them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum

from common.territory import within
from matching.core.scarcity import NATION, Cell, Figure, publish
from matching.models import Claim, Round, RoundTerms, ScarcityShare
from matching.models.terms import Side

# Scarcity is told of the rounds of so many days.
RECENT = timedelta(days=28)

CERTIFICATE = (
    "n_needs", "n_lots", "n_edges", "n_deals", "primal_fen", "dual_fen", "gap_fen", "blocking", "unfair", "budget_fen",
    "greedy_fen", "first_come_fen", "is_sound", "is_exact",
)  # fmt: skip


def rounds(ids: Collection[int]) -> list[dict[str, Any]]:
    """Return the rounds of `ids` with everything that a stranger needs to check them."""
    rows = Round.objects.filter(pk__in=ids).values(
        "pk", "code", "at", "trigger", "directions", "parameters", "software", "n_components", "n_served",
        "n_unmatched", "fairness", "rules", "value_fen", "gather_ms", "solve_ms", "verify_ms", "input_sha256",
        "outcome_sha256",
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


@dataclass(frozen=True)
class GapTerms:
    """What a round's gap comes to, summed over all participants; the gap is all claims and unused quotas."""

    gap_fen: int
    n_claims: int
    claims_fen: int
    quotas_fen: int
    n_rejected: int
    rejected_fen: int
    n_made_whole: int
    made_whole_fen: int


def terms(code: UUID) -> GapTerms | None:
    """Return what a round's gap is made of; None while that is not written yet.

    Raises:
        Round.DoesNotExist: no such round.
    """
    found = Round.objects.get(code=code)
    names = [each.name for each in fields(GapTerms) if each.name != "gap_fen"]
    row = RoundTerms.objects.filter(round=found).values(*names).first()
    return row and GapTerms(gap_fen=found.gap_fen, **row)


def largest_claims(code: UUID, prefixes: Collection[str], limit: int) -> list[dict[str, Any]]:
    """Return the largest claims of a round in the territory, the largest first; ties in the order of writing."""
    rows = Claim.objects.filter(within("division_code", prefixes), round__code=code)
    values = rows.order_by("-lost_fen", "-made_whole_fen", "id").values(
        "organisation_id", "side", "direction", "division_code", "lost_fen", "is_rejected", "made_whole_fen"
    )
    return [{**row, "about": [row["organisation_id"]]} for row in values[:limit]]


def scarcity(direction: str, *, at: datetime) -> list[tuple[str, Figure]]:
    """Return how scarce each class of a direction was in each city over the rounds of RECENT, protected.

    Returns:
        Class and figure, by class; of each class the country first.
    """
    return [(class_code, figure) for class_code, cells in _cells(direction, at) for figure in publish(cells)]


def _cells(direction: str, at: datetime) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the cells of each class, not yet protected."""
    rows = (
        ScarcityShare.objects.filter(direction=direction, round__at__gt=at - RECENT, round__at__lte=at)
        .order_by()
        .values_list("class_code", "city_code", "side", "organisation_id")
        .annotate(n_=Sum("n"), scarce_=Sum("n_scarce"), premium_=Sum("premium_bp"))
    )
    tallies: dict[str, dict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for class_code, city_code, side, organisation, n, scarce, premium in rows:
        for place in (city_code, NATION):
            tallies[class_code][place].add(side, organisation, n, scarce, premium)
    for class_code in sorted(tallies):
        cells = [tally.cell(place) for place, tally in sorted(tallies[class_code].items())]
        yield class_code, [cell for cell in cells if cell.n_lots]


class _Tally:
    """The sums of one cell with those of each party."""

    def __init__(self) -> None:
        self.of = {side: defaultdict[int, int](int) for side in (Side.OFFER, Side.NEED)}
        self.scarce = self.premium_bp = 0

    def add(self, side: str, organisation: int, n: int, scarce: int, premium_bp: int) -> None:
        self.of[Side(side)][organisation] += n
        self.scarce += scarce
        self.premium_bp += premium_bp

    def cell(self, city_code: str) -> Cell:
        lots, needs = self.of[Side.OFFER], self.of[Side.NEED]
        return Cell(
            city_code=city_code,
            n_lots=sum(lots.values()),
            n_scarce=self.scarce,
            premium_bp=self.premium_bp,
            n_providers=len(lots),
            n_consumers=len(needs),
            n_parties=len({*lots, *needs}),
            n_needs=sum(needs.values()),
            most_lots=max(lots.values(), default=0),
            most_needs=max(needs.values(), default=0),
        )

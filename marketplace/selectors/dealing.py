"""Which parties on the market may agree to nothing at present, and which to small deals only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from accounts.selectors import verification
from credit.selectors import restrictions
from marketplace.models import Demand, Listing


@dataclass(frozen=True)
class Limits:
    """What the verification and the standing of parties keep them from.

    Attributes:
        barred: ids of those whose every deal would be refused.
        most_fen: id -> the largest deal of those who may agree to small ones only.
    """

    barred: frozenset[int] = frozenset()
    most_fen: Mapping[int, int] = field(default_factory=dict)

    def allow(self, organisation_id: int, total_fen: int) -> bool:
        """Tell whether the party may agree to a deal of `total_fen`."""
        return organisation_id not in self.barred and total_fen <= self.most_fen.get(organisation_id, total_fen)


def limits(*, at: datetime) -> Limits:
    """Return what holds at `at`, as `order_parties.require_dealable` would find it. Four queries."""
    most_fen = restrictions.most_fen(at=at)
    barred = {party for party, most in most_fen.items() if most == 0}
    for rows in (Listing.objects.published(), Demand.objects.published()):
        unverified = rows.filter(owner_id__in=verification.unverified(at=at))
        barred.update(unverified.order_by().values_list("owner_id", flat=True).distinct())
    return Limits(frozenset(barred), {party: most for party, most in most_fen.items() if most})

"""Whether two parties may agree with each other at all: both verified, neither restricted by its standing."""

from collections.abc import Sequence
from datetime import datetime

from accounts.core.actor import Actor
from accounts.selectors import verification
from credit.selectors import restrictions


def require_dealable(organisation_ids: Sequence[int], *, total_fen: int, by: Actor, at: datetime) -> None:
    """Refuse a deal of `total_fen` unless every party to it may agree to it.

    Raises:
        DealingNeedsVerification: one of them is not verified.
        StandingRestricts: the standing of one does not allow it.
    """
    verification.require_verified(organisation_ids, by=by, at=at)
    for organisation_id in organisation_ids:
        restrictions.require_allowed(organisation_id, amount_fen=total_fen, by=by, at=at)

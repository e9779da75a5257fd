"""Proposals of the live market: a round over the components of what is due, in which only what is due is proposed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from time import perf_counter

from django.db import transaction

from accounts.core.actor import SYSTEM
from marketplace.services import holds
from matching.core import standing
from matching.core.check import certify
from matching.core.market import Parameters
from matching.core.solve import solve
from matching.models import Round
from matching.selectors import live
from matching.selectors.live import LiveSection, Pair
from matching.services import round_rows, tentative_rows


def propose(
    sections: Sequence[LiveSection],
    together: Mapping[str, Mapping[int, int]],
    due: Collection[Pair],
    *,
    parameters: Parameters,
    gather_ms: int,
    at: datetime,
) -> Round | None:
    """Decide the components of what is due by the rules of any round, and propose what is due of it.

    Args:
        sections: the market as it stands at `at`; hold the lock of rounds since it was read.
        together: by direction, the listing of each demand in the live market's plan. It decides among plans of equal
            worth, so that those who stand together are proposed to each other.
        due: pairs of it.
        gather_ms: how long it took to read.

    Returns:
        The round, or None where nothing that is due could be proposed.

    Notes:
        A need or offer that was changed or withdrawn since it was read is passed over: its rows are locked while the
        round is written.
    """
    began = perf_counter()
    gathered, cut = live.with_components_of(sections, due, parameters)
    decided = solve(gathered.market)
    outcome = standing.with_plans(
        gathered.market, decided, [live.plans(section, together.get(section.direction, {})) for section in cut]
    )
    solved = perf_counter()
    checked = certify(gathered.market, outcome)
    times = round_rows.Times(
        gather_ms=gather_ms, solve_ms=round((solved - began) * 1000), verify_ms=round((perf_counter() - solved) * 1000)
    )
    with transaction.atomic():
        as_read = holds.published_as_read(*_versions(cut, due))
        whole = {pair for pair in due if pair[0] in as_read.demand_ids and pair[1] in as_read.listing_ids}
        if not whole:
            return None
        round_ = round_rows.write(
            gathered, outcome, checked, times=times, trigger=Round.Trigger.LIVE, only=whole, by=SYSTEM, at=at
        )
        tentative_rows.take_out(list(round_.proposals.values_list("demand_id", flat=True)))
    return round_


def _versions(sections: Sequence[LiveSection], pairs: Collection[Pair]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the versions of the demands and the listings of these pairs that were read, by id."""
    demands, listings = {need for need, _ in pairs}, {lot for _, lot in pairs}
    return (
        {row.id: row.version for section in sections for row in section.gathered.needs if row.id in demands},
        {row.id: row.version for section in sections for row in section.gathered.lots if row.id in listings},
    )

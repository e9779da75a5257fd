"""From rows to a market: open needs, what could serve them, how well it fits, and what keeps the rest out."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from marketplace.directions import DIRECTIONS
from marketplace.selectors import dealing
from matching.core.market import Market, Parameters
from matching.models import Proposal
from matching.selectors.gathered import Gathered
from matching.selectors.sections import Source, Waiting


def gather(
    parameters: Parameters, *, directions: Collection[str] | None, at: datetime, is_live: bool = False
) -> Gathered:
    """Return the market as it stands at `at`, one section for each direction with a need.

    Args:
        directions: codes to look at; all when None.
        is_live: leave out what is kept for rounds.

    Notes:
        A constant number of queries per direction, whatever the size of the market.
    """
    held, limits = replace(waiting(), without_allotted=is_live), dealing.limits(at=at)
    chosen = [d for d in DIRECTIONS if directions is None or d.code in directions]
    sources = [Source(direction, parameters, held, limits, at=at) for direction in chosen]
    sections = tuple(source.section() for source in sources if source.needs)
    return Gathered(Market(parameters, tuple(section.rows for section in sections)), sections)


def waiting() -> Waiting:
    """Return what open proposals hold back, and what was declined before."""
    found = Waiting()
    held = found.held
    rows = Proposal.objects.open().values_list("demand_id", "listing_id", "quantity", "weeks")
    for demand_id, listing_id, quantity, weeks in rows:
        found.demand_ids.add(demand_id)
        held.deals[listing_id] = held.deals.get(listing_id, 0) + 1
        held.units[listing_id] = held.units.get(listing_id, 0) + quantity
        for week, units in weeks:
            held.weeks[listing_id, week] = held.weeks.get((listing_id, week), 0) + units
    declined = Proposal.objects.filter(state="declined")
    found.declined.update(declined.values_list("demand_id", "listing_id"))
    return found

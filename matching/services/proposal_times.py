"""When proposed deals are to take place: hours that are free on both sides' terms, held until the proposal ends."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from psycopg.types.range import TimestamptzRange

from common.db import copy_in
from marketplace import directions
from marketplace.core import parts
from marketplace.core.opening import Stretch
from marketplace.core.parts import HOUR_UNIT
from marketplace.directions import Lifecycle
from marketplace.selectors import free_times
from matching.core.runs_of_hours import first_run
from matching.models import Proposal, ProposedTime

# No time is looked for farther ahead.
HORIZON = timedelta(weeks=8)


def propose(proposals: Sequence[Proposal]) -> None:
    """Give each new proposal that is counted in hours the first time that is free once the answers are due.

    What is meant for certain weeks gets a run in each. A proposal for which there is none names no time, and the two
    sides choose one after agreement. Call it inside the transaction that writes the proposals.
    """
    wanted = [proposal for proposal in proposals if _is_by_the_clock(proposal)]
    if not wanted:
        return
    listing_ids = sorted({proposal.listing_id for proposal in wanted})
    spans = [_span(proposal) for proposal in wanted]
    start, end = min(low for low, _ in spans), max(high for _, high in spans)
    times = free_times.of(listing_ids, start, end)
    held = ProposedTime.objects.filter(listing_id__in=listing_ids, is_held=True)
    for listing_id, place, period in held.values_list("listing_id", "place_number", "period"):
        times[listing_id].taken.append((place, period.lower, period.upper))
    several = Counter(proposal.listing_id for proposal in wanted)
    # Only where somebody has some of the first place's hours does it matter how many places there are.
    places = free_times.places([pk for pk in listing_ids if times[pk].taken or several[pk] > 1])
    rows: list[ProposedTime] = []
    for proposal in wanted:
        of_listing = times[proposal.listing_id]
        runs = [
            _first(of_listing, places.get(proposal.listing_id, 1), hours, span) for hours, span in _stints(proposal)
        ]
        if not all(runs):
            continue
        for place, low, high in (time for run in runs for time in run):
            of_listing.taken.append((place, low, high))
            rows.append(
                ProposedTime(
                    proposal=proposal,
                    listing_id=proposal.listing_id,
                    place_number=place,
                    period=TimestamptzRange(low, high),
                )
            )
    copy_in(rows)


def release(proposal: Proposal) -> None:
    """Let others have the hours of a proposal that has ended."""
    proposal.times.update(is_held=False)


def _is_by_the_clock(proposal: Proposal) -> bool:
    lifecycle = directions.direction(proposal.direction).lifecycle_for(proposal.unit)
    return lifecycle == Lifecycle.SLOTS and proposal.unit == HOUR_UNIT


def _span(proposal: Proposal) -> Stretch:
    """Return when the deal may take place: in its need's period, and not before both have had time to answer."""
    period = proposal.period
    start = max(proposal.expires_at, (period.lower if period else None) or proposal.expires_at)
    end = min(start + HORIZON, (period.upper if period else None) or start + HORIZON)
    return start, max(start, end)


def _stints(proposal: Proposal) -> list[tuple[int, Stretch]]:
    """Return the hours wanted together and the time for them: one run, or one in each week that is meant."""
    start, end = _span(proposal)
    if not proposal.weeks:
        return [(proposal.quantity, (start, end))]
    found = []
    for week, hours in proposal.weeks:
        monday, following = parts.calendar_week(week)
        begin = max(start, monday)
        found.append((hours, (begin, max(begin, min(end, following)))))
    return found


def _first(times: free_times.Times, places: int, hours: int, span: Stretch) -> list[tuple[int, datetime, datetime]]:
    """Return the place, begin and end of each part of the earliest run; nothing where no place has one."""
    found: list[list[tuple[int, datetime, datetime]]] = []
    for place in range(1, places + 1):
        taken = [(low, high) for number, low, high in times.taken if number == place]
        run = first_run(times.open, taken, hours, *span)
        if run:
            found.append([(place, low, high) for low, high in run])
        if not taken:
            break  # the places that follow can be no freer
    return min(found, key=lambda run: run[0][1], default=[])

"""The live market: one process keeps the best plan of this moment, shows it to its owners, and proposes what is due."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic

import psycopg
from django.db import close_old_connections

from common.db import own_session
from matching.core.following import followed
from matching.core.market import Parameters
from matching.core.stream import Band, Stream
from matching.core.tentative import unit_prices
from matching.models import TentativeDeal
from matching.selectors import live, problems
from matching.selectors.live import LiveSection, Pair
from matching.selectors.tentative import LIVE_LOCK
from matching.services import live_rounds, rounds, tentative_rows

logger = logging.getLogger(__name__)

CHANNEL = "matching_market"
# Time alone changes who can do what: hours pass, licences end. After so long everything is read anew.
LOOK_AGAIN_S = 60.0
# What comes within so short a time is taken together.
TOGETHER_S = 0.25
# How long a wait may be before somebody who wants it to stop is heard.
PATIENCE_S = 1.0


class LiveMarket:
    """The best plan of this moment for all directions whose needs make one deal each.

    Everything in it follows from the database: a new one begins with the same market and, where it is still the best,
    the same plan.
    """

    def __init__(self, parameters: Parameters | None = None) -> None:
        self._parameters = parameters or Parameters()
        self._streams: dict[str, Stream] = {}

    def look(self, *, at: datetime) -> datetime | None:
        """Repair the plan by what changed, show it, and propose what is due.

        Returns:
            When the next pair is due, or None without any.
        """
        deals, _ = self._repaired(at=at)
        tentative_rows.rewrite(deals)
        if _due(deals, at=at):
            self._propose_due(at=at)
            deals, _ = self._repaired(at=at)
            tentative_rows.rewrite(deals)
        return min((deal.commit_at for deal in deals if deal.commit_at > at), default=None)

    def _propose_due(self, *, at: datetime) -> None:
        # A scheduled round may have proposed some of it meanwhile: read anew once no other can.
        with rounds.in_turn():
            began = monotonic()
            deals, sections = self._repaired(at=at)
            gather_ms = round((monotonic() - began) * 1000)
            tentative_rows.rewrite(deals)
            due = _due(deals, at=at)
            if due:
                together = {direction: dict(stream.pairs()) for direction, stream in self._streams.items()}
                found = live_rounds.propose(
                    sections, together, due, parameters=self._parameters, gather_ms=gather_ms, at=at
                )
                logger.info("Proposed %d of %d that were due.", found.n_deals if found else 0, len(due))

    def _repaired(self, *, at: datetime) -> tuple[list[TentativeDeal], list[LiveSection]]:
        """Read the market, repair the plan by what differs, and return its deals as unsaved rows."""
        gathered = problems.gather(self._parameters, directions=live.DIRECTION_CODES, at=at, is_live=True)
        sections = live.sections(gathered)
        by_direction = {section.direction: section for section in sections}
        deals: list[TentativeDeal] = []
        for direction in live.DIRECTION_CODES:
            section = by_direction.get(direction)
            edges, places = (section.edges, section.places) if section else ({}, {})
            if direction in self._streams:
                stream = followed(self._streams[direction], edges, places)
            else:
                stream = followed(Stream(), edges, places)
                stream.keep_together(_shown_before(direction))
            self._streams[direction] = stream
            if section:
                deals += _deals(section, dict(stream.pairs()), stream.bands(), at=at)
        return deals, sections


def _deals(
    section: LiveSection, together: Mapping[int, int], bands: Mapping[int, Band], *, at: datetime
) -> list[TentativeDeal]:
    times = live.commit_times(together.items())
    found = []
    for pair, commit_at in sorted(times.items()):
        terms, need, lot = section.terms(pair)
        prices = unit_prices(terms, bands[pair[0]])
        found.append(
            TentativeDeal(
                demand_id=need.id,
                listing_id=lot.id,
                consumer_id=need.owner_id,
                provider_id=lot.owner_id,
                direction=section.direction,
                quantity=terms.units,
                unit=lot.unit,
                unit_price_fen=prices.price_fen,
                setup_fen=terms.setup_fen,
                low_unit_price_fen=prices.low_fen,
                high_unit_price_fen=prices.high_fen,
                since=at,
                commit_at=commit_at,
            )
        )
    return found


def _shown_before(direction: str) -> dict[int, int]:
    """Return the listing of each demand in what an earlier process showed last."""
    rows = TentativeDeal.objects.filter(direction=direction)
    return dict(rows.values_list("demand_id", "listing_id"))


def _due(deals: Sequence[TentativeDeal], *, at: datetime) -> set[Pair]:
    """Return the pairs whose moment has come, or that one of the two wants proposed at once."""
    asked = set(TentativeDeal.objects.exclude(asked_at=None).values_list("demand_id", "listing_id"))
    pairs = {(deal.demand_id, deal.listing_id): deal for deal in deals}
    return {pair for pair, deal in pairs.items() if deal.commit_at <= at or pair in asked}


def follow(is_over: Callable[[], bool], *, clock: Callable[[], datetime]) -> None:
    """Be the live market until `is_over`: wait for one's turn, then look whenever the market moved or a pair is due.

    Notes:
        PostgreSQL tells of every change as it is committed (`market_moved` triggers); what was told while nobody
        listened is found by the first look. Another process waits until this one ends, and then takes its place.
    """
    with own_session() as session:
        while not _taken(session):
            if is_over():
                return
            _heard(session, PATIENCE_S)
        session.execute(f"LISTEN {CHANNEL}")
        market = LiveMarket()
        while not is_over():
            close_old_connections()
            at = clock()
            due_at = market.look(at=at)
            wait_s = LOOK_AGAIN_S if due_at is None else min(LOOK_AGAIN_S, (due_at - at).total_seconds())
            _wait(session, is_over, wait_s)


def _taken(session: "psycopg.Connection[tuple[bool]]") -> bool:
    [taken] = session.execute("SELECT pg_try_advisory_lock(%s)", [LIVE_LOCK]).fetchone() or [False]
    return bool(taken)


def _wait(session: "psycopg.Connection[tuple[bool]]", is_over: Callable[[], bool], wait_s: float) -> None:
    """Return when the market moved, a little later so that what comes together is seen together, or after `wait_s`."""
    until = monotonic() + wait_s
    while not is_over() and (left := until - monotonic()) > 0:
        if _heard(session, min(left, PATIENCE_S)):
            _heard(session, TOGETHER_S, all_of=True)
            return


def _heard(session: "psycopg.Connection[tuple[bool]]", wait_s: float, *, all_of: bool = False) -> bool:
    heard = False
    for _ in session.notifies(timeout=wait_s, stop_after=None if all_of else 1):
        heard = True
    return heard

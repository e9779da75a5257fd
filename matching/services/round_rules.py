"""The fairness terms of a round: what it is decided with, and the same market without them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from matching.core.bonuses import least_bonus, with_bonuses
from matching.core.market import Market, Parameters
from matching.core.outcome import Outcome
from matching.core.problem import NONE
from matching.selectors import bonuses
from matching.selectors.gathered import Gathered


def has_bonuses(parameters: Parameters) -> bool:
    """Return whether anybody may get a bonus."""
    return bool(parameters.entrant_bonus_bp or parameters.entrant_floor_bp or parameters.memory_bonus_bp)


def has_any(parameters: Parameters) -> bool:
    """Return whether a round keeps to anything but worth."""
    return has_bonuses(parameters) or bool(parameters.quota_by)


def granted(gathered: Gathered, best: Callable[[Market], Outcome], *, at: datetime) -> Gathered:
    """Return the market with its bonuses; for a floor with the least bonus that reaches it.

    Args:
        best: decides a market, as often as the search for that bonus asks.
    """
    market, standings = gathered.market, bonuses.standings(gathered, at=at)
    if market.parameters.entrant_floor_bp:
        found = least_bonus(market, standings, best)
        market = replace(market, parameters=replace(market.parameters, entrant_bonus_bp=found.bonus_bp))
    return _of(gathered, with_bonuses(market, standings))


def without_any(gathered: Gathered) -> Gathered:
    """Return the same market where nobody's share is bounded and nobody gets a bonus."""
    usual = Parameters()
    names = ("quota_by", "quota_share_bp", "entrant_bonus_bp", "entrant_floor_bp", "memory_bonus_bp")
    parameters = replace(gathered.market.parameters, **{name: getattr(usual, name) for name in names})
    sections = tuple(
        replace(
            section,
            lots=replace(section.lots, group=NONE),
            edges=replace(section.edges, bonus_fen=NONE),
            group_capacity=NONE,
        )
        for section in gathered.market.sections
    )
    return _of(gathered, Market(parameters, sections))


def _of(gathered: Gathered, market: Market) -> Gathered:
    """Return what was gathered with another market over the same rows."""
    sections = tuple(
        replace(section, rows=rows) for section, rows in zip(gathered.sections, market.sections, strict=True)
    )
    return replace(gathered, market=market, sections=sections)

"""What a tentative deal costs, how far its price could move, and until when it may wait for something better."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from matching.core.stream import Band

# Both sides need time to answer a proposal before its last moment: this long, or this share of the need's time.
MARGIN = timedelta(days=3)
MARGIN_SHARE = 3
# Whoever names no last moment waits this long.
PATIENCE = timedelta(days=14)


@dataclass(frozen=True)
class Terms:
    """A pair of the live market, as the round would see it.

    Attributes:
        worth_fen: surplus of the deal.
        floor_fen: least the lot must be paid for it, setup included.
        ceiling_fen: most the need would pay for it, setup included.
        setup_fen: what it costs before its first unit.
        units: real units of the deal.
        asked_fen: listed price per real unit; -1 where the offer lists none.
    """

    worth_fen: int
    floor_fen: int
    ceiling_fen: int
    setup_fen: int
    units: int
    asked_fen: int


@dataclass(frozen=True)
class UnitPrices:
    """Fen per real unit, setup apart.

    Attributes:
        price_fen: what a round would propose now: the middle of the range.
        low_fen, high_fen: the range inside which nobody outside the pair could object.
    """

    price_fen: int
    low_fen: int
    high_fen: int


def unit_prices(terms: Terms, band: Band) -> UnitPrices:
    """Return the prices of a deal by the rules of rounds (`settle.unit_prices`, `prices.PriceRange.middle`)."""
    goods = terms.floor_fen - terms.setup_fen
    middle = -(-(goods + (band.lowest_fen + band.highest_fen) // 2) // terms.units)
    price = min(middle, (terms.ceiling_fen - terms.setup_fen) // terms.units)
    if terms.asked_fen >= 0:
        price = min(price, terms.asked_fen)
    return UnitPrices(
        price_fen=price,
        low_fen=min(price, -(-(goods + band.lowest_fen) // terms.units)),
        high_fen=max(price, (goods + band.highest_fen) // terms.units),
    )


def commit_at(posted_at: datetime, last_moments: Iterable[datetime | None]) -> datetime:
    """Return when a pair is proposed, if nothing better comes before.

    Args:
        posted_at: when the need was published.
        last_moments: until when either side could still agree; None where one names no such moment.

    Notes:
        The earliest last moment decides, less a margin that leaves both sides time to answer: three days, or a third
        of the time from posting where that is less.
    """
    known = [moment for moment in last_moments if moment is not None]
    if not known:
        return posted_at + PATIENCE
    last = min(known)
    return last - max(min(MARGIN, (last - posted_at) / MARGIN_SHARE), timedelta(0))

"""What capacity was agreed for, told by kind and place without telling about anybody's own price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.suppression import Key, Line, rounded, withhold
from common.thresholds import Method

NATION = "000000"
ELSEWHERE = "000000~"  # providers whose city nobody knows: counted in the country's figure, never shown
METHOD = Method()
DIGITS = 2


@dataclass(frozen=True)
class Cell:
    """The agreed orders of one family and quarter in a city or in the whole country, not yet protected.

    Attributes:
        n_parties: different parties on either side together.
        most_by_provider, most_by_consumer: orders of the one who has the most.
        quartiles_fen: lower quartile, median and upper quartile of the unit price.
        is_demo: some of the orders are made up.
    """

    division_code: str
    n_orders: int
    n_providers: int
    n_consumers: int
    n_parties: int
    most_by_provider: int
    most_by_consumer: int
    quartiles_fen: tuple[float, float, float]
    is_demo: bool = False


@dataclass(frozen=True)
class Figure:
    """What anyone may know of a cell: orders to the nearest five, prices to two significant digits."""

    division_code: str
    n_orders: int
    lower_fen: int
    median_fen: int
    upper_fen: int
    change_percent: int | None
    is_demo: bool


def is_sensitive(cell: Cell, method: Method = METHOD) -> bool:
    """Tell whether a cell must be withheld on its own account: too few orders, parties or sides, or one who dominates.

    Both sides are looked at: a buyer's prices are as much its own as a seller's.
    """
    sides = ((cell.n_providers, cell.most_by_provider), (cell.n_consumers, cell.most_by_consumer))
    behind = min(cell.n_orders, cell.n_parties)
    return any(
        method.withholds(persons=behind, organisations=parties, largest=most, total=cell.n_orders)
        for parties, most in sides
    )


def publish(cells: Sequence[Cell], before_fen: Mapping[str, int], method: Method = METHOD) -> list[Figure]:
    """Return the figures of one family and quarter that may be public, by division.

    Further cells are withheld until the country's number of orders less those of the cities shown gives no withheld
    city away.

    Args:
        cells: the country, its cities, and `ELSEWHERE`; all that have orders.
        before_fen: published medians of the quarter before, by division; the change is counted from what is published,
            so that it tells nothing more.
    """
    by_key: dict[Key, Cell] = {(cell.division_code, ""): cell for cell in cells}
    nation: Key = (NATION, "")
    lines = [Line(nation, tuple(key for key in sorted(by_key) if key != nation))]
    sensitive = {key for key, cell in by_key.items() if is_sensitive(cell, method)}
    values = {key: cell.n_orders for key, cell in by_key.items()}
    hidden = withhold(values, lines, sensitive, base=method.base)
    return [
        _figure(cell, before_fen.get(cell.division_code), method.base)
        for key, cell in sorted(by_key.items())
        if key not in hidden and cell.division_code != ELSEWHERE
    ]


def significant(fen: float, digits: int = DIGITS) -> int:
    """Return whole fen with at most `digits` digits other than zeros at the end, halves upward.

    Two digits: at most 5 % off, which serves to judge an offer, and too coarse to find the one order or price list that
    a median or quartile was read from.
    """
    step: int = 10 ** max(0, len(str(int(fen))) - digits)
    return int((fen + step / 2) // step) * step


def change_percent(median_fen: int, before_fen: int | None) -> int | None:
    """Return the change in whole percent; None where there is nothing to compare with."""
    return round((median_fen - before_fen) * 100 / before_fen) if before_fen else None


def _figure(cell: Cell, before_fen: int | None, base: int) -> Figure:
    lower_fen, median_fen, upper_fen = (significant(fen) for fen in cell.quartiles_fen)
    n_orders = rounded(cell.n_orders, base)
    change = change_percent(median_fen, before_fen)
    return Figure(cell.division_code, n_orders, lower_fen, median_fen, upper_fen, change, cell.is_demo)

"""How scarce what was offered was: by how much competition raised prices, told only of many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.suppression import Key, Line, rounded, withhold
from common.thresholds import Method
from matching.core.build import Part
from matching.core.outcome import PartOutcome
from matching.core.problem import Ints, ints

NATION = "000000"
METHOD = Method()
# Shares are told to the nearest twentieth, as counts to the nearest five: neither gives a single lot away.
SHARE_STEP = 5
BASIS_POINTS = 10_000


@dataclass(frozen=True)
class Cell:
    """What rounds compared of one class in a city or in the whole country, not yet protected.

    Attributes:
        n_lots: lots offered; n_scarce: those with a rent; premium_bp: rent in basis points of the price, summed.
        n_providers, n_consumers: different parties on each side; n_parties: on both together.
        n_needs: needs compared; most_lots, most_needs: of the party that has the most.
    """

    city_code: str
    n_lots: int
    n_scarce: int
    premium_bp: int
    n_providers: int
    n_consumers: int
    n_parties: int
    n_needs: int
    most_lots: int
    most_needs: int


@dataclass(frozen=True)
class Figure:
    """What may be told of a cell.

    Attributes:
        n_lots: to the nearest five.
        scarce_percent: share of lots with a rent, to the nearest five percent.
        premium_percent: mean over all lots of the part of the price that competition made, in whole percent.
    """

    city_code: str
    n_lots: int
    scarce_percent: int
    premium_percent: int


def premiums_bp(part: Part, outcome: PartOutcome) -> Ints:
    """Return (n_lots,) the part of each lot's price that is rent, in basis points.

    The price is that of the cheapest pair of the lot: its floor and the rent.
    """
    problem = part.problem
    floor = np.full(problem.n_lots, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(floor, problem.lot, problem.floor_fen)
    rent = np.maximum(ints(outcome.lot_fen), 0)
    return ints(np.where(rent > 0, rent * BASIS_POINTS // np.maximum(floor + rent, 1), 0))


def is_sensitive(cell: Cell, method: Method = METHOD) -> bool:
    """Tell whether a cell must be withheld on its own account: too few parties on a side, or one who dominates."""
    behind = min(cell.n_lots, cell.n_parties)
    sides = ((cell.n_providers, cell.most_lots, cell.n_lots), (cell.n_consumers, cell.most_needs, cell.n_needs))
    return any(
        method.withholds(persons=behind, organisations=parties, largest=most, total=total)
        for parties, most, total in sides
    )


def publish(cells: Sequence[Cell], method: Method = METHOD) -> list[Figure]:
    """Return the figures of one class that may be told, by city; the country's first where it may be.

    Further cells are withheld until the country's number of lots less those of the cities shown gives none away.

    Args:
        cells: the country, and all its cities.
    """
    by_key: dict[Key, Cell] = {(cell.city_code, ""): cell for cell in cells}
    nation: Key = (NATION, "")
    lines = [Line(nation, tuple(key for key in sorted(by_key) if key != nation))]
    sensitive = {key for key, cell in by_key.items() if is_sensitive(cell, method)}
    hidden = withhold({key: cell.n_lots for key, cell in by_key.items()}, lines, sensitive, base=method.base)
    return [_figure(cell, method) for key, cell in sorted(by_key.items()) if key not in hidden]


def _figure(cell: Cell, method: Method) -> Figure:
    return Figure(
        city_code=cell.city_code,
        n_lots=rounded(cell.n_lots, method.base),
        scarce_percent=rounded(100 * cell.n_scarce // cell.n_lots, SHARE_STEP),
        premium_percent=rounded(100 * cell.premium_bp // (cell.n_lots * BASIS_POINTS), 1),
    )

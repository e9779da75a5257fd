"""Where something is, coarsely: the cell of a fixed grid of about one kilometre instead of the point."""

import math
from dataclasses import dataclass

# A hundredth of a degree: 1.11 km north to south, 0.75 to 1.05 km east to west between Harbin and Haikou.
CELLS_PER_DEGREE = 100


@dataclass(frozen=True)
class Cell:
    """The south-west corner of a cell, in degrees (WGS 84)."""

    lng: float
    lat: float


def cell(lng: float, lat: float) -> Cell:
    """Return the cell in which the point lies; every point of one cell gives the same answer."""
    return Cell(_floor(lng), _floor(lat))


def _floor(degrees: float) -> float:
    return math.floor(degrees * CELLS_PER_DEGREE) / CELLS_PER_DEGREE

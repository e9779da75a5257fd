"""How good a picture of a document is, and whether two pictures show the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Our own choice, not measured: below these a machine's reading is not trusted and a person looks.
SHORT_SIDE_PX = 600
SHARP_ENOUGH = 45.0
CONTRAST_ENOUGH = 60.0


@dataclass(frozen=True)
class Quality:
    """Short side in pixels; sharpness as the variance of the Laplacian; contrast in grey values."""

    short_side_px: int
    sharpness: float
    contrast: float

    @property
    def faults(self) -> list[str]:
        found = []
        if self.short_side_px < SHORT_SIDE_PX:
            found.append("small")
        if self.sharpness < SHARP_ENOUGH:
            found.append("blurred")
        if self.contrast < CONTRAST_ENOUGH:
            found.append("flat")
        return found


def quality(grey: NDArray[np.uint8]) -> Quality:
    """Measure a picture given as (height, width) grey values 0-255.

    Source:
        J. L. Pech-Pacheco et al., ICPR 2000: variance of the Laplacian as a measure of focus.
    """
    values = grey.astype(np.float32)
    inner = values[1:-1, 1:-1]
    laplacian = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:] - 4 * inner
    sharpness = float(laplacian.var()) if laplacian.size else 0.0
    dark, bright = np.percentile(values, [0.5, 99.5]) if values.size else (0.0, 0.0)
    return Quality(min(grey.shape), sharpness, float(bright - dark))


def difference_hash(small: NDArray[np.uint8]) -> int:
    """Return a signed 64-bit hash of (8, 9) grey values: each bit says whether brightness falls to the right."""
    bits = (small[:, 1:] < small[:, :-1]).flatten()
    value = int.from_bytes(np.packbits(bits).tobytes(), "big")
    return value - 2**64 if value >= 2**63 else value


def distance(one: int, other: int) -> int:
    """Return in how many of 64 bits two hashes differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


SAME_PICTURE_BITS = 4

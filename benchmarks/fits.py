"""How well many offers fit many needs: all pairs as arrays, against one call of `direction.fit` for each pair.

    python -m benchmarks.fits [--rows N] [--pairs N] [--directions CODE ...]

Attributes are drawn at random from the schemas, so that nearly all are distinct; the sides of a pair share their class,
as candidates do. The calls are made for a sample of the pairs and reckoned up to all of them. Needs no database.
"""

import argparse
import os
import time
from collections.abc import Callable
from random import Random
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("YULI_LOG_LEVEL", "WARNING")
django.setup()

from marketplace.directions import CODES, Attributes, Direction, FieldSpec, Kind, direction, fields, narrowing  # noqa: E402
from matching.selectors.fits import Fits  # noqa: E402

SAMPLE = 20_000
LINES = [f"{word} {number}" for word in ("GB/T", "SolidWorks", "轴承", "ISO", "外壳") for number in range(400)]
REGIONS = [f"{province}{city:02}" for province in range(11, 66) for city in range(1, 20)]
# How often an offer and a need fill in what may be left out.
OFFER_FILLS, NEED_FILLS = 0.6, 0.35


def attributes(schema: type[Attributes], fills: float, random: Random) -> dict[str, Any]:
    return {spec.name: _value(spec, random) for spec in fields(schema) if spec.is_required or random.random() < fills}


def _value(spec: FieldSpec, random: Random) -> Any:
    low, high = spec.minimum or 0, spec.maximum or 3_000
    lines = REGIONS if spec.name in ("region", "regions") else LINES
    match spec.kind:
        case Kind.CHOICE:
            return random.choice(spec.choices)[0]
        case Kind.CHOICES:
            return random.sample([value for value, _ in spec.choices], random.randint(1, min(5, len(spec.choices))))
        case Kind.TEXTS:
            return random.sample(lines, random.randint(1, 4))
        case Kind.INTEGER:
            return random.randint(int(low), int(high))
        case Kind.DECIMAL:
            return random.uniform(low, high)
        case Kind.FLAG:
            return random.random() < 0.5
        case Kind.DATE:
            return "2027-01-31"
        case _:
            return random.choice(lines)


def pairs_of_a_class(
    entry: Direction, parts: list[dict[str, Any]], lots: list[dict[str, Any]], n_pairs: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return (part, lot) of pairs whose sides share their class."""
    generator, name = np.random.default_rng(7), narrowing(entry)
    members: dict[str, list[int]] = {}
    for row, offered in enumerate(lots):
        members.setdefault(offered[name].split(".")[0], []).append(row)
    by_class = {code: np.array(rows) for code, rows in members.items()}
    each = n_pairs // len(parts)
    lot = [generator.choice(by_class[part[name].split(".")[0]], each) for part in parts]
    return np.repeat(np.arange(len(parts)), each), np.concatenate(lot)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def compare(entry: Direction, n_rows: int, n_pairs: int) -> None:
    random = Random(42)
    lots = [attributes(entry.offer, OFFER_FILLS, random) for _ in range(n_rows)]
    parts = [attributes(entry.leg or entry.need, NEED_FILLS, random) for _ in range(n_rows)]
    part, lot = pairs_of_a_class(entry, parts, lots, n_pairs)
    reading_s, fits = timed(lambda: Fits(entry, parts, lots))
    arrays_s, (fit_bp, _) = timed(lambda: fits.of(part, lot))

    parse = entry.parse_leg if entry.has_legs else entry.parse_need
    sample = np.random.default_rng(8).choice(part.size, min(SAMPLE, part.size), replace=False)
    parsed = [(entry.parse_offer(lots[lot[pair]]), parse(parts[part[pair]])) for pair in sample]
    calls_s, alone = timed(lambda: [entry.fit(offer, need).score_bp for offer, need in parsed])
    assert alone == fit_bp[sample].tolist()
    calls_s *= part.size / sample.size
    fitting = (fit_bp > 0).mean()
    print(
        f"{entry.code:<14}{part.size:>12,}{fitting:>9.0%}{reading_s:>9.1f}{arrays_s:>9.2f}{calls_s:>9.1f}"
        f"{calls_s / arrays_s:>9.0f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="offers, and as many needs")
    parser.add_argument("--pairs", type=int, default=2_000_000)
    parser.add_argument("--directions", nargs="+", default=list(CODES), choices=CODES)
    options = parser.parse_args()
    print(f"{options.rows:,} offers and {options.rows:,} needs; CPU seconds")
    print(f"{'direction':<14}{'pairs':>12}{'fitting':>9}{'reading':>9}{'arrays':>9}{'calls':>9}{'ratio':>9}")
    for code in options.directions:
        compare(direction(code), options.rows, options.pairs)


if __name__ == "__main__":
    main()

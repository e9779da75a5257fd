"""How candidate pairs for a round are found: in arrays beside a tree of places, against a plain ST_DWithin join.

Rows are made in the given database inside one transaction that is rolled back. Needs and offers lie around towns whose
sizes fall off as Zipf's law says, and belong to a few classes that must be the same on both sides.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("YULI_LOG_LEVEL", "WARNING")
django.setup()

from django.contrib.gis.geos import Point  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Organisation  # noqa: E402
from marketplace.directions import direction  # noqa: E402
from marketplace.models import Demand, Listing  # noqa: E402
from marketplace.selectors import candidates, nearby  # noqa: E402

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NEAREST = 20
REPEATS = 3
BATCH = 2_000
CLASSES = ("analytical.mass", "physical.mechanical", "electronic.emc", "metrology.length", "process.chemical")
DIRECTION = direction("instruments")

JOIN = """
    SELECT d.id, NULL::bigint, l.id, ST_Distance(l.place, d.place)
    FROM marketplace_demand d
    JOIN marketplace_listing l ON ST_DWithin(l.place, d.place, d.radius_m) AND l.direction = d.direction
        AND l.state = 'published' AND l.unit = d.unit AND l.owner_id <> d.owner_id
        AND d.budget_fen >= COALESCE(l.reserve_price_fen, l.price_fen)
        AND split_part(l.attributes ->> 'category', '.', 1) = split_part(d.attributes ->> 'category', '.', 1)
    WHERE d.state = 'published' AND d.direction = 'instruments'
"""
RANKED = f"""
    SELECT * FROM (
        SELECT found.*, row_number() OVER (PARTITION BY demand ORDER BY distance, listing) AS place
        FROM ({JOIN}) AS found (demand, leg, listing, distance)
    ) ranked WHERE place <= {NEAREST}
"""


def make(n_needs: int, n_lots: int) -> None:
    """Write the market; one owner for all needs and one for all offers."""
    random = Random(42)
    towns = [(random.uniform(100, 120), random.uniform(23, 38)) for _ in range(300)]
    sizes = [1 / (n + 1) for n in range(len(towns))]

    def row(owner: Organisation) -> dict[str, Any]:
        lng, lat = random.choices(towns, sizes)[0]
        return {
            "owner": owner,
            "direction": DIRECTION.code,
            "state": "published",
            "title": "bench",
            "attributes": {"category": random.choice(CLASSES)},
            "place": Point(lng + random.uniform(-0.3, 0.3), lat + random.uniform(-0.3, 0.3), srid=4326),
            "unit": DIRECTION.unit,
            "published_at": AT,
            "created_at": AT,
            "changed_at": AT,
        }

    buyer, seller = (
        Organisation.objects.create(kind="other", name=name, created_at=AT) for name in ("buyer", "seller")
    )
    Listing.objects.bulk_create(
        (Listing(**row(seller), price_fen=random.randint(6_000, 12_000), lottery=n) for n in range(n_lots)), BATCH
    )
    Demand.objects.bulk_create(
        (Demand(**row(buyer), budget_fen=random.randint(7_000, 13_000)) for _ in range(n_needs)),
        BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE marketplace_listing; ANALYZE marketplace_demand")


def run(sql: str) -> int:
    """Return the number that `sql` counts, found by one process."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def used() -> float:
    """Return the CPU seconds of this process and of its server process, or the clock where that runs elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return time.perf_counter()
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(name: str, work: Callable[[], int], first: float | None) -> float:
    """Run `work` REPEATS times, print the median and its ratio to `first`, and return the median."""
    seconds, pairs = [], 0
    for _ in range(REPEATS):
        began = used()
        pairs = work()
        seconds.append(used() - began)
    median = statistics.median(seconds)
    print(f"{name:<44}{median:>9.2f}{pairs:>14,}{median / (first or median):>9.2f}", flush=True)
    return median


def compare(radius_km: int) -> None:
    needs = candidates.needs(DIRECTION, at=AT, without=())
    ours = lambda: nearby.Market(DIRECTION, needs, radius_m=0, at=AT).pairs(nearest=NEAREST).wish.size  # noqa: E731
    print(f"{f'radius {radius_km} km':<44}{'seconds':>9}{'pairs':>14}{'ratio':>9}")
    first = timed(f"arrays, {NEAREST} nearest (what a round does)", ours, None)
    timed("ST_DWithin join, all pairs", lambda: run(f"SELECT count(*) FROM ({JOIN}) AS found (a, b, c, d)"), first)
    timed(f"ST_DWithin join, ranked to {NEAREST}", lambda: run(f"SELECT count(*) FROM ({RANKED}) AS found"), first)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--lots", type=int, default=10_000)
    parser.add_argument("--radius-km", type=int, nargs="+", default=[30, 100, 500])
    options = parser.parse_args()
    with transaction.atomic():
        make(options.needs, options.lots)
        print(f"{options.needs:,} needs, {options.lots:,} offers; CPU seconds, medians of {REPEATS}")
        for radius_km in options.radius_km:
            Demand.objects.filter(title="bench").update(radius_m=radius_km * 1000)
            compare(radius_km)
        transaction.set_rollback(True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

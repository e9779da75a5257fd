"""Search at 100,000 listings: p50 and p95 of the selector's page under 8 clients, by kind of search.

    python -m benchmarks.search [LISTINGS]

Fills the database it is pointed at up to that many published listings; use one of its own.
"""

import os
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from random import Random
from statistics import quantiles
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.gis.geos import Point  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from common import segmentation  # noqa: E402
from marketplace.core.search import Filters, Sort  # noqa: E402
from marketplace.management import loading  # noqa: E402
from marketplace.models import Listing  # noqa: E402
from marketplace.selectors import search  # noqa: E402

CLIENTS = 8
ROUNDS = 25
BATCH = 5_000
DIVISIONS = ("350203", "350206", "350211", "500103", "500112", "440106", "310115", "330106")
MACHINES = ("cutting.vmc", "cutting.five_axis", "moulding.injection", "sheet.laser", "electronics.smt")
WORDS = ("立式加工中心", "五轴加工中心", "注塑机", "激光切割机", "贴片线")
NEAR_XIAMEN: dict = {"lat": 24.48, "lng": 118.1}
SEARCHES = {
    "front page, neutral": Filters(),
    "words": Filters(words="五轴加工中心"),
    "direction, newest": Filters(direction="equipment", order=Sort.NEWEST),
    "facet, price": Filters(direction="equipment", facets=(("machine", ("sheet.laser",)),), order=Sort.PRICE),
    "20 km, nearest first": Filters(**NEAR_XIAMEN, radius_m=20_000, order=Sort.DISTANCE),
    "city, standing": Filters(division="350200", order=Sort.STANDING),
    "words, 50 km, price": Filters(words="注塑机", **NEAR_XIAMEN, radius_m=50_000, order=Sort.PRICE),
}


def fill(wanted: int) -> None:
    """Insert made-up listings until `wanted` are published."""
    at, random = timezone.now(), Random(7)
    by = loading.party("", name="基准测试", number=99, at=at)
    for start in range(Listing.objects.published().count(), wanted, BATCH):
        Listing.objects.bulk_create(
            made(n, by.organisation_id, random, at) for n in range(start, min(start + BATCH, wanted))
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE marketplace_listing")


def made(n: int, owner_id: int | None, random: Random, at: object) -> Listing:
    code, kind = uuid.UUID(int=random.getrandbits(128)), n % len(MACHINES)
    return Listing(
        code=code, owner_id=owner_id, direction="equipment", state="published", title=f"设备 {n}", unit="machine_hour",
        attributes={"machine": MACHINES[kind], "materials": ["aluminium"]}, price_fen=random.randint(5_000, 90_000),
        place=Point(118.1 + random.gauss(0, 4), 24.5 + random.gauss(0, 3), srid=4326), published_at=at, created_at=at,
        changed_at=at, division_code=random.choice(DIVISIONS), lottery=code.int % 2**31, is_demo=True,
        standing=random.randint(200, 950),
        search_text=segmentation.joined([WORDS[kind], "设备", str(n), "生产设备", "铝合金"]),
    )  # fmt: skip


def client(filters: Filters) -> list[float]:
    """Ask for the first pages again and again; return milliseconds."""
    times = []
    for turn in range(ROUNDS):
        start = perf_counter()
        search.find(filters, page=1 + turn % 3, at=timezone.now())
        times.append((perf_counter() - start) * 1000)
    connection.close()
    return times


def main(wanted: int) -> None:
    fill(wanted)
    print(f"{Listing.objects.published().count()} listings, {CLIENTS} clients, {ROUNDS} pages each")
    for name, filters in SEARCHES.items():
        client(filters)
        with ThreadPoolExecutor(CLIENTS) as pool:
            times = [ms for part in pool.map(client, [filters] * CLIENTS) for ms in part]
        total = search.find(filters, at=timezone.now()).total
        cuts = quantiles(times, n=20)
        print(f"{name:<24} p50 {cuts[9]:7.1f} ms  p95 {cuts[18]:7.1f} ms  ({total} found)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

"""Import a table: rows per second and peak memory of the dry run, the commit and the undoing, beside a plain loader.

python -m benchmarks.imports [ROWS]

The plain loader reads the same file with `csv` and writes listings with `bulk_create`, 1,000 at a time: no check of a
cell, no words for search, no version, no record of the rows. Each part runs in a process of its own; what Python,
Django and the dictionary of words take is measured first, with a table of 100 rows.
"""

import csv
import io
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import IO

import django

os.environ["YULI_DEBUG"] = "0"  # with it on, Django keeps every statement in memory
os.environ.setdefault("YULI_SECRET_KEY", "benchmark")
os.environ.setdefault("YULI_ALLOWED_HOSTS", "localhost")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.gis.geos import Point  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.core.actor import Actor  # noqa: E402
from marketplace.management import loading  # noqa: E402
from marketplace.models import Listing  # noqa: E402
from marketplace.services import imports  # noqa: E402

WARM_ROWS = 100


def table(rows: int, name: str) -> IO[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["设备名称", "设备类型", "单价（元）", "起订量", "纬度", "经度", "地址", "X 轴行程", "材料"])
    for n in range(rows):
        place = [f"{24.4 + n % 400 / 1000:.4f}", f"{118 + n % 370 / 1000:.4f}", f"厦门市湖里区枋湖路 {n} 号"]
        title, kind = f"{name} {n:06d}", "立式加工中心"
        writer.writerow([title, kind, 120 + n % 90, 1 + n % 4, *place, 800 + n % 500, "铝合金;碳钢"])
    return io.BytesIO(out.getvalue().encode())


def main(rows: int) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(whole, rows).result()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(plain, rows).result()


def whole(rows: int) -> None:
    """Upload, check, commit and undo."""
    at = timezone.now()
    by = loading.party("", name="基准测试", number=99, at=at)
    for size in (WARM_ROWS, rows):
        file = table(size, f"立式加工中心 {at:%H%M%S} {size}")
        with measured(f"upload  {size:>7,} rows", size):
            run = imports.upload(file, "bench.csv", kind="listings", direction_code="equipment", by=by, at=at)
        del file
        with measured("dry run", size):
            imports.begin(run.code, "check", by=by, at=at)
            run = imports.check(run.code, at=at)
        assert (run.n_rows, run.n_ready) == (size, size)
        with measured("commit", size):
            imports.begin(run.code, "commit", by=by, at=at, publish=True)
            run = imports.commit(run.code, publish=True, at=at)
        assert run.n_loaded == size
        with measured("undo", size):
            imports.begin(run.code, "undo", by=by, at=at)
            imports.undo(run.code, at=at)
        imports.discard(run.code, by=by, at=at)


def plain(rows: int) -> None:
    """Read and write without looking."""
    at = timezone.now()
    by = loading.party("", name="基准测试", number=99, at=at)
    for size in (WARM_ROWS, rows):
        file = table(size, "立式加工中心")
        with transaction.atomic():
            with measured(f"plain   {size:>7,} rows", size):
                lines = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
                next(lines)
                while batch := list(islice(lines, 1_000)):
                    Listing.objects.bulk_create(unchecked(line, by, at) for line in batch)
            transaction.set_rollback(True)


def unchecked(line: list[str], by: Actor, at: object) -> Listing:
    title, _, price, lot, lat, lng, address, travel, materials = line
    return Listing(
        owner_id=by.organisation_id, direction="equipment", title=title, unit="machine_hour", lottery=1, created_at=at,
        changed_at=at, published_at=at, state="published", price_fen=int(price) * 100, minimum_lot=int(lot),
        place=Point(float(lng), float(lat), srid=4326), address=address,
        attributes={"machine": "cutting.vertical", "travel_x_mm": int(travel), "materials": materials.split(";")},
    )  # fmt: skip


@contextmanager
def measured(name: str, rows: int) -> Iterator[None]:
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    start = perf_counter()
    yield
    took = perf_counter() - start
    print(f"{name:<22} {took:7.1f} s {rows / took:>8,.0f} rows/s   peak {peak_mb():4.0f} MB", flush=True)


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)

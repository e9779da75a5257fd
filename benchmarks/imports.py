"""Import 50,000 rows: rows per second and peak memory of the dry run and of the commit.

python -m benchmarks.imports [ROWS]
"""

import csv
import io
import os
import resource
import sys
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from marketplace.management import loading  # noqa: E402
from marketplace.services import imports  # noqa: E402


def table(rows: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["设备名称", "设备类型", "单价（元）", "起订量", "纬度", "经度", "地址", "X 轴行程", "材料"])
    for n in range(rows):
        place = [f"{24.4 + n % 400 / 1000:.4f}", f"{118 + n % 370 / 1000:.4f}", f"厦门市湖里区枋湖路 {n} 号"]
        name, kind = f"立式加工中心 {n:06d}", "立式加工中心"
        writer.writerow([name, kind, 120 + n % 90, 1 + n % 4, *place, 800 + n % 500, "铝合金;碳钢"])
    return out.getvalue().encode()


def main(rows: int) -> None:
    at = timezone.now()
    by = loading.party("", name="基准测试", number=99, at=at)
    before_mb = peak_mb()
    run = imports.upload(table(rows), "bench.csv", kind="listings", direction_code="equipment", by=by, at=at)
    start = perf_counter()
    imports.begin(run.code, "check", by=by, at=at)
    run = imports.check(run.code, at=at)
    checked = perf_counter()
    imports.begin(run.code, "commit", by=by, at=at, publish=True)
    run = imports.commit(run.code, publish=True, at=at)
    loaded = perf_counter()
    print(f"{run.n_rows} rows, {run.n_ready} ready, {run.n_loaded} loaded")
    print(f"dry run {checked - start:.1f} s, {rows / (checked - start):,.0f} rows/s")
    print(f"commit  {loaded - checked:.1f} s, {rows / (loaded - checked):,.0f} rows/s")
    print(f"peak memory {peak_mb():.0f} MB, of which {before_mb:.0f} MB before the file was read")
    imports.begin(run.code, "undo", by=by, at=at)
    start = perf_counter()
    imports.undo(run.code, at=at)
    print(f"undo    {perf_counter() - start:.1f} s")


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)

"""Search at 100,000 listings under 8 clients, over HTTP: the page, the API, and the selector alone, by kind of search.

    python -m benchmarks.search [--listings N] [--requests N] [--url URL]

Beside them stands the same selector told not to use any index, which is what search would be as plain SQL over the
table. Works in a database of its own; --url names one that is filled already, and leaves it as it is.
"""

import argparse
import os
import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from http.client import HTTPConnection
from random import Random
from time import perf_counter
from urllib.parse import urlencode, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("YULI_LOG_LEVEL", "ERROR")
django.setup()

from django.db import OperationalError, connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import _scratch  # noqa: E402
from config.demo.load import Counts, load  # noqa: E402
from config.demo.places import PLACES, near  # noqa: E402
from marketplace.models import Listing  # noqa: E402
from marketplace.selectors import search  # noqa: E402

CLIENTS = 8
WORDS = (
    "五轴加工中心",
    "注塑",
    "激光切割",
    "扫描电镜",
    "三坐标",
    "结构设计",
    "法律咨询",
    "冷链",
    "数控车床 厦门",
    "检测",
)
DIRECTIONS = ("equipment", "instruments", "skills", "capacity", "resources")
MACHINES = ("cutting.five_axis", "cutting.vmc", "sheet.laser", "moulding.injection", "electronics.smt")
CATEGORIES = ("analytical.electron", "analytical.xray", "physical.mechanical", "electronic.emc")
CITIES = ("350200", "500000", "350206", "500112")
# Some of it would take minutes without any index; what takes longer than this counts as this.
PEER_LIMIT_MS = 5_000
NO_INDEX = (
    "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off; "
    f"SET statement_timeout = {PEER_LIMIT_MS}"
)

Params = dict[str, str]


def _around(random: Random, radius_m: int) -> Params:
    lng, lat = near(random.choice(PLACES), random)
    return {"lat": f"{lat}", "lng": f"{lng}", "radius_m": str(radius_m)}


def _free(random: Random) -> Params:
    day = 1 + random.randrange(27)
    return {
        "free_from": f"2027-01-{day:02d}T09:00:00+08:00",
        "free_until": f"2027-01-{day:02d}T{random.randrange(11, 17)}:00:00+08:00",
    }


# Drawn anew for each request, so that what is kept for a minute serves only those who ask the same.
KINDS: dict[str, Callable[[Random], Params]] = {
    "front page, neutral": lambda r: {},
    "words": lambda r: {"words": r.choice(WORDS)},
    "direction, newest": lambda r: {"direction": r.choice(DIRECTIONS), "order": "newest"},
    "facet, price band": lambda r: {
        "direction": "equipment", "a.machine": r.choice(MACHINES), "price_from_fen": str(r.randrange(1_000, 9_000)),
        "price_to_fen": str(r.randrange(12_000, 90_000)), "order": "price",
    },
    "two facets, neutral": lambda r: {
        "direction": "instruments", "a.category": r.choice(CATEGORIES), "a.accreditations": "cnas",
        "price_to_fen": str(r.randrange(10_000, 90_000)),
    },
    "20 km, nearest first": lambda r: {**_around(r, 20_000), "order": "distance"},
    "words, 50 km, cheapest": lambda r: {"words": r.choice(WORDS), **_around(r, 50_000), "order": "price"},
    "city, best standing": lambda r: {"division": r.choice(CITIES), "order": "standing"},
    "free that day": lambda r: {"direction": "equipment", **_free(r), **_around(r, 30_000)},
    "words, city, free": lambda r: {"words": r.choice(WORDS), "division": r.choice(CITIES), **_free(r)},
    "deep page": lambda r: {"direction": r.choice(DIRECTIONS), "page": str(r.randrange(20, 51))},
}  # fmt: skip


def asked(kind: str, client: int, count: int) -> Iterator[Params]:
    """Yield the searches of one client; the same for the page, the API and the selector."""
    random = Random(f"{kind} {client}")
    return (KINDS[kind](random) for _ in range(count))


def over_http(port: int, path: str) -> Callable[[str, int, int], list[float]]:
    """Return what one client does: asks one request after the other and notes milliseconds."""

    def client(kind: str, number: int, count: int) -> list[float]:
        line, times = HTTPConnection("127.0.0.1", port, timeout=120), []
        for turn, params in enumerate(asked(kind, number, count)):
            visitor = {"X-Forwarded-For": f"10.{number}.{turn // 250}.{turn % 250}"}
            start = perf_counter()
            line.request("GET", f"{path}?{urlencode(params)}", headers=visitor)
            answer = line.getresponse()
            answer.read()
            times.append((perf_counter() - start) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{path}?{urlencode(params)} answered {answer.status}.")
        line.close()
        return times

    return client


def selector(setting: str) -> Callable[[str, int, int], list[float]]:
    def client(kind: str, number: int, count: int) -> list[float]:
        times = []
        with connection.cursor() as cursor:
            cursor.execute(setting)
        for params in asked(kind, number, count):
            start = perf_counter()
            read = {name: [value] for name, value in params.items()}
            with suppress(OperationalError):
                search.find(search.read(read), page=int(params.get("page", 1)), at=timezone.now())
            times.append((perf_counter() - start) * 1000)
        with connection.cursor() as cursor:
            cursor.execute("RESET ALL")
        connection.close()
        return times

    return client


def measure(client: Callable[[str, int, int], list[float]], kind: str, count: int) -> list[float]:
    """Return the sorted milliseconds of CLIENTS clients at once, each alone with its own searches."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        parts = pool.map(client, [kind] * CLIENTS, range(CLIENTS), [count] * CLIENTS)
        return sorted(ms for part in parts for ms in part)


def quantiles(times: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18]


def queries(kind: str) -> int:
    """Return how many queries the page takes of somebody who is the first to ask this."""
    params = next(asked(kind, CLIENTS, 1))
    with CaptureQueriesContext(connection) as captured:
        Client(headers={"host": "127.0.0.1"}).get("/search", params)
    return len(captured)


def run(port: int, requests: int) -> None:
    ways = {
        "page": over_http(port, "/search"),
        "API": over_http(port, "/api/v1/search"),
        "selector": selector("SET enable_seqscan TO DEFAULT"),
        "no index": selector(NO_INDEX),
    }
    print(f"{'p50 / p95, ms':<24}" + "".join(f"{name:>16}" for name in ways) + f"{'queries':>9}{'found':>8}")
    everything: dict[str, list[float]] = {name: [] for name in ways}
    for kind in KINDS:
        line = f"{kind:<24}"
        for name, client in ways.items():
            times = measure(client, kind, requests)
            everything[name] += times
            line += f"{'{:.0f} / {:.0f}'.format(*quantiles(times)):>16}"
        first = {key: [value] for key, value in next(asked(kind, 0, 1)).items()}
        found = search.find(search.read(first), at=timezone.now()).total
        print(f"{line}{queries(kind):>9}{found:>8}", flush=True)
    p95 = {name: quantiles(sorted(times))[1] for name, times in everything.items()}
    print(f"{'all':<24}" + "".join(f"{'{:.0f} / {:.0f}'.format(*quantiles(t)):>16}" for t in everything.values()))
    print("p95 over that without an index: " + ", ".join(f"{n} {p95[n] / p95['no index']:.2f}" for n in ways))


def fill(wanted: int) -> None:
    """Load the demo at the wanted size; its listings lie in the districts of two cities."""
    load(Counts(parties=max(wanted // 50, 80), listings=wanted, demands=500), at=timezone.now(), say=print)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=15, help="of each client, for each kind of search")
    parser.add_argument("--url", help="a database that is filled already")
    options = parser.parse_args()
    if options.url:
        connection.settings_dict["NAME"] = urlsplit(options.url).path.lstrip("/")
    with nullcontext(options.url) if options.url else _scratch.database("search") as url:
        if not options.url:
            fill(options.listings)
        print(f"{Listing.objects.published().count():,} listings, {CLIENTS} clients, {options.requests} requests each")
        with _scratch.server(url) as port:
            run(port, options.requests)


if __name__ == "__main__":
    main()

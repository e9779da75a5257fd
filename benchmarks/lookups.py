"""What one new row costs where many stand: the alerts of a published listing, and a picture beside all others.

Rows are made in the given database inside one transaction that is rolled back.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("YULI_LOG_LEVEL", "WARNING")
django.setup()

from django.contrib.gis.geos import Point, Polygon  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Organisation, User, VerificationCase, VerificationDocument  # noqa: E402
from accounts.services import documents  # noqa: E402
from marketplace.core import reach  # noqa: E402
from marketplace.core.search import Filters, to_params  # noqa: E402
from marketplace.directions import DIRECTIONS  # noqa: E402
from marketplace.models import Listing, SavedSearch  # noqa: E402
from marketplace.selectors import saved_searches  # noqa: E402
from marketplace.selectors.search_query import matching  # noqa: E402

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BATCH = 5_000
REPEATS = 5
WORDS = ("铣床", "注塑", "质谱", "五轴", "仓储", "检测", "结构设计", "激光切割")
DIVISIONS = ("350000", "350200", "310000", "440300", "110000", "500000", "320500", "330100")

NEAR_BY_SCAN = """
    SELECT DISTINCT c.organisation_id
    FROM accounts_verificationdocument mine
    JOIN accounts_verificationdocument d ON bit_count((d.picture_hash # mine.picture_hash)::bit(64)) <= 4
    JOIN accounts_verificationcase c ON c.id = d.case_id
    WHERE mine.case_id = %s AND c.organisation_id <> %s
"""


def make_searches(n_searches: int, random: Random) -> None:
    """Write searches of four kinds: words, a direction in a division, a circle, and a price."""
    owner = Organisation.objects.create(kind="other", name="looker", created_at=AT)
    user = User.objects.create_user("bench@example.test", "x", display_name="x", joined_at=AT)

    def filters(number: int) -> Filters:
        code = random.choice(DIRECTIONS).code
        if number % 4 == 0:
            return Filters(words=random.choice(WORDS))
        if number % 4 == 1:
            return Filters(direction=code, division=random.choice(DIVISIONS))
        if number % 4 == 2:
            lng, lat = random.uniform(100, 120), random.uniform(23, 38)
            return Filters(lat=lat, lng=lng, radius_m=random.choice((10_000, 50_000)))
        return Filters(direction=code, price_to_fen=random.randint(1_000, 100_000))

    def row(number: int) -> SavedSearch:
        asked = filters(number)
        box = reach.box(asked)
        return SavedSearch(
            user=user,
            organisation=owner,
            name=str(number),
            filters=to_params(asked),
            created_at=AT,
            direction=asked.direction,
            division=reach.division(asked),
            words=reach.words(asked),
            area=Polygon.from_bbox(box) if box else None,
        )

    SavedSearch.objects.bulk_create((row(number) for number in range(n_searches)), BATCH)


def make_listing() -> Listing:
    owner = Organisation.objects.create(kind="other", name="seller", created_at=AT)
    return Listing.objects.create(
        owner=owner, direction="equipment", state="published", title="五轴加工中心", search_text="五轴 加工 中心",
        division_code="350206", place=Point(118.1, 24.5, srid=4326), unit="machine_hour", price_fen=20_000,
        published_at=AT, created_at=AT, changed_at=AT, lottery=1,
    )  # fmt: skip


def make_pictures(n_pictures: int, random: Random) -> VerificationCase:
    """Write pictures with random hashes, ten to a party, and return the case of one more."""
    parties = Organisation.objects.bulk_create(
        (Organisation(kind="other", name=f"party {n}", created_at=AT) for n in range(n_pictures // 10 + 1)), BATCH
    )
    cases = VerificationCase.objects.bulk_create(
        (VerificationCase(organisation=party, kind="organisation", name="x", number="x", state="approved",
                          submitted_at=AT, decided_at=AT, valid_until=AT.date()) for party in parties),
        BATCH,
    )  # fmt: skip

    def page(number: int) -> VerificationDocument:
        return VerificationDocument(
            case=cases[number // 10], path="x", media_type="image/png", size_bytes=1, sha256=f"{number:064d}",
            picture_hash=random.getrandbits(64) - 2**63, uploaded_at=AT,
        )  # fmt: skip

    VerificationDocument.objects.bulk_create((page(number) for number in range(n_pictures)), BATCH)
    return cases[0]


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median time of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def one_by_one(listing: Listing) -> int:
    """Ask every search in turn, as was done before."""
    found = SavedSearch.objects.filter(wants_alerts=True).exclude(organisation_id=listing.owner_id)
    return sum(matching(saved_searches.filters_of(each)).filter(pk=listing.pk).exists() for each in found)


def by_index(listing: Listing) -> int:
    found = saved_searches.perhaps_told_of(listing)
    return sum(matching(saved_searches.filters_of(each)).filter(pk=listing.pk).exists() for each in found)


def near_by_scan(case: VerificationCase) -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute(NEAR_BY_SCAN, [case.pk, case.organisation_id])
        return list(cursor.fetchall())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=10_000)
    parser.add_argument("--pictures", type=int, default=100_000)
    asked = parser.parse_args()
    random = Random(42)
    with transaction.atomic():
        make_searches(asked.searches, random)
        listing = make_listing()
        case = make_pictures(asked.pictures, random)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE marketplace_savedsearch; ANALYZE accounts_verificationdocument")
            cursor.execute("SELECT gin_clean_pending_list('verification_document_bands')")
        report_searches(asked.searches, listing)
        report_pictures(asked.pictures, case)
        transaction.set_rollback(True)


def report_searches(n_searches: int, listing: Listing) -> None:
    narrowed = saved_searches.perhaps_told_of(listing)
    start = time.perf_counter()
    before = one_by_one(listing)
    turned_ms = (time.perf_counter() - start) * 1000
    say("saved searches", f"{n_searches:,}")
    say("  left to ask after one query", f"{len(narrowed):,}")
    say("  passed", f"{by_index(listing):,}")
    say("  that query", f"{milliseconds(lambda: saved_searches.perhaps_told_of(listing)):.1f} ms")
    say("  that query, and asking the rest", f"{milliseconds(lambda: by_index(listing)):.1f} ms")
    say(f"  asking each in turn ({before:,} passed), once", f"{turned_ms:.1f} ms")


def report_pictures(n_pictures: int, case: VerificationCase) -> None:
    say("pictures", f"{n_pictures:,}")
    say("  ten pages by their bands", f"{milliseconds(lambda: documents.others_with_same_picture(case)):.1f} ms")
    say("  ten pages by reading all", f"{milliseconds(lambda: near_by_scan(case)):.1f} ms")


def say(what: str, figure: str) -> None:
    print(f"{what:<48}{figure:>14}", flush=True)


if __name__ == "__main__":
    main()

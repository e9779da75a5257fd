"""Feeds of changes: what is in them, in which order, and that no row is missed or comes twice."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Organisation
from supervision.core.reader import Scope
from supervision.core.resources import RESOURCES
from supervision.models import ReadLog
from supervision.services import feeds
from supervision.services.cursors import CursorRefused
from supervision.services.feeds import MOST_BATCHES, Query
from tests import make

NOW = make.MONDAY_9AM + timedelta(days=1)


def read_all(reader, name, *, limit=100, cursor="", **filters):
    """Follow the feed to its end; return the rows and where it ended."""
    rows = []
    for _ in range(1000):
        page = feeds.read(reader, name, Query(cursor=cursor, limit=limit, **filters), at=NOW)
        rows += page.rows
        cursor = page.cursor
        if not page.has_more:
            return rows, cursor
    raise AssertionError("the feed does not end")


@pytest.mark.django_db
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: r.name)
def test_a_row_in_the_territory_is_read(resource):
    make.market("350203")

    rows, _ = read_all(make.reader(make.agency("350200")), resource.name)

    assert rows
    assert all(row.get("division_code", "350203") == "350203" for row in rows)


@pytest.mark.django_db
@pytest.mark.parametrize("resource", [r for r in RESOURCES if r.name != "rounds"], ids=lambda r: r.name)
def test_a_row_of_another_territory_is_not_there(resource):
    make.market("500103")
    reader = make.reader(make.agency("350200"))

    rows, _ = read_all(reader, resource.name)
    narrowed, _ = read_all(reader, resource.name, division="500103")

    assert rows == []
    assert narrowed == []


@pytest.mark.django_db
def test_narrowing_to_a_division_leaves_the_rest_out():
    make.market("350203")
    make.market("350211")

    rows, _ = read_all(make.reader(make.agency("350200")), "listings", division="350211")

    assert {row["division_code"] for row in rows} == {"350211"}


@pytest.mark.django_db
def test_every_page_size_gives_the_same_rows_in_the_same_order():
    for _ in range(7):
        make.organisation()
    reader = make.reader()

    whole, _ = read_all(reader, "parties", limit=500)

    for limit in (1, 2, 3, 7):
        assert read_all(reader, "parties", limit=limit)[0] == whole


@pytest.mark.django_db
def test_a_feed_continues_with_exactly_what_changed_since():
    first, second, third = (make.organisation() for _ in range(3))
    reader = make.reader()
    seen, cursor = read_all(reader, "parties")
    Organisation.objects.filter(pk=second.pk).update(size="large")
    new = make.organisation()

    changed, cursor = read_all(reader, "parties", cursor=cursor)
    nothing, _ = read_all(reader, "parties", cursor=cursor)

    assert [row["size"] for row in changed] == ["large", "small"]
    assert changed[0]["party"] in {row["party"] for row in seen}
    assert changed[1]["party"] not in {row["party"] for row in seen}
    assert nothing == []
    assert {first, third, new}  # the others did not change


@pytest.mark.django_db
def test_a_small_territory_is_reached_past_many_foreign_changes():
    for number in range(MOST_BATCHES + 3):
        make.organisation(division_code="500103", name=f"远方{number}")
    here = make.organisation(division_code="350203")
    reader = make.reader(make.agency("350200"))

    first = feeds.read(reader, "parties", Query(limit=1), at=NOW)
    rows, _ = read_all(reader, "parties", limit=1)

    assert (len(first.rows), first.has_more) == (0, True)
    assert len(rows) == 1
    assert here.division_code == rows[0]["division_code"]


@pytest.mark.django_db
def test_two_agencies_cannot_join_what_they_read():
    make.market("350203")

    one, _ = read_all(make.reader(make.agency("350200")), "orders")
    other, _ = read_all(make.reader(make.agency("350200")), "orders")

    names = {"order", "consumer", "provider", "listing"}
    assert {one[0][name] for name in names}.isdisjoint({other[0][name] for name in names})
    assert {k: v for k, v in one[0].items() if k not in names} == {k: v for k, v in other[0].items() if k not in names}


@pytest.mark.django_db
def test_an_agency_can_join_its_own_rows_within_a_quarter_and_not_across():
    make.market("350203")
    reader = make.reader()

    orders, _ = read_all(reader, "orders")
    listings, _ = read_all(reader, "listings")
    later = feeds.read(reader, "orders", Query(), at=NOW + timedelta(days=90))

    assert orders[0]["listing"] == listings[0]["listing"]
    assert orders[0]["provider"] == listings[0]["provider"]
    assert later.rows[0]["order"] != orders[0]["order"]
    assert later.pseudonym_quarter == "2026Q2"


@pytest.mark.django_db
def test_a_cursor_serves_its_own_reader_resource_and_filters_only():
    make.market("350203")
    agency = make.agency("350200")
    reader = make.reader(agency)
    cursor = feeds.read(reader, "parties", Query(), at=NOW).cursor
    before = ReadLog.objects.count()

    for who, name, filters in (
        (make.reader(), "parties", {}),
        (reader, "verifications", {}),
        (reader, "parties", {"division": "350203"}),
    ):
        with pytest.raises(CursorRefused):
            feeds.read(who, name, Query(cursor=cursor, **filters), at=NOW)

    assert ReadLog.objects.count() == before
    assert feeds.read(make.reader(agency), "parties", Query(cursor=cursor), at=NOW).rows == []


@pytest.mark.django_db
def test_what_is_sealed_drafted_or_unpublished_is_not_read():
    market = make.market("350203")
    type(market.rating).objects.update(revealed_at=None)
    type(market.complaint).objects.update(state="draft", submitted_at=None)
    type(market.listing).objects.update(state="draft", published_at=None)
    type(market.demand).objects.update(state="draft", published_at=None)
    reader = make.reader()

    for name in ("ratings", "complaints", "listings", "demands"):
        assert read_all(reader, name)[0] == []


@pytest.mark.django_db
def test_changes_names_rows_of_open_scopes_only():
    make.market("350203")
    reader = make.reader(make.agency("350200", scopes=(Scope.ORDERS, Scope.MARKET)))

    page = feeds.changes(reader, Query(limit=500), at=NOW)

    assert {row["resource"] for row in page.rows} == {"orders", "ratings", "listings", "demands", "rounds"}
    orders, _ = read_all(reader, "orders")
    assert orders[0]["order"] in {row["id"] for row in page.rows}


@pytest.mark.django_db
def test_a_feed_page_takes_the_same_few_queries_however_many_rows(django_assert_max_num_queries):
    for _ in range(5):
        make.market("350203")
    reader = make.reader()
    feeds.read(reader, "orders", Query(), at=NOW)

    with django_assert_max_num_queries(8):
        assert len(feeds.read(reader, "orders", Query(), at=NOW).rows) == 5


class Patience:
    """True for two minutes: a feed waits for every transaction of the server, those of other test processes too."""

    def __init__(self) -> None:
        self.until = time.monotonic() + 120

    def __bool__(self) -> bool:
        time.sleep(0.05)
        return time.monotonic() < self.until


def organisations_in(rows):
    return [row for row in rows if row["kind"] != "person"]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_missed_by_a_reader_who_was_past_it():
    """The trap of every feed ordered by time or by serial number: the first to begin is the last to commit."""
    reader = make.reader()
    _, cursor = read_all(reader, "parties")
    began, overtaken = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                make.organisation(name="先开始后提交", kind="institute")
                began.set()
                assert overtaken.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert began.wait(20)
    make.organisation(name="后开始先提交", kind="university")
    during, cursor = read_all(reader, "parties", cursor=cursor)
    overtaken.set()
    writer.join()

    read = during
    patience = Patience()
    while len(organisations_in(read)) < 2 and patience:
        after, cursor = read_all(reader, "parties", cursor=cursor)
        read += after

    kinds = [row["kind"] for row in organisations_in(read)]
    assert kinds == ["institute", "university"]


@pytest.mark.django_db(transaction=True)
def test_readers_beside_writers_get_every_row_exactly_once():
    writers, each = 4, 15
    reader = make.reader(make.agency("350200"))

    def write():
        try:
            for number in range(each):
                with transaction.atomic():
                    make.organisation(verified=False, name=f"{threading.get_ident()}-{number}")
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    seen, cursor = [], ""
    patience = Patience()
    while (any(thread.is_alive() for thread in threads) or len(seen) < writers * each) and patience:
        rows, cursor = read_all(reader, "parties", cursor=cursor, limit=7)
        seen += [row["party"] for row in rows]
    for thread in threads:
        thread.join()

    assert len(seen) == len(set(seen)) == writers * each

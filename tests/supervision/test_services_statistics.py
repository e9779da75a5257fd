"""Statistics: counted right, protected, and the same for everybody, always."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from supervision.core.disclosure import ALL
from supervision.core.indicators import INDICATORS
from supervision.models import ReadLog, StatisticsAnswer
from supervision.services import statistics
from supervision.services.statistics import NotPublished
from tests import make

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
APRIL = datetime(2026, 4, 2, tzinfo=UTC)


def cells_of(reader, indicator="listings_published", month=MARCH, at=APRIL):
    table = statistics.read(reader, indicator, month, at=at)
    return {(cell["division_code"], cell["direction"]): cell["value"] for cell in table.cells}


def listings(number, division_code="350203", **fields):
    return [make.offer(owner=make.organisation(division_code=division_code), division_code=division_code, **fields)
            for _ in range(number)]  # fmt: skip


def test_listings_of_the_month_are_counted_by_division_and_direction():
    listings(12)
    listings(4, published_at=make.MONDAY_9AM - timedelta(days=40))

    table = cells_of(make.reader())

    assert table["350203", "equipment"] == 10
    assert table["350200", ALL] == 10


def test_a_month_begins_and_ends_at_midnight_in_china():
    listings(10, published_at=datetime(2026, 2, 28, 16, 0, tzinfo=UTC))
    listings(10, published_at=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    listings(10, published_at=datetime(2026, 3, 31, 16, 0, tzinfo=UTC))

    assert cells_of(make.reader())["350203", "equipment"] == 20


def test_few_contributors_are_withheld_and_nothing_gives_them_away():
    listings(12)
    listings(4, "350211")

    table = cells_of(make.reader(make.agency("000000")))

    assert table["350211", "equipment"] is None
    assert table["350203", "equipment"] is None or table["350200", "equipment"] is None


def test_an_agency_sees_its_own_territory_only():
    listings(12)
    listings(12, "500103")

    divisions = {division for division, _ in cells_of(make.reader(make.agency("350200")))}

    assert divisions == {"350200", "350203"}


def test_agencies_and_repeats_get_the_same_figure_even_when_rows_come_late():
    listings(12)
    city = cells_of(make.reader(make.agency("350200")))
    listings(30)

    again = cells_of(make.reader(make.agency("350200")))
    nation = cells_of(make.reader(make.agency("000000")))

    assert again == city
    assert city.items() <= nation.items()
    assert StatisticsAnswer.objects.count() == 1


@pytest.mark.parametrize("month", [date(2026, 4, 1), date(2026, 5, 1), date(2023, 3, 1)])
def test_a_month_that_is_not_over_or_too_long_ago_is_not_published(month):
    reader = make.reader()

    with pytest.raises(NotPublished):
        statistics.read(reader, "listings_published", month, at=APRIL)

    assert not StatisticsAnswer.objects.exists()
    assert not ReadLog.objects.exists()


def test_an_answer_once_made_cannot_be_altered():
    cells_of(make.reader())

    with pytest.raises(IntegrityError):
        StatisticsAnswer.objects.update(cells=[])


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.code)
def test_every_indicator_can_be_computed(indicator):
    make.market()
    make.order(state="completed")

    table = cells_of(make.reader(), indicator.code)

    assert set(table.values()) == {None}


def test_a_place_known_only_as_a_city_is_counted_beside_its_counties():
    listings(12)
    listings(12, "350200")

    table = cells_of(make.reader())

    assert table["350200~", "equipment"] == 10
    assert table["350200", "equipment"] == 25

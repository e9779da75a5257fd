"""Search: words, filters, orders, pages, the free period, and what it costs."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point

from marketplace.core.opening import WeeklyHours
from marketplace.core.search import Filters, Sort, from_params, to_params
from marketplace.models import Listing
from marketplace.selectors import search
from marketplace.services import availability, listings, saved_searches
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM
TUESDAY_9AM = AT + timedelta(days=1)


def titles(filters, **more):
    return [listing.title for listing in search.find(filters, at=AT, **more).listings]


def test_chinese_words_are_found_inside_longer_ones_and_all_must_be_there():
    make.listing(title="五轴联动加工中心")
    make.listing(direction="skills", title="注塑机空闲")

    assert titles(Filters(words="加工中心")) == ["五轴联动加工中心"]
    assert titles(Filters(words="注塑机 加工中心")) == []
    assert titles(Filters(words="！？")) == []


def test_only_what_is_published_is_found():
    make.listing(title="草稿", published=False)
    paused = make.listing(title="暂停")
    listings.pause(paused.code, by=make.actor(paused.owner), at=AT)

    assert search.find(Filters(), at=AT).total == 0


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(direction="skills"), ["乙"]),
        (Filters(division="350200"), ["甲"]),
        (Filters(division="500000"), ["乙"]),
        (Filters(industry="C34"), ["甲"]),
        (Filters(price_to_fen=10_000), ["乙"]),
        (Filters(direction="equipment", facets=(("materials", ("aluminium", "wood")),)), ["甲"]),
        (Filters(direction="equipment", facets=(("materials", ("wood",)),)), []),
        (Filters(lat=24.479, lng=118.089, radius_m=5_000), ["甲"]),
    ],
)
def test_each_filter_keeps_what_passes_it(filters, found):
    make.listing(title="甲")
    make.listing(
        direction="skills", title="乙", division_code="500103", industry_code="", price_fen=9_000,
        reserve_price_fen=None, place=Point(106.56, 29.55, srid=4326),
    )  # fmt: skip

    assert titles(filters) == found


def test_orders_by_distance_price_standing_and_newness():
    far = make.listing(title="远", price_fen=100, reserve_price_fen=None, place=Point(119, 25, srid=4326))
    near = make.listing(title="近", price_fen=200, reserve_price_fen=None)
    Listing.objects.filter(pk=far.pk).update(standing=900, published_at=AT - timedelta(days=1))
    Listing.objects.filter(pk=near.pk).update(standing=100)
    here = {"lat": 24.479, "lng": 118.089}

    assert titles(Filters(**here, order=Sort.DISTANCE)) == ["近", "远"]
    assert titles(Filters(order=Sort.PRICE)) == ["远", "近"]
    assert titles(Filters(order=Sort.STANDING)) == ["远", "近"]
    assert titles(Filters(order=Sort.NEWEST)) == ["近", "远"]


def test_the_neutral_order_is_the_same_for_all_on_one_day_and_turns_over_days():
    for _ in range(12):
        make.listing()

    days = {tuple(x.pk for x in search.find(Filters(), at=AT + timedelta(days=n)).listings) for n in range(10)}

    assert search.find(Filters(), at=AT) == search.find(Filters(), at=AT + timedelta(hours=3))
    assert len(days) > 1


def test_a_free_period_leaves_out_what_is_closed_then():
    open_then = make.listing(title="周二开")
    closed_then = make.listing(title="周三开")
    shut = make.listing(title="检修")
    for listing, weekday in ((open_then, 1), (closed_then, 2), (shut, 1)):
        hours = [WeeklyHours(weekday, 8 * 60, 18 * 60)]
        availability.set_weekly(listing.code, hours, by=make.actor(listing.owner), at=AT)
    availability.add_exception(shut.code, AT, AT + timedelta(days=7), is_open=False, by=make.actor(shut.owner), at=AT)

    found = titles(Filters(free_from=TUESDAY_9AM, free_until=TUESDAY_9AM + timedelta(hours=3)))

    assert found == ["周二开"]


def test_pages_are_bounded_and_an_impossible_one_is_the_last():
    for _ in range(3):
        make.listing()

    results = search.find(Filters(), page=99, at=AT)

    assert (results.page, results.n_pages, results.total, results.is_total_exact) == (1, 1, 3, True)


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_costs_as_many_queries_however_many_results(
    django_assert_num_queries, django_assert_max_num_queries, count
):
    owner = make.organisation()
    for _ in range(count):
        make.listing(owner)

    with django_assert_num_queries(2):
        found = search.find(Filters(words="加工中心", order=Sort.NEWEST), at=AT).listings
        assert {listing.owner.name for listing in found} == {owner.name}
    with django_assert_max_num_queries(4):
        search.find(Filters(), at=AT)


def test_turning_the_pages_of_the_neutral_order_shows_everything_once(monkeypatch):
    owner = make.organisation()
    for _ in range(11):
        make.listing(owner)
    monkeypatch.setattr(search, "PER_PAGE", 3)

    for day in range(5):
        at = AT + timedelta(days=day)
        pages = [search.find(Filters(), page=page, at=at).listings for page in range(1, 5)]
        assert [len(page) for page in pages] == [3, 3, 3, 2]
        assert len({listing.pk for page in pages for listing in page}) == 11


def test_facets_count_the_values_of_the_results():
    make.listing()
    make.listing(attributes={"machine": "cutting.vmc"})

    machine = next(f for f in search.facets(Filters(direction="equipment")) if f.field.name == "machine")

    assert [(value, count) for value, _, count, _ in machine.options] == [("cutting.vmc", 1), ("cutting.five_axis", 1)]


def test_a_chosen_value_narrows_the_other_facets_but_not_its_own(django_assert_num_queries):
    make.listing(attributes={"machine": "cutting.vmc", "materials": ["aluminium", "titanium"]})
    make.listing(attributes={"machine": "sheet.laser", "materials": ["aluminium"]})
    chosen = Filters(direction="equipment", facets=(("machine", ("cutting.vmc",)),))

    with django_assert_num_queries(1):
        facets = {facet.field.name: facet.options for facet in search.facets(chosen)}

    assert {value: count for value, _, count, _ in facets["machine"]} == {"cutting.vmc": 1, "sheet.laser": 1}
    assert {value: count for value, _, count, _ in facets["materials"]} == {"aluminium": 1, "titanium": 1}


def test_an_address_keeps_its_filters_and_nonsense_is_left_out():
    params = {
        "words": ["注塑"], "direction": ["equipment"], "a.machine": ["moulding.injection"], "lat": ["24.5"],
        "lng": ["118.1"], "radius_m": ["5000"], "order": ["price"], "free_from": ["2026-03-02T09:00:00+08:00"],
        "free_until": ["2026-03-02T12:00:00+08:00"],
    }  # fmt: skip
    filters = search.read(params)

    assert search.read(to_params(filters)) == filters
    assert from_params({"lat": ["nan"], "lng": ["1"], "price_to_fen": ["-3"], "order": ["bribe"]}) == Filters()
    assert search.read({"direction": ["nowhere"]}) == Filters()


def test_an_alert_reaches_whoever_looks_for_it_once_and_not_the_provider():
    seeker, owner = make.organisation(), make.organisation()
    saved_searches.save("加工", Filters(words="加工中心"), by=make.actor(seeker), at=AT)
    saved_searches.save("自己", Filters(words="加工中心"), by=make.actor(owner), at=AT)
    listing = make.listing(owner, title="加工中心")

    assert saved_searches.alert_listing(listing.code, at=AT) == 1
    assert saved_searches.alert_listing(listing.code, at=AT) == 0


def test_a_search_for_nothing_or_under_a_taken_name_is_not_saved():
    by = make.actor(make.organisation())
    saved_searches.save("甲", Filters(words="机床"), by=by, at=AT)

    for name, filters in (("乙", Filters()), ("甲", Filters(words="别的")), ("", Filters(words="别的"))):
        with pytest.raises(saved_searches.SearchNotSaved):
            saved_searches.save(name, filters, by=by, at=AT)

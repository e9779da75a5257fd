"""Saved searches: kept by one user, told of what passes them, once."""

from datetime import timedelta
from math import asin, atan2, cos, degrees, radians, sin

import pytest
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from hypothesis import given
from hypothesis import strategies as st

from accounts.core.actor import ANONYMOUS
from accounts.models import Notification
from marketplace.core import reach
from marketplace.core.search import Filters
from marketplace.models import Listing, SavedSearch
from marketplace.policies import MayNotBind
from marketplace.selectors import saved_searches as reads
from marketplace.selectors.search_query import matching
from marketplace.services import saved_searches
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM
LATER = AT + timedelta(days=1)


def kept(name="搜索", *, by=None, wants_alerts=True, **filters) -> SavedSearch:
    filters = filters or {"direction": "equipment"}
    by = by or make.actor(make.organisation())
    return saved_searches.save(name, Filters(**filters), wants_alerts=wants_alerts, by=by, at=AT)


def told() -> list[str]:
    return sorted(Notification.objects.filter(kind="search").values_list("params__name", flat=True))


def test_a_search_is_its_users_own():
    by = make.actor(make.organisation())
    search = kept(by=by)
    colleague = make.actor(search.organisation, user_=make.member(search.organisation))

    assert list(reads.of(by)) == [search]
    assert not reads.of(colleague).exists()
    for act in (
        lambda: saved_searches.delete(search.code, by=colleague, at=AT),
        lambda: saved_searches.set_alerts(search.code, wants_alerts=False, by=colleague, at=AT),
        lambda: reads.get(search.code, viewer=colleague),
    ):
        with pytest.raises(SavedSearch.DoesNotExist):
            act()
    search.refresh_from_db()
    assert search.wants_alerts


def test_a_name_is_taken_once_by_a_user_and_something_must_be_looked_for():
    by = make.actor(make.organisation())
    kept("铣床", by=by)

    for name, filters in (("铣床", Filters(words="铣")), (" ", Filters(words="铣")), ("空", Filters())):
        with pytest.raises(saved_searches.SearchNotSaved):
            saved_searches.save(name, filters, by=by, at=AT)
    kept("铣床")

    assert SavedSearch.objects.count() == 2


def test_a_user_keeps_at_most_fifty():
    by = make.actor(make.organisation())
    for number in range(saved_searches.MOST_SAVED):
        kept(str(number), by=by)

    with pytest.raises(saved_searches.SearchNotSaved, match="already 50"):
        kept("one more", by=by)

    assert reads.of(by).count() == 50


def test_somebody_who_acts_for_nobody_keeps_nothing():
    with pytest.raises(MayNotBind):
        saved_searches.save("x", Filters(words="x"), by=ANONYMOUS, at=AT)


def test_a_new_listing_is_told_to_whoever_looks_for_its_like():
    kept("方向")
    kept("全部", words="五轴")
    kept("省", division="350000")
    kept("附近", lat=24.48, lng=118.09, radius_m=5_000)
    kept("价格", price_to_fen=20_000)
    kept("别的方向", direction="skills")
    kept("别的词", words="注塑")
    kept("别的省", division="110000")
    kept("别处", lat=31.2, lng=121.5, radius_m=5_000)
    kept("便宜", price_to_fen=19_999)
    kept("不要提醒", wants_alerts=False)
    listing = make.listing()
    kept("自己的", by=make.actor(listing.owner))

    count = saved_searches.alert_listing(listing.code, at=LATER)

    assert count == 5
    assert told() == sorted(["方向", "全部", "省", "附近", "价格"])
    assert Notification.objects.filter(link=f"/listings/{listing.code}").count() == 5


def test_a_listing_is_told_of_once_however_often_the_job_runs():
    kept()
    listing = make.listing()

    assert saved_searches.alert_listing(listing.code, at=LATER) == 1
    assert saved_searches.alert_listing(listing.code, at=LATER) == 0

    assert told() == ["搜索"]


def test_what_is_no_longer_published_is_told_to_nobody():
    kept()
    listing = make.listing()
    Listing.objects.update(state="paused")

    assert saved_searches.alert_listing(listing.code, at=LATER) == 0
    assert told() == []


def test_a_search_kept_before_its_reach_was_known_still_tells():
    kept("旧", words="五轴", direction="equipment")
    SavedSearch.objects.update(direction="", division="", words="", area=None)
    listing = make.listing()

    assert saved_searches.alert_listing(listing.code, at=LATER) == 1


def test_one_query_finds_the_few_searches_that_may_pass(django_assert_num_queries):
    for number in range(30):
        kept(f"skills {number}", direction="skills")
        kept(f"place {number}", lat=31.2, lng=121.5, radius_m=5_000)
        kept(f"words {number}", words="注塑")
    wanted = kept("wanted")
    listing = make.listing()

    with django_assert_num_queries(1):
        assert reads.perhaps_told_of(listing) == [wanted]


def test_deleting_and_switching_off_end_the_alerts():
    by = make.actor(make.organisation())
    off, gone = kept("off", by=by), kept("gone", by=by)
    saved_searches.set_alerts(off.code, wants_alerts=False, by=by, at=AT)
    saved_searches.delete(gone.code, by=by, at=AT)

    assert saved_searches.alert_listing(make.listing().code, at=LATER) == 0
    assert list(reads.of(by)) == [off]


@given(
    lat=st.floats(-88, 88),
    lng=st.floats(-180, 180),
    radius_m=st.integers(1, 3_000_000),
    bearing=st.floats(0, 6.28),
    share=st.floats(0, 1),
)
def test_the_box_of_a_circle_holds_every_point_of_it(lat, lng, radius_m, bearing, share):
    box = reach.box(Filters(lat=lat, lng=lng, radius_m=radius_m))
    far, phi, lam = share * radius_m / reach.EARTH_M, radians(lat), radians(lng)
    phi2 = asin(sin(phi) * cos(far) + cos(phi) * sin(far) * cos(bearing))
    lam2 = lam + atan2(sin(bearing) * sin(far) * cos(phi), cos(far) - sin(phi) * sin(phi2))

    if box is not None:
        west, south, east, north = box
        assert west <= degrees(lam2) <= east
        assert south <= degrees(phi2) <= north


def test_the_box_leaves_out_no_listing_that_the_search_finds():
    """PostGIS measures on the spheroid, the box on a sphere with a margin."""
    radius_m = 100_000
    filters = Filters(lat=45.0, lng=118.0, radius_m=radius_m)
    make.listing(place=Point(118.0 + 1.268, 45.0, srid=4326))  # 99.97 km away
    search = kept("附近", lat=45.0, lng=118.0, radius_m=radius_m)
    listing = Listing.objects.get()

    assert matching(filters).filter(place__dwithin=(Point(118.0, 45.0, srid=4326), D(m=radius_m))).exists()
    assert reads.perhaps_told_of(listing) == [search]

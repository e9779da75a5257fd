"""Search, listings, demands, providers: what is shown to whom, and what the editors do."""

import re
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from marketplace.directions import CODES
from marketplace.models import Demand, Listing, Order, SavedSearch
from tests import make

pytestmark = pytest.mark.django_db

EDITED = {
    "title": "五轴加工中心夜班机时",
    "unit": "machine_hour",
    "price_fen": "180.50",
    "reserve_price_fen": "150",
    "minimum_lot": "2",
    "lead_time_days": "1",
    "datum": "wgs84",
    "longitude": "118.1",
    "latitude": "24.5",
    "city": "350200",
    "district": "350203",
    "a_machine": "cutting.five_axis",
    "a_machine_count": "1",
}
ASKED = {
    "title": "求五轴加工壳体",
    "unit": "machine_hour",
    "quantity": "8",
    "budget_fen": "200",
    "max_suppliers": "1",
    "datum": "wgs84",
    "a_machine": "cutting.five_axis",
}


def text_of(answer) -> str:
    return answer.content.decode()


# --- finding --------------------------------------------------------------------------------------------


def test_the_front_page_explains_itself_to_each_of_three_and_counts_what_there_is(
    client, django_assert_max_num_queries
):
    make.offer("equipment")
    make.wish("skills")

    with django_assert_max_num_queries(8):
        page = text_of(client.get("/"))

    assert all(door in page for door in ("我有需求", "我有余力", "我来监管"))
    assert "五轴加工中心" in page
    assert "求五轴加工" in page


def test_search_finds_by_words_direction_price_and_place_and_keeps_the_address(client):
    near = make.listing(
        direction="equipment", title="龙门铣夜班", price_fen=20_000, place=Point(118.10, 24.48, srid=4326)
    )
    far = make.listing(
        direction="equipment", title="龙门铣白班", price_fen=50_000, place=Point(106.55, 29.56, srid=4326)
    )
    asked = "?words=龙门铣&direction=equipment&price_to=300&lng=118.1&lat=24.48&radius_m=50000&order=distance"

    page = text_of(client.get(f"/search{asked}"))

    assert near.title in page
    assert far.title not in page
    assert 'value="龙门铣"' in page
    assert '<option value="50000" selected>' in page
    assert '<option value="distance" selected>' in page


def test_search_says_what_to_do_when_nothing_fits(client):
    page = text_of(client.get("/search?words=没有这种东西"))

    assert "没有符合全部条件的供给" in page
    assert "/demands/new" in page


@pytest.mark.parametrize("asked", ["lng=400&lat=x", "price_from=-5", "free_from=soon", "page=99999", "direction=zzz"])
def test_search_leaves_out_what_it_cannot_read(client, asked):
    make.offer()

    assert client.get(f"/search?{asked}").status_code == 200


@pytest.mark.parametrize("n_found", [6, 30])
def test_search_asks_the_same_few_queries_however_much_it_finds(
    client, client_of, django_assert_max_num_queries, n_found
):
    owner = make.organisation()
    for _ in range(n_found):
        make.listing(owner, direction="equipment")
    signed_in = client_of(owner)

    with django_assert_max_num_queries(7):
        client.get("/search?direction=equipment&words=加工")
    with django_assert_max_num_queries(10):
        signed_in.get("/search?direction=equipment")


def test_search_shows_the_division_that_was_chosen_and_no_markup_from_the_address(client):
    page = text_of(client.get("/search?division=350200"))
    odd = text_of(client.get("/search?division=%22%3E%3Cb%3E"))

    assert '<option value="350200" selected>' in page
    assert "<b>" not in odd


def test_bounds_the_wrong_way_round_are_told_at_their_field_and_only_the_first_restricts(client):
    make.offer("equipment")  # 100 yuan an hour

    page = text_of(client.get("/search?price_from=50&price_to=20"))
    times = text_of(client.get("/search?free_from=2026-12-02T08:00&free_until=2026-12-01T08:00"))

    assert re.search(r'id="price-faults"[^>]*><ul.*最低不能高于最高。', page)
    assert "五轴加工中心" in page
    assert re.search(r'id="time-faults"[^>]*><ul.*结束须晚于开始。', times)


def test_facets_narrow_by_the_directions_own_terms(client):
    make.listing(direction="equipment", title="五轴机时", attributes={"machine": "cutting.five_axis"})
    make.listing(direction="equipment", title="车床机时", attributes={"machine": "cutting.cnc_lathe"})

    page = text_of(client.get("/search?direction=equipment&a.machine=cutting.five_axis"))

    assert "五轴机时" in page
    assert "车床机时" not in page


def test_a_search_can_be_kept_opened_again_and_forgotten(client_of):
    buyer = make.organisation()
    client = client_of(buyer)
    client.post("/searches/save", {"name": "夜班五轴", "query": "direction=equipment&price_to=200"})
    saved = SavedSearch.objects.get()

    page = text_of(client.get("/searches"))
    assert "夜班五轴" in page
    assert 'value="200.00"' in text_of(client.get("/search?direction=equipment&price_to_fen=20000"))

    client.post(f"/searches/{saved.code}", {"do": "delete"})
    assert not SavedSearch.objects.exists()


def test_offers_of_one_direction_stand_side_by_side(client):
    first = make.offer("equipment", attributes={"machine": "cutting.five_axis"})
    second = make.offer("equipment", attributes={"machine": "cutting.cnc_lathe"}, title="数控车床一台")
    other = make.offer("skills", title="结构设计")

    page = text_of(client.get(f"/search/compare?code={first.code}&code={second.code}&code={other.code}&code=rubbish"))

    assert "数控车床一台" in page
    assert "结构设计" not in page
    assert 'class="differs"' in page


@pytest.mark.parametrize("code", CODES)
def test_every_direction_has_a_page_and_both_editors(client, client_of, code):
    seller = client_of(make.organisation())

    assert client.get(f"/directions/{code}").status_code == 200
    assert seller.get(f"/listings/new/{code}").status_code == 200
    assert seller.get(f"/demands/new/{code}").status_code == 200


def test_an_unknown_direction_is_a_404(client, client_of):
    assert client.get("/directions/gold").status_code == 404
    assert client_of(make.organisation()).get("/listings/new/gold").status_code == 404


def test_the_districts_of_a_city_come_as_options(client):
    page = text_of(client.get("/divisions?city=350200"))

    assert '<option value="350203">思明区</option>' in page


# --- listings -------------------------------------------------------------------------------------------


def test_a_reserve_price_is_for_the_owners_eyes(client, client_of):
    owner = make.organisation()
    listing = make.offer(owner=owner, reserve_price_fen=7_654)

    assert "76.54" not in text_of(client.get(f"/listings/{listing.code}"))
    assert "76.54" in text_of(client_of(owner).get(f"/listings/{listing.code}/edit"))


def test_a_draft_is_not_there_for_strangers(client, client_of):
    owner = make.organisation()
    draft = make.offer(owner=owner, state="draft")

    assert client.get(f"/listings/{draft.code}").status_code == 404
    assert client_of(make.organisation()).get(f"/listings/{draft.code}").status_code == 404
    assert client_of(make.organisation()).get(f"/listings/{draft.code}/edit").status_code == 404
    assert client_of(owner).get(f"/listings/{draft.code}").status_code == 200


def test_a_listing_is_written_published_found_paused_and_closed(client, client_of):
    owner = make.organisation()
    make.approved_case(owner)
    seller = client_of(owner)

    answer = seller.post("/listings/new/equipment", EDITED | {"then": "publish"})
    listing = Listing.objects.get()

    assert answer.headers["Location"] == f"/listings/{listing.code}"
    assert (listing.state, listing.price_fen, listing.reserve_price_fen) == ("published", 18_050, 15_000)
    assert (listing.division_code, round(listing.place.x, 4)) == ("350203", 118.1)
    assert listing.attributes["machine"] == "cutting.five_axis"
    assert EDITED["title"] in text_of(client.get("/search?words=五轴加工中心"))

    seller.post(f"/listings/{listing.code}/pause")
    assert EDITED["title"] not in text_of(client.get("/search?words=五轴加工中心"))

    seller.post(f"/listings/{listing.code}/close")
    listing.refresh_from_db()
    assert listing.state == "closed"


def test_coordinates_of_another_datum_are_stored_as_wgs84(client_of):
    seller = client_of(make.organisation())

    seller.post("/listings/new/equipment", EDITED | {"datum": "gcj02"})

    listing = Listing.objects.get()
    assert 100 < 111_000 * abs(listing.place.x - 118.1) < 1_000


def test_an_editor_with_faults_keeps_what_was_typed_and_names_them_at_the_field(client_of):
    seller = client_of(make.organisation())

    page = text_of(
        seller.post("/listings/new/equipment", EDITED | {"reserve_price_fen": "999", "a_machine": "", "latitude": ""})
    )

    assert not Listing.objects.exists()
    assert EDITED["title"] in page
    assert 'href="#id_a_machine"' in page
    assert "经纬度须同时填写或都不填" in page


def test_a_refusal_of_the_rules_stands_at_its_field(client_of):
    seller = client_of(make.organisation())

    page = text_of(seller.post("/listings/new/equipment", EDITED | {"reserve_price_fen": "999"}))

    assert not Listing.objects.exists()
    assert 'id="id_reserve_price_fen_error"' in page


def test_publishing_unverified_keeps_the_draft_and_says_how_to_mend_it(client_of):
    owner = make.organisation(verified=False)
    seller = client_of(owner)

    answer = seller.post("/listings/new/equipment", EDITED | {"then": "publish"}, follow=True)

    assert Listing.objects.get().state == "draft"
    assert "toast-item error" in text_of(answer)


def test_the_calendar_shows_open_hours_and_the_weeks_ahead(client):
    listing = make.offer()

    page = text_of(client.get(f"/listings/{listing.code}"))

    assert 'class="calendar"' in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_hours_and_exceptions_are_set_by_the_owner_alone(client_of):
    owner = make.organisation()
    listing = make.offer(owner=owner)
    hours = {
        "weekly-TOTAL_FORMS": "1",
        "weekly-INITIAL_FORMS": "0",
        "weekly-0-weekday": "0",
        "weekly-0-start": "08:00",
        "weekly-0-end": "00:00",
    }
    closed = {"start": "2026-05-01T00:00", "end": "2026-05-06T00:00", "reason": "五一放假"}

    client_of(owner).post(f"/listings/{listing.code}/hours", hours)
    client_of(owner).post(f"/listings/{listing.code}/exceptions/add", closed)

    rule = listing.rules.get()
    assert (rule.weekday, rule.start_minute, rule.end_minute) == (0, 480, 1440)
    assert listing.exceptions.get().reason == "五一放假"
    assert client_of(make.organisation()).post(f"/listings/{listing.code}/hours", hours).status_code == 404
    assert listing.rules.count() == 1


def test_photos_are_shown_and_what_is_no_picture_is_refused(client, client_of):
    owner = make.organisation()
    listing = make.offer(owner=owner)
    seller = client_of(owner)
    picture = SimpleUploadedFile("a.png", make.picture(), "image/png")

    seller.post(f"/listings/{listing.code}/photos/add", {"file": picture, "caption": "机床正面"})
    refused = seller.post(f"/listings/{listing.code}/photos/add", {"file": SimpleUploadedFile("b.png", b"no picture")})

    photo = listing.photos.get()
    assert "机床正面" in text_of(client.get(f"/listings/{listing.code}"))
    assert client.get(f"/listings/{listing.code}/photos/{photo.code}").status_code == 200
    assert refused.status_code == 200
    assert 'id="id_file_error"' in text_of(refused)


def test_a_request_becomes_an_order_at_the_listed_price(client_of):
    listing = make.offer("equipment", price_fen=12_000)
    buyer = make.organisation()
    start = timezone.localtime() + timedelta(days=3)
    asked = {
        "slots-TOTAL_FORMS": "1",
        "slots-INITIAL_FORMS": "0",
        "slots-0-start": f"{start:%Y-%m-%d}T10:00",
        "slots-0-hours": "3",
        "note": "三件样件",
    }

    answer = client_of(buyer).post(f"/listings/{listing.code}/request", asked)

    order = Order.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.code}"
    assert (order.state, order.consumer_id, order.total_fen) == ("proposed", buyer.pk, 36_000)


def test_a_request_for_ones_own_listing_is_refused_and_changes_nothing(client_of):
    owner = make.organisation()
    listing = make.offer("capacity", owner=owner, capacity_per_week=100)
    asked = {"quantity": "5", "start": "2027-01-01T09:00", "end": "2027-01-20T09:00"}

    answer = client_of(owner).post(f"/listings/{listing.code}/request", asked)

    assert answer.status_code == 200
    assert "form-errors" in text_of(answer)
    assert not Order.objects.exists()


def test_a_listing_page_asks_few_queries(client, django_assert_max_num_queries):
    listing = make.offer()

    with django_assert_max_num_queries(9):
        client.get(f"/listings/{listing.code}")


def test_a_provider_page_shows_offers_and_how_the_standing_comes_about(client, django_assert_max_num_queries):
    owner = make.organisation("厦门精工")
    make.offer(owner=owner, title="精工五轴")

    with django_assert_max_num_queries(12):
        page = text_of(client.get(f"/providers/{owner.code}"))

    assert "厦门精工" in page
    assert "精工五轴" in page
    assert "怎么算出来的" in page


# --- demands --------------------------------------------------------------------------------------------


def test_a_need_is_written_published_and_keeps_its_limit_to_itself(client, client_of):
    owner = make.organisation()
    make.approved_case(owner)
    buyer = client_of(owner)

    answer = buyer.post("/demands/new/equipment", ASKED | {"then": "publish"})
    demand = Demand.objects.get()

    assert answer.headers["Location"] == f"/demands/{demand.code}"
    assert (demand.state, demand.budget_fen, demand.quantity) == ("published", 20_000, 8)
    assert ASKED["title"] in text_of(client.get("/demands?words="))
    assert "¥200" not in text_of(client.get(f"/demands/{demand.code}"))
    assert "¥200" in text_of(buyer.get(f"/demands/{demand.code}"))


def test_a_bundle_keeps_its_parts_through_the_editor(client_of):
    owner = make.organisation()
    buyer = client_of(owner)
    asked = {
        "title": "求整套交付",
        "unit": "bundle",
        "quantity": "1",
        "max_suppliers": "2",
        "datum": "wgs84",
        "legs-TOTAL_FORMS": "1",
        "legs-INITIAL_FORMS": "0",
        "legs-0-title": "干线运输",
        "legs-0-quantity": "2",
        "legs-0-unit": "trip",
        "legs-0-budget_fen": "900",
        "legs-0-a_leg": "logistics",
        "legs-0-a_service": "logistics.ftl",
    }

    answer = buyer.post("/demands/new/resources", asked)

    demand = Demand.objects.get()
    assert answer.status_code == 302
    assert [(leg.title, leg.quantity, leg.budget_fen) for leg in demand.legs.all()] == [("干线运输", 2, 90_000)]
    assert "干线运输" in text_of(buyer.get(f"/demands/{demand.code}/edit"))


def test_half_a_period_and_a_radius_without_a_place_are_named_at_the_field(client_of):
    buyer = client_of(make.organisation())

    page = text_of(buyer.post("/demands/new/equipment", ASKED | {"start": "2027-01-01T09:00"}))
    other = text_of(buyer.post("/demands/new/equipment", ASKED | {"radius_km": "20"}))

    assert 'id="id_end_error"' in page
    assert 'id="id_radius_km_error"' in other
    assert not Demand.objects.exists()


def test_needs_are_listed_with_a_pinned_number_of_queries(client, django_assert_max_num_queries):
    for _ in range(5):
        make.wish()

    with django_assert_max_num_queries(4):
        assert "求五轴加工" in text_of(client.get("/demands?direction=equipment"))


def test_ones_own_lists_are_empty_with_a_way_on_and_ask_for_a_login(client, client_of):
    mine = client_of(make.organisation())

    assert "您还没有发布供给" in text_of(mine.get("/listings/mine"))
    assert "您还没有发布需求" in text_of(mine.get("/demands/mine"))
    assert client.get("/listings/mine").status_code == 302


# --- allotted in rounds ---------------------------------------------------------------------------------


def test_what_is_allotted_in_rounds_says_so_everywhere_and_leads_to_a_need(client_of):
    listing = make.fitting_offer("equipment", is_allotted=True, title="龙门铣夜班", minimum_lot=3)
    buyer = client_of(make.organisation())

    found = text_of(buyer.get("/search?direction=equipment"))
    page = text_of(buyer.get(f"/listings/{listing.code}"))
    need = buyer.get(f"/demands/new/equipment?like={listing.code}")

    assert "统一分配" in found
    assert "统一分配" in page
    assert f"/listings/{listing.code}/request" not in page
    assert f"/demands/new/equipment?like={listing.code}" in page
    initial = need.context["form"].initial
    assert (initial["title"], initial["unit"], initial["quantity"]) == ("龙门铣夜班", listing.unit, 3)
    assert initial["a_machine"] == listing.attributes["machine"]


@pytest.mark.parametrize("code", CODES)
def test_a_need_can_be_written_for_a_listing_of_any_direction(client_of, code):
    listing = make.fitting_offer(code)

    answer = client_of(make.organisation()).get(f"/demands/new/{code}?like={listing.code}")

    assert answer.status_code == 200
    assert listing.title in text_of(answer)


@pytest.mark.parametrize("like", ["", "x", "00000000-0000-0000-0000-000000000000", "draft"])
def test_a_listing_that_nobody_else_sees_fills_in_nothing(client_of, like):
    draft = make.fitting_offer("equipment", state="draft", published_at=None)
    code = draft.code if like == "draft" else like

    form = client_of(make.organisation()).get(f"/demands/new/equipment?like={code}").context["form"]

    assert "title" not in form.initial


def test_asking_for_it_directly_is_refused_with_what_to_do(client_of):
    listing = make.fitting_offer("equipment", is_allotted=True)

    answer = client_of(make.organisation()).get(f"/listings/{listing.code}/request", follow=True)

    assert answer.redirect_chain == [(f"/listings/{listing.code}", 302)]
    assert "它由撮合统一分配，不能直接下单。" in text_of(answer)
    assert not Order.objects.exists()


def test_its_owner_chooses_and_the_form_remembers(client_of):
    listing = make.fitting_offer("equipment")
    owner = client_of(listing.owner)

    owner.post(f"/listings/{listing.code}/edit", EDITED | {"is_allotted": "1"})
    form = owner.get(f"/listings/{listing.code}/edit").context["form"]

    assert Listing.objects.get().is_allotted
    assert form["is_allotted"].value() == "1"
    owner.post(f"/listings/{listing.code}/edit", EDITED | {"is_allotted": ""})
    assert not Listing.objects.get().is_allotted

"""Listings through the API: drafted, published, found, paused and closed by their provider and by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.models import Listing, ListingPhoto
from tests import make
from tests.api.caller import Api
from tests.make.marketplace_listings import OFFERS, UNITS

pytestmark = pytest.mark.django_db


def offer(direction: str = "equipment", **fields):
    words = {"title": "五轴机时", "direction": direction, "unit": UNITS[direction], "attributes": OFFERS[direction]}
    return words | {"price_fen": 20_000} | fields


@pytest.fixture
def provider():
    return make.organisation()


@pytest.mark.parametrize("direction", list(OFFERS))
def test_a_draft_of_each_direction_is_written_and_only_its_provider_sees_it(provider, direction):
    made = Api(provider).post("listings", offer(direction))

    assert (made.status_code, made.json()["state"]) == (201, "draft"), made.json()
    address = f"listings/{made.json()['code']}"
    assert Api(provider).get(address).json()["attributes"] == OFFERS[direction] | made.json()["attributes"]
    assert Api(make.organisation()).get(address).status_code == 404
    assert Client().get(f"/api/v1/{address}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": 5}, "title"),
        ({"price_fen": -1}, "price_fen"),
        ({"price_fen": "100"}, "price_fen"),
        ({"price_fen": 1.5}, "price_fen"),
        ({"direction": "lending"}, "direction"),
        ({"direction": None}, "direction"),
        ({"unit": "tonne"}, "unit"),
        ({"attributes": []}, "attributes"),
        ({"attributes": {}}, "attributes.machine"),
        ({"attributes": OFFERS["equipment"] | {"colour": "red"}}, "attributes.colour"),
        ({"attributes": OFFERS["equipment"] | {"axes": "many"}}, "attributes.axes"),
        ({"place": {"lng": 181, "lat": 0}}, "place"),
        ({"valid_until": "2026-02-30"}, "valid_until"),
        ({"valid_until": "1899-12-31"}, "valid_until"),
    ],
)
def test_what_is_not_valid_is_a_400_that_names_the_field(provider, wrong, field):
    answer = Api(provider).post("listings", offer() | wrong)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Listing.objects.exists()


def test_what_a_rule_forbids_is_a_409_that_names_the_field(provider):
    answer = Api(provider).post("listings", offer(reserve_price_fen=30_000))

    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["reserve_price_fen"])
    assert not Listing.objects.exists()


def test_a_change_keeps_to_the_direction_of_the_listing(provider):
    listing = make.listing(provider, published=False)
    body = offer("skills")
    del body["direction"]

    answer = Api(provider).put(f"listings/{listing.code}", body | {"unit": "machine_hour"})

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:yuli:attributes_invalid")
    assert {"machine", "field", "specialities"} <= set(answer.json()["errors"])
    listing.refresh_from_db()
    assert listing.version == 1


def test_publishing_is_refused_to_the_unverified():
    listing = make.listing(make.organisation(verified=False), published=False)

    answer = Api(listing.owner).post(f"listings/{listing.code}/publish")

    assert answer.status_code == 409
    listing.refresh_from_db()
    assert listing.state == "draft"


def test_a_listing_is_published_paused_resumed_and_closed(provider):
    listing = make.listing(provider, published=False)
    api, states = Api(provider), []

    for move in ("publish", "pause", "resume", "close"):
        assert move in api.get(f"listings/{listing.code}").json()["moves"]
        states.append(api.post(f"listings/{listing.code}/{move}").json()["state"])

    assert states == ["published", "paused", "published", "closed"]
    assert api.post(f"listings/{listing.code}/publish").status_code == 409
    assert Client().get("/api/v1/search").json()["total"] == 0


@pytest.mark.parametrize("move", ["publish", "pause", "resume", "close"])
@pytest.mark.parametrize(("published", "state", "status"), [(False, "draft", 404), (True, "published", 409)])
def test_a_stranger_moves_nothing(provider, move, published, state, status):
    listing, stranger = make.listing(provider, published=published), Api(make.organisation())

    assert stranger.post(f"listings/{listing.code}/{move}").status_code == status
    assert stranger.put(f"listings/{listing.code}", offer()).status_code == 404
    listing.refresh_from_db()
    assert (listing.state, listing.version) == (state, 1)


def test_the_reserve_price_is_for_the_providers_eyes(provider):
    listing = make.listing(provider)

    assert Api(provider).get(f"listings/{listing.code}").json()["reserve_price_fen"] == 15_000
    assert Api(make.organisation()).get(f"listings/{listing.code}").json()["reserve_price_fen"] is None


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("distance", ["近", "远"]),
        ("price", ["远", "近"]),
        ("standing", ["远", "近"]),
        ("newest", ["近", "远"]),
    ],
)
def test_the_search_orders_as_it_is_asked(order, titles):
    far = make.listing(title="远", price_fen=100, reserve_price_fen=None, place=Point(119, 25, srid=4326))
    near = make.listing(title="近", price_fen=200, reserve_price_fen=None)
    Listing.objects.filter(pk=far.pk).update(standing=900, published_at=make.MONDAY_9AM - timedelta(days=1))
    Listing.objects.filter(pk=near.pk).update(standing=100)

    found = Client().get(f"/api/v1/search?order={order}&lat=24.479&lng=118.089").json()

    assert [listing["title"] for listing in found["listings"]] == titles
    assert (found["listings"][titles.index("近")]["distance_m"] or 0) < 100


def test_the_neutral_order_is_the_same_for_everybody(provider):
    for _ in range(6):
        make.listing(provider)

    shown = [Client().get("/api/v1/search?order=neutral").json(), Api(provider).get("search?order=neutral").json()]

    assert shown[0] == shown[1]
    assert shown[0]["total"] == 6


@pytest.mark.parametrize(
    "query",
    [
        "order=dearest", "page=0", "page=51", "page=", "page=1&page=2", "lat=91", "radius_m=-1", "division=35020",
        "price_from_fen=1.5", "free_from=2026-03-03", "free_from=2026-03-03T09:00:00", "direction=", "words=%00",
        "free_from=2026-03-03T09:00:00%2B23:12",
    ],
)  # fmt: skip
def test_a_search_that_the_document_does_not_know_is_a_400(query):
    answer = Client().get(f"/api/v1/search?{query}")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.partition("=")[0]])


def test_a_search_by_time_takes_any_offset_that_there_is():
    make.listing()

    answer = Client().get("/api/v1/search?free_from=2026-03-03T09:00:00%2B14:00&free_until=2026-03-03T09:00:00-12:00")

    assert answer.json()["total"] == 1


def test_hours_and_exceptions_are_set_by_the_provider(provider):
    listing, api = make.listing(provider), Api(provider)
    hours = {"weekday": 0, "start_minute": 480, "end_minute": 1080, "from_date": None, "until_date": None}

    assert api.put(f"listings/{listing.code}/weekly-hours", {"hours": [hours]}).json() == [hours]
    start = datetime.now(UTC) + timedelta(days=2)
    closed = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat(), "reason": "检修"}
    made = api.post(f"listings/{listing.code}/exceptions", closed)

    assert made.status_code == 201
    listed = Client().get(f"/api/v1/listings/{listing.code}/exceptions").json()["results"]
    assert [entry["code"] for entry in listed] == [made.json()["code"]]
    address = f"listings/{listing.code}/exceptions/{made.json()['code']}"
    assert Api(make.organisation()).delete(address).status_code == 404
    assert api.delete(address).status_code == 204
    assert not listing.exceptions.exists()


def test_photos_and_documents_are_added_shown_and_removed(provider):
    listing, api, stranger = make.listing(provider), Api(provider), Api(make.organisation())
    photos, documents = f"listings/{listing.code}/photos", f"listings/{listing.code}/documents"
    photo = api.send(photos, {"file": SimpleUploadedFile("a.png", make.picture()), "caption": "机床"}).json()
    secret = {"file": SimpleUploadedFile("b.png", make.picture()), "title": "报价底稿", "is_public": "false"}
    document = api.send(documents, secret).json()

    assert stranger.get(photos).json()["results"] == [photo]
    assert stranger.get(f"{photos}/{photo['code']}")["Content-Type"] == "image/jpeg"
    assert stranger.get(documents).json()["results"] == []
    assert stranger.get(f"{documents}/{document['code']}").status_code == 404
    assert api.get(f"{documents}/{document['code']}").status_code == 200
    assert stranger.delete(f"{photos}/{photo['code']}").status_code == 404
    assert ListingPhoto.objects.count() == 1
    assert api.delete(f"{photos}/{photo['code']}").status_code == 204
    assert api.delete(f"{documents}/{document['code']}").status_code == 204
    assert not listing.photos.exists()
    assert not listing.documents.exists()


def test_a_photo_sent_twice_with_one_key_is_kept_once_and_another_with_it_is_refused(provider):
    listing, client = make.listing(provider), Api(provider).client
    address, headers = f"/api/v1/listings/{listing.code}/photos", {"Idempotency-Key": "photo-1"}

    answers = [
        client.post(address, {"file": SimpleUploadedFile("a.jpg", make.picture(colour))}, headers=headers)
        for colour in ("teal", "teal", "red")
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert answers[0].json() == answers[1].json()
    assert listing.photos.count() == 1

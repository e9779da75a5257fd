"""Demands through the API: drafted, published, found, closed by their consumer and by nobody else."""

import pytest
from django.test import Client

from marketplace.models import Demand
from tests import make
from tests.api.caller import Api
from tests.make.marketplace_listings import LEGS, NEEDS, UNITS

pytestmark = pytest.mark.django_db


def need(direction: str = "equipment", **fields):
    legs = [vars(leg) for leg in LEGS.get(direction, ())]
    unit = "bundle" if legs else UNITS[direction]
    words = {"title": "铝壳体", "direction": direction, "unit": unit, "attributes": NEEDS[direction], "legs": legs}
    return words | {"budget_fen": 30_000} | fields


@pytest.fixture
def consumer():
    return make.organisation()


@pytest.mark.parametrize("direction", list(NEEDS))
def test_a_draft_of_each_direction_is_written_and_only_its_consumer_sees_it(consumer, direction):
    made = Api(consumer).post("demands", need(direction))

    assert (made.status_code, made.json()["state"]) == (201, "draft"), made.json()
    address = f"demands/{made.json()['code']}"
    assert len(Api(consumer).get(address).json()["legs"]) == len(LEGS.get(direction, ()))
    assert Api(make.organisation()).get(address).status_code == 404
    assert Client().get(f"/api/v1/{address}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"direction": "lending"}, "direction"),
        ({"unit": "hour"}, "unit"),
        ({"attributes": {"machine": "cutting.none"}}, "attributes.machine"),
        ({"max_suppliers": 2}, "max_suppliers"),
        ({"legs": need("resources")["legs"]}, "legs"),
        ({"is_whole": "yes"}, "is_whole"),
        ({"start": "2026-03-03T09:00:00"}, "start"),
        ({"deadline_at": "2200-01-01T00:00:00Z"}, "deadline_at"),
    ],
)
def test_what_is_not_valid_is_a_400_that_names_the_field(consumer, wrong, field):
    answer = Api(consumer).post("demands", need() | wrong)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Demand.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"start": "2026-03-03T09:00:00+08:00"}, "end"),
        ({"start": "2026-03-03T09:00:00+08:00", "end": "2026-03-02T09:00:00+08:00"}, "period"),
        ({"radius_m": 10}, "radius_m"),
        ({"division_code": "999999"}, "division_code"),
    ],
)
def test_what_a_rule_forbids_is_a_409_that_names_the_field(consumer, wrong, field):
    answer = Api(consumer).post("demands", need() | wrong)

    assert (answer.status_code, list(answer.json()["errors"])) == (409, [field])
    assert not Demand.objects.exists()


def test_a_bundle_without_legs_is_a_400(consumer):
    answer = Api(consumer).post("demands", need("resources", legs=[]))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["legs"])


def test_publishing_is_refused_to_the_unverified():
    demand = make.demand(make.organisation(verified=False), published=False)

    answer = Api(demand.owner).post(f"demands/{demand.code}/publish")

    assert answer.status_code == 409
    demand.refresh_from_db()
    assert demand.state == "draft"


def test_a_demand_is_published_found_and_closed(consumer):
    api = Api(consumer)
    code = api.post("demands", need()).json()["code"]

    assert api.post(f"demands/{code}/publish").json()["state"] == "published"
    (shown,) = Client().get("/api/v1/wanted?direction=equipment").json()["results"]
    assert shown["code"] == code
    assert "budget_fen" not in shown
    assert api.post(f"demands/{code}/close").json()["state"] == "closed"
    assert Client().get("/api/v1/wanted").json()["results"] == []


def test_the_budget_is_for_the_consumers_eyes(consumer):
    demand = make.demand(consumer)

    assert Api(consumer).get(f"demands/{demand.code}").json()["budget_fen"] == 30_000
    assert Api(make.organisation()).get(f"demands/{demand.code}").json()["budget_fen"] is None


@pytest.mark.parametrize("move", ["publish", "match", "reopen", "close"])
@pytest.mark.parametrize(("published", "state", "status"), [(False, "draft", 404), (True, "published", 409)])
def test_a_stranger_moves_nothing(consumer, move, published, state, status):
    demand, stranger = make.demand(consumer, published=published), Api(make.organisation())

    assert stranger.post(f"demands/{demand.code}/{move}").status_code == status
    assert stranger.put(f"demands/{demand.code}", need()).status_code == 404
    demand.refresh_from_db()
    assert (demand.state, demand.version) == (state, 1)

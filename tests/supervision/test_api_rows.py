"""The API: fields per scope, one log row per read, scopes and territories, and no crash on odd input."""

import json
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.core.actor import SYSTEM
from supervision.core.reader import Scope
from supervision.core.resources import RESOURCES
from supervision.models import ReadLog
from supervision.services import agencies
from tests import make
from tests.supervision.api import signed_in

pytestmark = pytest.mark.django_db
ROOT = "/supervision/v1/"
GOLDEN = Path(__file__).with_name("golden_fields.json")
STATISTICS = "statistics?indicator=orders_agreed&month=2026-10"
SCARCITY = "scarcity?direction=equipment"
READS = [*(resource.name for resource in RESOURCES), "changes", STATISTICS, SCARCITY, "quality", "reads"]
SCOPE_OF = {
    **{r.name: r.scope for r in RESOURCES},
    STATISTICS: Scope.STATS,
    SCARCITY: Scope.MARKET,
    "reads": Scope.LOG,
}
# about one thing that the address names: tests/supervision/test_rounds.py
OF_ONE = ["rounds/<uuid:code>/claims"]
PUBLIC = ["catalogue", "indicators", "openapi.json", "docs/"]


def keys_of(value):
    """Return the names in a JSON value, nested ones with a dot; of a list those of its first entry."""
    if isinstance(value, list):
        return keys_of(value[0]) if value else set()
    if isinstance(value, dict):
        return {key for name, inner in value.items() for key in {name, *(f"{name}.{k}" for k in keys_of(inner))}}
    return set()


def test_no_scope_shows_more_fields_than_the_golden_file_allows():
    """A new field fails here until somebody has thought about it and added it by hand."""
    market = make.market()
    make.claim(market.round, market.consumer)
    scarce = make.scarce_market(at=timezone.now())
    client = signed_in(make.agency("000000"))

    shown = {}
    for resource in RESOURCES:
        rows = client.get(ROOT + resource.name).json()["rows"]
        assert rows, resource.name
        shown.setdefault(resource.scope.value, {})[resource.name] = sorted(keys_of(rows[0]))
    for name, path in (("claims", f"rounds/{market.round.code}/claims"), ("scarcity", f"scarcity?direction={scarce}")):
        shown[Scope.MARKET.value][name] = sorted(keys_of(client.get(ROOT + path).json()))

    assert shown == json.loads(GOLDEN.read_text())


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: r.name)
def test_nothing_that_names_or_tells_leaves_the_house(resource):
    market = make.market()
    private = [
        *make.SECRETS,
        market.provider.name,
        market.provider.credit_code,
        str(market.provider.code),
        str(market.listing.code),
        str(market.order.code),
        market.listing.title,
        "118.0894",
        "24.4793",
        "77777",
        "8000,",
    ]

    text = signed_in().get(ROOT + resource.name).content.decode()

    assert [word for word in private if word in text] == []


@pytest.mark.parametrize("path", READS)
def test_every_read_writes_exactly_one_row_of_the_log(path):
    make.market()
    agency = make.agency("350200")
    client = signed_in(agency)

    answer = client.get(ROOT + path)

    assert answer.status_code == 200
    log = ReadLog.objects.get()
    assert (log.agency, log.via, log.territory) == (agency, "api", ["3502"])
    assert log.resource == path.split("?")[0]
    assert log.client.agency == agency
    assert log.officer is None


@pytest.mark.parametrize("path", [*(r.name for r in RESOURCES if r.name != "rounds"), "changes"])
def test_the_log_knows_whom_the_rows_were_about(path):
    market = make.market()

    rows = signed_in().get(ROOT + path).json()["rows"]

    log = ReadLog.objects.get()
    assert log.rows == len(rows)
    assert set(log.organisation_ids) & {market.provider.pk, market.consumer.pk}


@pytest.mark.parametrize("path", READS)
def test_without_a_token_nothing_is_read(path):
    answer = APIClient().get(ROOT + path)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not ReadLog.objects.exists()


@pytest.mark.parametrize("path", sorted(SCOPE_OF))
def test_without_its_scope_nothing_is_read(path):
    others = tuple(scope for scope in Scope if scope != SCOPE_OF[path])

    answer = signed_in(make.agency(scopes=others)).get(ROOT + path)

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not ReadLog.objects.exists()


def test_a_token_asked_for_with_fewer_scopes_opens_no_more():
    client = signed_in(make.agency(), scope="sup.market")

    assert client.get(ROOT + "listings").status_code == 200
    assert client.get(ROOT + "orders").status_code == 403


def test_a_signed_in_person_is_no_client():
    client = APIClient()
    client.force_login(make.user())

    assert client.get(ROOT + "orders").status_code == 401


def test_an_agency_that_loses_a_scope_reads_no_more_with_the_token_it_has():
    agency = make.agency()
    client = signed_in(agency)
    agencies.set_access(agency.code, scopes=(Scope.LOG,), is_active=True, by=SYSTEM, at=make.MONDAY_9AM)

    assert client.get(ROOT + "orders").status_code == 403
    assert client.get(ROOT + "reads").status_code == 200


@pytest.mark.parametrize("path", [r.name for r in RESOURCES if r.name != "rounds"])
def test_another_territory_is_empty(path):
    make.market("350203")
    client = signed_in(make.agency("500000"))

    assert client.get(ROOT + path).json()["rows"] == []
    assert client.get(f"{ROOT}{path}?division=350203").json()["rows"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("orders?limit=0", 400),
        ("orders?limit=", 400),
        ("orders?direction=", 400),
        ("orders?division=", 400),
        ("orders?cursor=", 200),
        ("orders?limit=501", 400),
        ("orders?limit=9223372036854775808", 400),
        ("orders?limit=NaN", 400),
        ("orders?cursor=%00", 400),
        ("orders?cursor=abc", 409),
        ("orders?cursor=%ed%a0%bd", 400),
        (f"orders?cursor={'x' * 600}", 400),
        ("orders?division=35020", 400),
        ("orders?division=35020%00", 400),
        ("orders?division=%EF%BC%93%EF%BC%95%EF%BC%90%EF%BC%92%EF%BC%90%EF%BC%93", 400),
        ("orders?division=999999", 200),
        ("orders?direction=unknown", 400),
        ("orders?direction=%00", 400),
        ("reads?before=abc", 409),
        ("reads?limit=-1", 400),
        ("statistics", 400),
        ("statistics?indicator=orders_agreed&month=2026-13", 400),
        ("statistics?indicator=orders_agreed&month=0000-01", 400),
        ("statistics?indicator=orders_agreed&month=%00", 400),
        ("statistics?indicator=unknown&month=2026-01", 400),
        ("statistics?indicator=orders_agreed&month=2999-12", 404),
        ("statistics?indicator=orders_agreed&month=1970-01", 404),
        ("nothing", 404),
    ],
)
def test_odd_input_gets_the_documented_refusal_and_is_not_read(path, status):
    client = signed_in()

    answer = client.get(ROOT + path)

    assert answer.status_code == status
    assert ReadLog.objects.exists() is (status == 200)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
def test_only_json_is_served(accept):
    assert signed_in().get(ROOT + "orders", HTTP_ACCEPT=accept).status_code == 406


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_reads_cannot_write(method):
    assert getattr(signed_in(), method)(ROOT + "orders").status_code == 405


def test_too_many_reads_are_slowed_down():
    client = signed_in()

    statuses = {client.get(ROOT + "reads?limit=1").status_code for _ in range(601)}

    assert statuses == {200, 429}


@pytest.mark.parametrize("path", PUBLIC)
def test_what_can_be_read_is_open_to_everybody(path):
    answer = APIClient().get(ROOT + path)

    assert answer.status_code == 200
    assert not ReadLog.objects.exists()


def test_the_catalogue_gives_a_reason_for_every_field_in_both_languages():
    resources = APIClient().get(ROOT + "catalogue").json()["resources"]

    fields = [field for resource in resources for field in resource["resource_fields"]]
    assert len(resources) == len(RESOURCES)
    assert all(field["zh"] and field["en"] for field in fields)


def test_own_reads_are_shown_newest_first_page_by_page():
    client = signed_in()
    for path in ("parties", "listings", "orders"):
        client.get(ROOT + path)

    first = client.get(ROOT + "reads?limit=2").json()
    second = client.get(f"{ROOT}reads?limit=2&before={first['older']}").json()

    assert [row["resource"] for row in first["rows"]] == ["orders", "listings"]
    assert [row["resource"] for row in second["rows"]] == ["parties"]
    assert second["older"] == ""


def test_an_agency_does_not_see_what_another_has_read():
    signed_in().get(ROOT + "parties")

    assert signed_in().get(ROOT + "reads").json()["rows"] == []


@pytest.mark.parametrize("statement", ["UPDATE supervision_readlog SET rows = 0", "DELETE FROM supervision_readlog"])
def test_the_database_refuses_to_alter_the_log(statement):
    signed_in().get(ROOT + "parties")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert ReadLog.objects.count() == 1


def test_quality_counts_what_cannot_be_right():
    market = make.market()
    type(market.listing).objects.update(price_fen=0, reserve_price_fen=None)
    type(market.demand).objects.update(division_code="350203", period=None)

    report = signed_in(make.agency(scopes=(Scope.MARKET,))).get(ROOT + "quality").json()

    counts = {r["resource"]: {c["code"]: c["rows"] for c in r["checks"]} for r in report["resources"]}
    assert set(counts) == {"listings", "demands", "rounds"}
    assert counts["listings"]["zero_price"] == 1
    assert counts["listings"]["no_industry"] == 1
    assert counts["demands"]["no_period"] == 1
    assert counts["rounds"]["unsound"] == 0

"""What a request costs while it is filled in, and what forms propose by themselves."""

import pytest

from marketplace.models import Listing, Order
from tests import make
from tests.pages.test_market import EDITED, text_of

pytestmark = pytest.mark.django_db


def slots(*hours: int) -> dict[str, str]:
    rows = {f"slots-{number}-hours": str(each) for number, each in enumerate(hours)}
    return {"slots-TOTAL_FORMS": str(len(hours)), "slots-INITIAL_FORMS": "0", **rows}


def test_the_price_follows_the_hours_before_anything_is_sent(client_of, django_assert_max_num_queries):
    listing = make.offer("equipment", price_fen=12_000, setup_fee_fen=5_000)
    buyer = client_of(make.organisation())
    buyer.get("/me")

    with django_assert_max_num_queries(6):
        told = text_of(buyer.get(f"/listings/{listing.code}/request/price", slots(3, 2)))

    assert "5 机时 × ¥120" in told
    assert "¥600" in told
    assert "¥650" in told
    assert not Order.objects.exists()


def test_a_row_that_is_removed_costs_nothing_and_one_that_is_unreadable_neither(client_of):
    listing = make.offer("equipment", price_fen=12_000)
    buyer = client_of(make.organisation())
    rows = slots(3, 2) | {"slots-1-DELETE": "on"}

    assert "3 机时" in text_of(buyer.get(f"/listings/{listing.code}/request/price", rows))
    assert "3 机时" in text_of(buyer.get(f"/listings/{listing.code}/request/price", slots(3) | {"slots-0-start": "x"}))
    assert "机时 ×" not in text_of(buyer.get(f"/listings/{listing.code}/request/price", {"slots-0-hours": "many"}))


def test_under_the_smallest_lot_and_parts_that_do_not_add_up_are_said_at_once(client_of):
    listing = make.offer("skills", price_fen=100_000, minimum_lot=2)
    buyer = client_of(make.organisation())
    asked = {"quantity": "1", "milestones-TOTAL_FORMS": "1", "milestones-INITIAL_FORMS": "0"}

    told = text_of(buyer.get(f"/listings/{listing.code}/request/price", asked | {"milestones-0-amount_fen": "400"}))

    assert "起订量为 2" in told
    assert "各部分合计 ¥400，尚不等于 ¥1,000" in told


def test_without_javascript_a_button_recalculates_and_orders_nothing(client_of):
    listing = make.offer("capacity", price_fen=900, capacity_per_week=100)
    asked = {
        "quantity": "40",
        "start": "2030-01-01T09:00",
        "end": "2030-02-01T09:00",
        "note": "请先打样",
        "then": "price",
    }

    page = text_of(client_of(make.organisation()).post(f"/listings/{listing.code}/request", asked))

    assert "¥360" in page
    assert "请先打样" in page
    assert not Order.objects.exists()


def test_a_first_visit_shows_the_price_of_the_smallest_lot(client_of):
    listing = make.offer("capacity", price_fen=900, minimum_lot=50, capacity_per_week=100)

    page = text_of(client_of(make.organisation()).get(f"/listings/{listing.code}/request"))

    assert "¥450" in page


@pytest.mark.parametrize("path", ["/listings/new/skills", "/listings/new/instruments"])
def test_new_listings_start_with_what_the_schema_assumes(client_of, path):
    form = client_of(make.organisation()).get(path).context["form"]

    shown = {name: form[name].value() for name in form.fields if name.startswith("a_")}
    assumed = {f"a_{spec.name}": spec.default for spec in form.specs if spec.default is not None}
    assert assumed
    assert {name: shown[name] for name in assumed} == assumed


def test_what_must_be_given_stands_apart_from_what_may(client_of):
    form = client_of(make.organisation()).get("/listings/new/equipment").context["form"]

    essential = [field.name for field in form.essentials]
    assert essential == ["a_machine", "a_machine_count", "a_staffing"]
    assert "a_axes" in [field.name for field in form.further]
    assert not form.shows_further


def test_a_fault_among_the_further_fields_opens_them(client_of):
    answer = client_of(make.organisation()).post("/listings/new/equipment", EDITED | {"a_axes": "many"})

    assert '<details class="more" open>' in text_of(answer)
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"), [("c3484", "C3484"), ("C3484 机械零部件加工", "C3484"), ("机械零部件加工", "C3484"), ("", "")]
)
def test_an_industry_is_taken_by_code_by_name_or_as_proposed(client_of, typed, kept):
    client_of(make.organisation()).post("/listings/new/equipment", EDITED | {"industry_code": typed})

    assert Listing.objects.get().industry_code == kept


def test_an_unknown_industry_is_refused_at_its_field_and_kept_as_typed(client_of):
    page = text_of(client_of(make.organisation()).post("/listings/new/equipment", EDITED | {"industry_code": "C9"}))

    assert 'id="id_industry_code_error"' in page
    assert 'value="C9"' in page
    assert not Listing.objects.exists()


def test_industries_are_proposed_by_word_and_code_without_a_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        by_word = text_of(client.get("/industries", {"industry_code": "机床 金属"}))
        by_code = text_of(client.get("/industries", {"industry_code": "c342"}))
        broad = text_of(client.get("/industries"))

    assert 'value="C3421 金属切削机床制造"' in by_word
    assert by_code.index("C342 ") < by_code.index("C3421 ")
    assert 'value="C34 通用设备制造业"' in broad
    assert "C3421" not in broad

"""The price index as a page: what is told, what is withheld and why, and where it is linked from."""

from datetime import date

import pytest

from frontend.price_chart import BOTTOM, TOP, chart
from marketplace.core.quarters import before
from marketplace.directions import CODES
from tests import make

pytestmark = pytest.mark.django_db
Q1 = date(2026, 1, 1)
HISTORY = "/prices?direction=equipment&family=cutting/machine_hour"


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_direction_shows_its_classes_of_the_newest_quarter(client):
    make.price_figure(before(Q1), median_fen=8_888, lower_fen=8_888)
    make.price_figure()
    make.price_figure(class_code="sheet", median_fen=18_000, change_percent=12, is_demo=True)

    page = text_of(client.get("/prices?direction=equipment"))

    assert "金属切削机床" in page
    assert "¥91" in page
    assert "−3%" in page
    assert "+12%" in page
    assert "2026年第1季度" in page
    assert "¥88.88" not in page


def test_a_class_shows_its_history_as_table_and_drawing_with_gaps_told(client):
    make.price_figure()
    make.price_figure(before(Q1, 2), median_fen=8_000, change_percent=None)

    page = text_of(client.get(HISTORY))

    assert page.count('class="point"') == 2
    assert page.count('class="median"') == 2  # nothing is drawn over the quarter without a figure
    assert page.count("订单太少，不予公布") == 6
    assert "¥80" in page
    assert "<script" not in page.split('<svg class="price-chart"')[1].split("</svg>")[0]


def test_a_city_has_figures_of_its_own(client):
    make.price_figure()
    make.price_figure(division_code="350200", lower_fen=5_000, median_fen=5_500)

    page = text_of(client.get(f"{HISTORY}&city=350200"))

    assert "福建省厦门市" in page
    assert "¥55" in page
    assert "¥91" not in page


def test_too_little_is_said_with_how_much_is_needed_and_why(client):
    make.price_figure()

    page = text_of(client.get("/prices?direction=equipment&family=sheet/machine_hour"))

    assert "至少 10 笔订单" in page
    assert "任何一方不超过订单的 70%" in page
    assert "price-chart" not in page


@pytest.mark.parametrize("code", CODES)
def test_a_direction_without_any_figure_says_so(client, code):
    assert "订单太少，不予公布" in text_of(client.get(f"/prices?direction={code}"))


@pytest.mark.parametrize("asked", ["direction=gold", "family=x/y", "family=/", "city=9", "family=cutting%2F%00"])
def test_nonsense_shows_the_page_without_it(client, asked):
    make.price_figure(direction="instruments", class_code="analytical")

    assert "能力价格指数" in text_of(client.get(f"/prices?{asked}"))


def test_the_page_asks_the_same_few_queries_however_much_is_told(client, django_assert_num_queries):
    for back in range(8):
        make.price_figure(before(Q1, back))
        make.price_figure(before(Q1, back), division_code="350200")

    with django_assert_num_queries(3):
        client.get(HISTORY)
    with django_assert_num_queries(3):
        client.get("/prices?direction=equipment")


def test_a_listing_names_what_its_class_usually_costs_nearest_first(client):
    listing = make.offer(attributes={"machine": "cutting.five_axis"})
    assert "这类通常多少钱" not in text_of(client.get(f"/listings/{listing.code}"))
    make.price_figure()
    make.price_figure(division_code="350200", median_fen=8_500)

    page = text_of(client.get(f"/listings/{listing.code}"))

    assert "中位数 ¥85，2026年第1季度" in page
    assert "family=cutting/machine_hour&amp;city=350200" in page


@pytest.mark.parametrize("form", ["/listings/new/equipment", "/demands/new/equipment"])
def test_forms_link_what_is_usual_only_where_something_is_public(client_of, form):
    client = client_of(make.organisation())
    assert "这类通常多少钱" not in text_of(client.get(form))
    make.price_figure()

    assert 'href="/prices?direction=equipment"' in text_of(client.get(form))


@pytest.mark.parametrize("address", ["/", "/help/money"])
def test_the_index_is_found_from_the_front_page_and_the_help(client, address):
    assert text_of(client.get(address)).count('href="/prices"') >= 2  # the footer has one


class Told:
    def __init__(self, lower_fen, median_fen, upper_fen):
        self.lower_fen, self.median_fen, self.upper_fen = lower_fen, median_fen, upper_fen


def test_the_drawing_puts_prices_between_round_lines():
    quarters = [before(Q1), Q1]

    drawn = chart({Q1: Told(7_800, 9_100, 26_000)}, quarters)

    assert [fen for _, fen in drawn.lines] == [0, 10_000, 20_000, 30_000]
    assert [y for y, _ in drawn.lines][:: len(drawn.lines) - 1] == [BOTTOM, TOP]
    ((_, y, lower_y, upper_y, _),) = drawn.points
    assert TOP < upper_y < y < lower_y < BOTTOM
    assert [(name, year) for _, name, year in drawn.quarters] == [("Q4", "2025"), ("Q1", "2026")]


@pytest.mark.parametrize("fen", [0, 3, 99, 4_200_000])
def test_one_price_alone_can_be_drawn(fen):
    drawn = chart({Q1: Told(fen, fen, fen)}, [Q1])

    assert drawn.lines[0][1] <= fen <= drawn.lines[-1][1]
    assert len(drawn.lines) >= 2

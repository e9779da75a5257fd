"""Imports in a real browser: the whole flow at two sizes and in two languages, wrong files, two tabs, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from common import tables
from marketplace.models import ImportRun, Listing
from marketplace.services import imports
from tests import make
from tests.marketplace.import_tables import csv_bytes
from tests.pages.conftest import DESK, PHONE, clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADERS = ["设备名称", "设备类型", "单价（元）", "起订量", "纬度", "经度", "地址"]
ROWS = [
    ["五轴机床甲", "五轴加工中心", "180.50", "2", "24.51", "118.14", "厦门市湖里区枋湖路 1 号"],
    ["", "飞机", "很贵", "2.5", "24.51", "118.14", ""],
    ["五轴机床甲", "五轴加工中心", "180.50", "2", "24.51", "118.14", "厦门市湖里区枋湖路 1 号"],
    ["注塑机乙", "注塑机", "90", "1", "118.06", "24.60", ""],
]
TABLE = {"name": "设备.csv", "mimeType": "text/csv", "buffer": csv_bytes(HEADERS, *ROWS)}
BOTH = pytest.mark.parametrize(("lang", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["zh desk", "en phone"])


def upload(page, file):
    page.locator("input[type=file]").set_input_files(file)
    page.locator("select[name=direction]").select_option("equipment")
    with page.expect_navigation():
        page.locator("form[enctype] button").click()


def press(page, selector):
    with page.expect_navigation():
        page.locator(selector).click()


@BOTH
def test_a_table_goes_from_upload_to_listings_and_back_and_every_page_is_clean(visit, lang, size):
    owner = make.organisation()
    page = visit("/imports", as_=owner, lang=lang, size=size)
    clean(page)

    upload(page, TABLE)
    clean(page)
    press(page, "form.panel button.btn-primary")
    clean(page)
    run = imports.check(ImportRun.objects.get().code, at=make.MONDAY_9AM)
    page.locator("#rows-form").wait_for()  # the progress reloads the page by itself
    clean(page)
    expect(page.locator(".import-rows .why").nth(1)).to_contain_text("飞机")
    page.locator("input[name=all][value=duplicate]").check()
    press(page, "#rows-form button.btn-primary")
    imports.commit(run.code, rows=[4], at=make.MONDAY_9AM)
    page.locator(".btn-danger").wait_for()
    clean(page)
    assert Listing.objects.filter(owner=owner).count() == 2

    page.locator(".btn-danger").click()
    press(page, "dialog [data-yes]")
    imports.undo(run.code, at=make.MONDAY_9AM)
    page.locator("main .state").first.wait_for()
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7\n\x00\x01\x02", "这不是表格"),
        (b"PK\x03\x04broken", "无法打开"),
        (csv_bytes(HEADERS), "没有任何数据行"),
        (b"a,b\n" * 1_001, "超过 20 MB"),
    ],
    ids=["a PDF", "a broken workbook", "headers alone", "too large"],
)
def test_a_wrong_file_is_refused_at_its_field_and_the_page_stays_usable(visit, monkeypatch, content, told):
    monkeypatch.setattr(tables, "MOST_BYTES", 4_000)  # 21 MB take the browser's driver longer than it waits
    page = visit("/imports", as_=make.organisation())

    upload(page, {"name": "表.xlsx", "mimeType": "application/octet-stream", "buffer": content})

    expect(page.locator(".form-errors")).to_contain_text(told)
    page.complaints[:] = [text for text in page.complaints if "422" not in text]
    clean(page)
    assert not ImportRun.objects.exists()
    upload(page, TABLE)
    expect(page).to_have_url(re.compile("/imports/[0-9a-f-]{36}$"))


def test_a_second_tab_cannot_import_the_same_rows_again(visit, client_of):
    owner = make.organisation()
    page = visit("/imports", as_=owner)
    upload(page, TABLE)
    press(page, "form.panel button.btn-primary")
    run = imports.check(ImportRun.objects.get().code, at=make.MONDAY_9AM)
    page.reload()
    other = page.context.new_page()
    other.goto(page.url)

    press(page, "#rows-form button.btn-primary")
    press(other, "#rows-form button.btn-primary")
    expect(other.locator(".toasts")).to_contain_text("正在进行")
    imports.commit(run.code, at=make.MONDAY_9AM)
    other.goto(other.url)
    press(other, "#rows-form button.btn-primary")

    expect(other.locator(".toasts")).to_contain_text("没有就绪的行")
    assert Listing.objects.count() == 1


def test_an_import_is_done_by_keyboard_alone(visit):
    page = visit("/imports", as_=make.organisation())
    page.locator("input[type=file]").set_input_files(TABLE)
    page.locator("input[type=file]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "direction"
    page.locator("select[name=direction]").select_option("equipment")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    page.get_by_label("标题 *").focus()
    with page.expect_navigation():
        page.get_by_role("button", name="逐行预检").press("Enter")

    assert ImportRun.objects.get().state == "checking"


@BOTH
def test_the_export_page_is_clean(visit, lang, size):
    clean(visit("/exports", as_=make.organisation(), lang=lang, size=size))

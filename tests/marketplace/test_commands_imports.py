"""The command-line twins of import and export, and the loaders of real data on small cuts of its shape."""

import csv
import io
import json
import re
import zipfile
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from marketplace.models import Demand, ImportRun, Listing
from tests import make
from tests.marketplace.import_tables import csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
HEADERS = ["机器", "型谱", "单价"]
ROWS = [["五轴机床甲", "五轴加工中心", "180"], ["", "飞机", "很贵"], ["五轴机床甲", "五轴加工中心", "180"]]


def run(command: str, *args: object) -> list[str]:
    out = StringIO()
    call_command(command, *map(str, args), stdout=out)
    return out.getvalue().splitlines()


def kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def total(lines: list[str]) -> list[int]:
    """Rows, loaded, quarantined, duplicates, faulty."""
    return [int(n) for n in next(line for line in lines if line.startswith("all ")).split()[1:]]


# --- import_listings and export_organisation ----------------------------------------------------------


def test_a_table_is_loaded_for_a_party_and_its_faults_are_written_to_a_file(tmp_path):
    owner = make.organisation()
    file, errors = kept(tmp_path, "表.csv", csv_bytes(HEADERS, *ROWS)), tmp_path / "错误.csv"

    lines = run(
        "import_listings", file, f"--owner={owner.code}", "--direction=equipment", "--column=title=机器",
        "--column=a.machine=型谱", "--default=address=厦门", "--publish", f"--errors={errors}",
    )  # fmt: skip

    assert total(lines) == [3, 1, 0, 1, 1]
    assert "  not_a_number: 1" in lines
    listing = Listing.objects.get(owner=owner)
    assert (listing.title, listing.price_fen, listing.address, listing.state) == (
        "五轴机床甲", 18_000, "厦门", "published",
    )  # fmt: skip
    told = list(csv.reader(errors.open(encoding="utf-8-sig")))
    assert [(row[0], row[1]) for row in told[1:]] == [("3", "faulty"), ("4", "duplicate")]


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path):
    owner = make.organisation()
    file = kept(tmp_path, "a.xlsx", xlsx_bytes(["设备名称", "设备类型"], ["车床甲", "数控车床"]))

    lines = run("import_listings", file, f"--owner={owner.code}", "--direction=equipment", "--dry-run")

    assert total(lines) == [1, 0, 0, 0, 0]
    assert ImportRun.objects.get().n_ready == 1
    assert not Listing.objects.exists()


def test_bundles_are_loaded_from_the_command_line(tmp_path):
    owner = make.organisation()
    rows = [["需求编号", "需求名称", "环节名称", "环节", "服务", "数量"], ["1", "新品", "仓储", "运营", "仓储", "500"]]
    file = kept(tmp_path, "a.csv", csv_bytes(*rows, ["1", "", "检测", "技术", "检验检测", "1"]))

    lines = run("import_listings", file, f"--owner={owner.code}", "--direction=resources", "--kind=demands")

    assert total(lines) == [2, 2, 0, 0, 0]
    assert [leg.title for leg in Demand.objects.get().legs.order_by("ordinal")] == ["仓储", "检测"]


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"%PDF-1.7\x00", [], "no table"),
        (csv_bytes(HEADERS), [], "no row below"),
        (csv_bytes(HEADERS, *ROWS), ["--column=price=单价"], "no such column"),
        (csv_bytes(HEADERS, *ROWS), ["--column=price"], "TARGET=VALUE"),
        (None, [], "There is no file"),
    ],
    ids=["a PDF", "headers alone", "no such target", "no pair", "no file"],
)
def test_what_cannot_be_loaded_ends_the_command_with_a_sentence(tmp_path, content, options, sentence):
    owner = make.organisation()
    file = tmp_path / "a.csv" if content is None else kept(tmp_path, "a.csv", content)

    with pytest.raises(CommandError, match=sentence):
        run("import_listings", file, f"--owner={owner.code}", "--direction=equipment", *options)

    assert not Listing.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_archive_of_a_party_is_written_in_every_format(tmp_path, form):
    owner = make.organisation()
    make.listing(owner, title="我的设备")
    out = tmp_path / "a.zip"

    names = run("export_organisation", owner.code, out, f"--format={form}")

    archive = zipfile.ZipFile(out)
    assert names == archive.namelist()
    content = archive.read("yuli.xlsx" if form == "xlsx" else f"listings_equipment.{form}")
    if form == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(content))["listings_equipment"]
        header, row = page.iter_rows(values_only=True)
        found = dict(zip(header, row, strict=True))
    elif form == "json":
        (found,) = json.loads(content)
    else:
        (found,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert (found["title"], found["price_cny"]) == ("我的设备", "200.00")


# --- real data ----------------------------------------------------------------------------------------


def test_factories_on_the_middle_of_a_country_are_kept_out_and_twins_within_5_km_told(tmp_path):
    rows = [
        ["country", "name", "address", "sector", "lat", "lng"],
        ["Peru", "Bergman - Serflex CO., LTD.", "Av Universitaria, Lima", "Apparel", "-11.989226", "-77.0814924"],
        ["Peru", "Bergman Serflex", "Av Universitaria 3855, Lima", "Apparel", "-11.990", "-77.081"],
        ["China", "Chen Feng Apparel CO., LTD.", "China", "Apparel", "35.86166", "104.195397"],
    ]
    kept(tmp_path, "a.csv", csv_bytes(*rows))

    assert total(run("load_factories", tmp_path)) == [3, 1, 1, 1, 0]
    factory = Listing.objects.get()
    assert (factory.direction, factory.attributes["process"], factory.state) == (
        "capacity", "textile.sewing", "published",
    )  # fmt: skip


def test_fab_labs_without_coordinates_are_loaded_without_a_place(tmp_path):
    record = {"facility": {"name": "Fab Lab Xiamen"}, "geocoding": None, "region": {"country": "CN"}, "address": None}
    placed = record | {"facility": {"name": "乙"}, "geocoding": {"latitude": "24.48", "longitude": "118.09"}}
    kept(tmp_path, "x_okw_fac_01.json", json.dumps([record, placed]).encode())

    assert total(run("load_fablabs", tmp_path, "--draft")) == [2, 2, 0, 0, 0]
    labs = [(lab.title, lab.place is None, lab.address, lab.state) for lab in Listing.objects.order_by("title")]
    assert labs == [("Fab Lab Xiamen", True, "CN", "draft"), ("乙", False, "CN", "draft")]


def test_instruments_come_from_two_registers_with_the_full_rate(tmp_path):
    register = (
        "instrument,instrument_class,description,usage,room_number,status\n11T_FTICR,Finnigan,质谱,,EMSL 1621,active\n"
    )
    tool = {"name": "Sinter", "_category": "Metrology", "_description": None, "_location": "Bay 1"}
    rates = [
        {"item": "Sinter", "table_id": "primetime_eq_hourly_rate", "rate_class": rate_class, "rate": rate}
        for rate_class, rate in (("cost shared", 50.0), ("full cost", 100.0))
    ]
    kept(tmp_path, "t_instrument_name.csv", register.encode())
    kept(tmp_path, "nanofab_splash_pad_rates.json", json.dumps(rates).encode())
    entries = [{"model": "NEMO.tool", "fields": tool}, {"model": "NEMO.area", "fields": {}}]
    kept(tmp_path, "nanofab_splash_pad.json", json.dumps(entries).encode())

    assert total(run("load_instruments", tmp_path)) == [2, 2, 0, 0, 0]
    found = Listing.objects.order_by("title").values_list("title", "price_fen", "attributes__category")
    assert list(found) == [("11T_FTICR", None, "analytical.mass"), ("Sinter", 10_000, "metrology.other")]


def test_a_purchase_intention_that_the_scraper_shifted_stays_outside(tmp_path):
    rows = [
        ["序号", "客户名称", "项目名称", "金额", "预计时间", "link"],
        ["1", "沂蒙干部学院", "密评及等保测评", "11.200000", "2026年07月", "http://a"],
        ["2", "临沂大学", "工程检测，包括防雷设施", "否", None, "http://b"],
        ["3", "临沂大学", "采购需求概况", "拟面向中小企业预留", "备注", "http://c"],
    ]
    kept(tmp_path, "a.xlsx", xlsx_bytes(*rows))

    lines = run("load_procurement_intent", tmp_path)

    assert total(lines) == [3, 1, 2, 0, 0]
    assert (Demand.objects.get().title, Demand.objects.get().budget_fen) == ("密评及等保测评", 11_200_000)


def test_crowd_members_with_swapped_coordinates_or_far_away_are_kept_out(tmp_path):
    kept(tmp_path, "tasks.csv", b"task_id,lat,lon,price_cny,done,city\nA1,23.16,113.30,70,1,\n")
    members = "B1,23.17,113.30,2,06:30:00,100\nB2,113.30,23.17,5,06:30:00,50\nB3,40.0,116.3,5,06:30:00,50\n"
    kept(tmp_path, "members.csv", f"member_id,lat,lon,quota,start_time,credit\n{members}".encode())

    lines = run("load_crowd_tasks", tmp_path)

    assert total(lines) == [4, 2, 2, 0, 0]
    assert (Demand.objects.get().radius_m, Demand.objects.get().budget_fen) == (20_000, 7_000)
    assert Listing.objects.get().title == "成员 B1"


def test_a_folder_that_is_not_there_ends_a_loader_with_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="There is no"):
        run("load_factories", tmp_path / "none")


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data is not at {DATA}")
@pytest.mark.parametrize("name", ["factories", "instruments", "procurement_intent"])
def test_the_page_on_real_data_tells_what_comes_out_today(name):
    page = (ROOT / "docs" / "real-data.md").read_text()
    told = re.search(rf"`manage.py load_{name} \S+` \|(.*)\|", page)
    rows, *others = (sum(int(n.replace(",", "")) for n in cell.split("+")) for cell in told[1].split("|"))

    assert total(run(f"load_{name}", DATA / name)) == [rows, *others]

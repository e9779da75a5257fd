"""The pages of imports and of the archive."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.core.import_states import STOPPED_AFTER
from marketplace.models import ImportRun, Listing
from marketplace.selectors import imports as select
from marketplace.services import import_recovery, imports
from tests import make

pytestmark = pytest.mark.django_db
TABLE = "设备名称,设备类型,单价\n车床甲,数控车床,120\n,数控车床,很贵\n".encode("gbk")


def upload(client):
    file = SimpleUploadedFile("设备.csv", TABLE)
    return client.post(reverse("imports"), {"file": file, "kind": "listings", "direction": "equipment"})


def test_a_table_goes_from_upload_to_listings_by_clicking(client):
    user = make.user()
    client.force_login(user)
    address = upload(client).url
    run = ImportRun.objects.get()

    assert "设备名称" in client.get(address).content.decode()
    columns = {f"column:{name}": str(position) for name, position in run.mapping.items()}
    assert client.post(address, columns | {"datum": "wgs84"}).status_code == 302
    imports.check(run.code, at=make.MONDAY_9AM)
    page = client.get(address).content.decode()
    assert "很贵" in page
    client.post(reverse("import-step", args=[run.code, "commit"]))
    imports.commit(run.code, at=make.MONDAY_9AM)

    assert list(Listing.objects.values_list("title", "price_fen")) == [("车床甲", 12_000)]
    errors = b"".join(client.get(reverse("import-errors", args=[run.code])).streaming_content).decode("utf-8-sig")
    assert errors.count("\r\n") == 2


def test_the_page_of_an_import_that_died_says_so_and_offers_to_import_again_or_to_forget(client):
    client.force_login(make.user())
    address = upload(client).url
    run = ImportRun.objects.get()
    imports.start(run.code, "check", by=make.actor(run.owner), at=make.MONDAY_9AM)
    imports.check(run.code, at=make.MONDAY_9AM)
    imports.start(run.code, "commit", by=make.actor(run.owner), at=make.MONDAY_9AM)
    assert reverse("import-step", args=[run.code, "commit"]) not in client.get(address).content.decode()

    import_recovery.recover(queued=[], at=make.MONDAY_9AM + STOPPED_AFTER)

    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "none of these rows was imported" in page
    assert reverse("import-step", args=[run.code, "commit"]) in page
    assert reverse("import-step", args=[run.code, "discard"]) in page


def test_a_file_that_is_no_table_is_refused_on_the_form(client):
    client.force_login(make.user())

    answer = client.post(
        reverse("imports"),
        {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04junk"), "kind": "listings", "direction": "skills"},
    )

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_a_stranger_finds_no_import(client):
    client.force_login(make.user())
    address = upload(client).url
    client.force_login(make.user())

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_archive_holds_what_the_party_owns_and_nothing_else(client, form):
    user = make.user()
    mine = user.personal_party
    make.listing(mine, title="我的设备", published=False)
    make.listing(title="别人的设备")
    client.force_login(user)

    answer = client.post(reverse("exports"), {"format": form})

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    name = "yuli.xlsx" if form == "xlsx" else f"listings_equipment.{form}"
    assert name in archive.namelist()
    if form != "xlsx":
        text = archive.read(name).decode("utf-8-sig")
        assert "我的设备" in text
        assert "别人的设备" not in text


def checked_run(client):
    run = ImportRun.objects.get(code=upload(client).url.split("/")[-1])
    columns = {f"column:{name}": str(position) for name, position in run.mapping.items()}
    client.post(reverse("import", args=[run.code]), columns | {"datum": "wgs84"})
    return imports.check(run.code, at=make.MONDAY_9AM)


@pytest.mark.parametrize("kind", ["listings", "demands"])
def test_the_page_hands_out_an_empty_table_for_each_direction(client, kind):
    client.force_login(make.user())
    home = client.get(reverse("imports")).content.decode()

    for direction in ("instruments", "skills", "equipment", "resources", "capacity"):
        address = reverse("import-template", args=[kind, direction])
        assert address in home
        book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
        assert len(book.worksheets) == 2
    assert client.get(reverse("import-template", args=["orders", "skills"])).status_code == 404
    assert client.get(reverse("import-template", args=["demands", "ships"])).status_code == 404


def test_a_tab_that_is_behind_is_told_so_and_changes_nothing(client):
    client.force_login(make.user())
    run = checked_run(client)
    client.post(reverse("import-step", args=[run.code, "commit"]))
    imports.commit(run.code, at=make.MONDAY_9AM)

    late = client.post(reverse("import", args=[run.code]), {"column:title": "0", "datum": "gcj02"}, follow=True)

    assert "导入之后不能再改列的含义" in late.content.decode()
    run.refresh_from_db()
    assert (run.datum, run.state) == ("wgs84", "committed")


def test_all_duplicates_are_taken_along_by_one_tick(client):
    user = make.user()
    client.force_login(user)
    make.listing(user.personal_party, title="车床甲", place=None, published=False)
    run = checked_run(client)
    assert run.n_duplicate == 1

    client.post(reverse("import-step", args=[run.code, "commit"]), {"all": ["duplicate", "faulty"]})

    assert client.get(reverse("import-progress", args=[run.code])).headers.get("HX-Refresh") is None
    imports.commit(run.code, rows=select.numbers(run, state="duplicate"), at=make.MONDAY_9AM)
    assert client.get(reverse("import-progress", args=[run.code])).headers["HX-Refresh"] == "true"
    assert Listing.objects.filter(title="车床甲").count() == 2


def test_undoing_the_rest_is_offered_once_an_order_rests_on_a_row(client_of):
    client = client_of(make.organisation())
    run = checked_run(client)
    client.post(reverse("import-step", args=[run.code, "commit"]), {"publish": "on"})
    imports.commit(run.code, publish=True, at=make.MONDAY_9AM)
    address, undo = reverse("import", args=[run.code]), reverse("import-step", args=[run.code, "undo"])
    assert "rest_only" not in client.get(address).content.decode()
    make.order(Listing.objects.get())

    refused = client.post(undo, follow=True).content.decode()

    assert "1 个订单" in refused
    assert "rest_only" in refused
    client.post(undo, {"rest_only": "1"})
    run.refresh_from_db()
    assert run.state == "undoing"


def test_nobody_reads_a_template_without_signing_in(client):
    assert client.get(reverse("import-template", args=["listings", "skills"])).status_code == 302

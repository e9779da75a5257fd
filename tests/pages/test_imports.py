"""The pages of imports and of the archive."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.models import ImportRun, Listing
from marketplace.services import imports
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

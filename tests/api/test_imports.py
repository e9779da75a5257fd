"""The import by API: the same steps and refusals as on the page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.models import ImportRun, Listing
from marketplace.services import imports
from tests import make

pytestmark = pytest.mark.django_db
TABLE = "设备名称,设备类型,单价\n车床甲,数控车床,120\n,数控车床,很贵\n".encode("gbk")


def send(client):
    return client.post("/api/v1/imports", {"file": SimpleUploadedFile("设备.csv", TABLE), "direction": "equipment"})


def test_a_table_goes_from_upload_to_listings_and_back(client):
    client.force_login(make.user())
    sent = send(client)
    address = f"/api/v1/imports/{sent.json()['code']}"

    assert sent.status_code == 201, sent.json()
    mapping = {"mapping": sent.json()["mapping"]}
    assert client.put(f"{address}/mapping", mapping, content_type="application/json").status_code == 200
    assert client.post(f"{address}/check").status_code == 202
    run = imports.check(ImportRun.objects.get().code, at=make.MONDAY_9AM)
    rows = client.get(f"{address}/rows?state=faulty").json()["results"]
    assert [row["number"] for row in rows] == [3]
    assert client.post(f"{address}/commit", {}, content_type="application/json").status_code == 202
    imports.commit(run.code, at=make.MONDAY_9AM)
    assert Listing.objects.count() == 1
    assert client.post(f"{address}/undo").status_code == 202
    imports.undo(run.code, at=make.MONDAY_9AM)
    assert not Listing.objects.exists()


def test_a_stranger_gets_404_and_nobody_401_or_403(client):
    client.force_login(make.user())
    address = f"/api/v1/imports/{send(client).json()['code']}"
    client.force_login(make.user())
    stranger = [client.get(address), client.post(f"{address}/check"), client.delete(address)]
    client.logout()

    assert {answer.status_code for answer in stranger} == {404}
    assert client.get(address).status_code in (401, 403)
    assert ImportRun.objects.get().state == "uploaded"

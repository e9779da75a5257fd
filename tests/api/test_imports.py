"""The import by API: the same steps and refusals as on the page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.core.import_states import STOPPED_AFTER
from marketplace.models import Demand, ImportRun, Listing, Order
from marketplace.services import import_recovery, imports
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
    assert client.post(f"{address}/undo", {}, content_type="application/json").status_code == 202
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


def test_a_check_that_died_says_so_and_can_be_asked_for_again(client):
    client.force_login(make.user())
    address = f"/api/v1/imports/{send(client).json()['code']}"
    run = ImportRun.objects.get()
    imports.begin(run.code, "check", by=make.actor(run.owner), at=make.MONDAY_9AM)
    assert client.post(f"{address}/check").json()["type"] == "urn:yuli:import_refused"

    import_recovery.recover(queued=[], at=make.MONDAY_9AM + STOPPED_AFTER)

    told = client.get(address, headers={"accept-language": "en"}).json()
    assert (told["state"], told["failure"][:33]) == ("failed", "The check stopped before its end;")
    assert client.post(f"{address}/check").json()["state"] == "checking"


def test_bundles_come_in_and_the_rest_is_undone_once_somebody_ordered(client):
    user = make.user()
    client.force_login(user)
    rows = [
        "需求编号,需求名称,环节名称,环节,服务,数量",
        "1,新品,仓储,运营,仓储,500",
        "1,,检测,技术,检验检测,1",
        "2,别的,检测,技术,无,1",
    ]
    file = SimpleUploadedFile("打包.csv", "\n".join(rows).encode())
    sent = client.post("/api/v1/imports", {"file": file, "kind": "demands", "direction": "resources"})
    address = f"/api/v1/imports/{sent.json()['code']}"

    client.post(f"{address}/check")
    run = imports.check(ImportRun.objects.get().code, at=make.MONDAY_9AM)
    rows = client.get(f"{address}/rows").json()["results"]
    assert [(row["number"], row["head"], row["state"]) for row in rows] == [
        (2, 2, "ready"),
        (3, 2, "ready"),
        (4, 4, "faulty"),
    ]
    client.post(f"{address}/commit", {}, content_type="application/json")
    imports.commit(run.code, at=make.MONDAY_9AM)
    demand = Demand.objects.get()
    assert [leg.title for leg in demand.legs.order_by("ordinal")] == ["仓储", "检测"]

    Order.objects.filter(pk=make.order(make.offer("resources")).pk).update(demand=demand)
    refused = client.post(f"{address}/undo", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:yuli:order_rests")
    taken = client.post(f"{address}/undo", {"rest_only": True}, content_type="application/json")
    assert taken.status_code == 202
    imports.undo(run.code, at=make.MONDAY_9AM)
    demand.refresh_from_db()
    assert demand.state == "closed"


def test_why_a_file_could_not_be_read_is_told_in_the_language_asked_for(client):
    client.force_login(make.user())
    code = send(client).json()["code"]
    run = ImportRun.objects.get()
    with run.file.storage.open(run.file.name, "wb") as file:
        file.write(b"\x00")
    client.post(f"/api/v1/imports/{code}/check")
    imports.check(run.code, at=make.MONDAY_9AM)

    answer = client.get(f"/api/v1/imports/{code}", headers={"accept-language": "zh-hans"}).json()

    assert (answer["state"], answer["failure"]) == ("failed", "这不是表格：只能导入 CSV、XLSX 和 XLS 文件。")


def test_a_commit_with_nothing_to_import_is_refused_and_changes_nothing(client):
    client.force_login(make.user())
    address = f"/api/v1/imports/{send(client).json()['code']}"
    client.post(f"{address}/check")
    run = imports.check(ImportRun.objects.get().code, at=make.MONDAY_9AM)
    client.post(f"{address}/commit", {}, content_type="application/json")
    imports.commit(run.code, at=make.MONDAY_9AM)

    again = client.post(f"{address}/commit", {}, content_type="application/json")

    assert again.status_code == 409
    run.refresh_from_db()
    assert (run.state, Listing.objects.count()) == ("committed", 1)

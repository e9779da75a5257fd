"""Authorities are admitted by operators only, as a whole or not at all."""

import pytest
from django.core.management import CommandError, call_command

from accounts.core.actor import SYSTEM
from accounts.selectors import actors
from supervision.core.reader import Scope
from supervision.models import Agency, AgencyClient, AgencyOfficer
from supervision.selectors import agencies as select
from supervision.services import agencies
from supervision.services.agencies import AgencyInvalid, NotAllowed
from tests import make

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "某市市场监督管理局",
    "level": "city",
    "division_codes": ["350200"],
    "scopes": [Scope.STATS],
    "legal_basis": "测试依据",
}


@pytest.mark.parametrize("who", ["operator", "reviewer", "mediator", "regulator", "actor"])
def test_only_operators_admit_an_authority(who):
    by = getattr(make, who)()

    if who == "operator":
        assert agencies.create(**FIELDS, by=by, at=make.MONDAY_9AM).territory.prefixes == ("3502",)
    else:
        with pytest.raises(NotAllowed):
            agencies.create(**FIELDS, by=by, at=make.MONDAY_9AM)
        assert not Agency.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "village"},
        {"scopes": ["sup.everything"]},
        {"division_codes": []},
        {"division_codes": ["3502"]},
        {"division_codes": ["35020x"]},
    ],
    ids=str,
)
def test_what_does_not_describe_an_authority_is_refused(wrong):
    with pytest.raises(AgencyInvalid):
        agencies.create(**(FIELDS | wrong), by=SYSTEM, at=make.MONDAY_9AM)

    assert not Agency.objects.exists()


def test_a_name_is_admitted_once():
    agencies.create(**FIELDS, by=SYSTEM, at=make.MONDAY_9AM)

    with pytest.raises(AgencyInvalid):
        agencies.create(**FIELDS, by=SYSTEM, at=make.MONDAY_9AM)

    assert Agency.objects.count() == 1


def test_a_user_reads_for_one_agency_at_a_time():
    first, second, user = make.agency(), make.agency(), make.user()
    agencies.add_officer(first, user_id=user.pk, by=SYSTEM, at=make.MONDAY_9AM)
    agencies.add_officer(second, user_id=user.pk, by=SYSTEM, at=make.MONDAY_9AM)

    reader = select.reader_for(actors.actor_for(user))

    assert reader.agency_id == second.pk
    assert AgencyOfficer.objects.count() == 1


def test_an_officer_of_another_agency_issues_no_client():
    agency = make.agency()

    with pytest.raises(NotAllowed):
        agencies.issue_client(agency, label="甲", by=make.officer(), at=make.MONDAY_9AM)

    assert not AgencyClient.objects.exists()


def test_the_command_admits_an_authority_with_officer_and_client(capsys):
    user = make.user("officer@example.test")

    call_command(
        "create_agency", "某市科技局", level="city", division=["350200"], basis="测试依据",
        officer=["officer@example.test"], client="数据平台",
    )  # fmt: skip

    agency = Agency.objects.get()
    assert sorted(agency.scopes) == sorted(Scope)
    assert AgencyOfficer.objects.get().user == user
    assert AgencyClient.objects.get().application.client_id in capsys.readouterr().out


def test_the_command_leaves_nothing_behind_when_the_officer_has_no_account():
    with pytest.raises(CommandError, match=r"nobody@example\.test"):
        call_command(
            "create_agency", "某市科技局", level="city", division=["350200"], basis="测试依据",
            officer=["nobody@example.test"],
        )  # fmt: skip

    assert not Agency.objects.exists()

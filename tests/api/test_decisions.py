"""What staff decide about credit, through the API."""

import pytest

from accounts.core.actor import Role
from credit.services import ledger
from tests import make
from tests.api.caller import Api, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def objection():
    fact = make.credit_event()
    return ledger.contest(fact.code, reason="重复记录", by=make.actor(fact.organisation), at=make.MONDAY_9AM)


@pytest.fixture
def alert():
    return make.ring_alert(make.organisation(), make.organisation())


def test_an_objection_waits_is_decided_once_and_answered_to_its_party(objection):
    operator, address = staff(Role.OPERATOR), f"credit/objections/{objection.code}/decide"
    (waiting,) = operator.get("credit/objections").json()["results"]
    assert waiting["fact"] == str(objection.event.code)

    decided = operator.post(address, {"is_upheld": True, "answer": "属实，予以更正"})

    assert (decided.status_code, decided.json()["state"]) == (200, "upheld")
    assert operator.get("credit/objections").json()["results"] == []
    assert operator.post(address, {"is_upheld": False, "answer": "再议"}).status_code == 409
    (fact,) = Api(objection.event.organisation).get("me/credit").json()["results"]
    assert fact["objection"]["answer"] == "属实，予以更正"


def test_an_alert_waits_and_is_decided_once(alert):
    mediator, address = staff(Role.MEDIATOR), f"credit/alerts/{alert.code}/decide"
    (waiting,) = mediator.get("credit/alerts").json()["results"]
    assert len(waiting["members"]) == 2

    decided = mediator.post(address, {"is_confirmed": False, "reason": "同一集团，评价独立"})

    assert decided.status_code == 200
    assert (decided.json()["confirmed_at"], bool(decided.json()["lifted_at"])) == (None, True)
    assert mediator.get("credit/alerts").json()["results"] == []
    assert mediator.post(address, {"is_confirmed": True, "reason": "x"}).status_code == 409


@pytest.mark.parametrize("roles", [(), (Role.REVIEWER,), (Role.REGULATOR,)])
def test_others_are_shown_nothing_and_decide_nothing(objection, alert, roles):
    api = staff(*roles)

    assert api.get("credit/objections").json()["count"] == api.get("credit/alerts").json()["count"] == 0
    assert api.post(f"credit/objections/{objection.code}/decide", {"is_upheld": True, "answer": "x"}).status_code == 404
    assert api.post(f"credit/alerts/{alert.code}/decide", {"is_confirmed": True, "reason": "x"}).status_code == 404
    objection.refresh_from_db()
    alert.refresh_from_db()
    assert (objection.state, alert.confirmed_at, alert.lifted_at) == ("open", None, None)


def test_a_member_of_the_party_decides_nothing_about_it(alert):
    insider = make.user(staff=(Role.OPERATOR,))
    party = alert.members.first().organisation
    make.member(party, insider)
    api = Api(user=insider)
    session = api.client.session
    session["acting_for"] = str(party.code)
    session.save()

    assert api.post(f"credit/alerts/{alert.code}/decide", {"is_confirmed": True, "reason": "x"}).status_code == 404
    alert.refresh_from_db()
    assert alert.confirmed_at is None

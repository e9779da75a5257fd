"""Demands: kept as drafts, published by verified parties, remembered in every version, closed for good."""

from datetime import timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM
from accounts.models import Notification
from accounts.selectors.verification import PublishingNeedsVerification
from common.state_machine import TransitionRefused
from marketplace.directions import AttributesInvalid
from marketplace.models import Demand, DemandStep, DemandVersion
from marketplace.policies import MayNotBind
from marketplace.selectors import demands as reads
from marketplace.services import demands
from marketplace.services.contents import MOST_FEN, MOST_LEGS, ContentInvalid
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM


def drafted(owner, direction="equipment", **fields) -> Demand:
    content = make.demand_content(direction, **fields)
    return demands.create_draft(direction, content, by=make.actor(owner), at=AT)


@pytest.mark.parametrize("direction", ["instruments", "skills", "equipment", "resources", "capacity"])
def test_a_draft_is_its_owners_alone_until_it_is_published(direction):
    owner, stranger = make.organisation(), make.actor(make.organisation())

    draft = drafted(owner, direction)

    assert (draft.state, draft.version, draft.published_at) == ("draft", 1, None)
    assert reads.get(draft.code, viewer=make.actor(owner)) == draft
    with pytest.raises(Demand.DoesNotExist):
        reads.get(draft.code, viewer=stranger)
    demands.publish(draft.code, by=make.actor(owner), at=AT)
    assert reads.get(draft.code, viewer=stranger).state == "published"


def test_an_unverified_party_keeps_its_draft_and_is_told_what_to_hand_in():
    draft = drafted(make.organisation("厦门丙", verified=False))

    with pytest.raises(PublishingNeedsVerification) as refusal:
        demands.publish(draft.code, by=make.actor(draft.owner), at=AT)

    draft.refresh_from_db()
    assert (refusal.value.link, refusal.value.params) == ("/me/verification", {"name": "厦门丙"})
    assert (draft.state, DemandStep.objects.count()) == ("draft", 0)


def test_a_member_who_may_not_bind_writes_no_demand():
    owner = make.organisation()
    member = make.actor(owner, user_=make.member(owner))

    with pytest.raises(MayNotBind):
        demands.create_draft("equipment", make.demand_content(), by=member, at=AT)

    assert not Demand.objects.exists()


def test_every_edit_is_a_version_that_keeps_what_is_public_and_no_budget():
    made = make.demand(title="求甲", budget_fen=30_000)
    by = make.actor(made.owner)

    edited = demands.edit(made.code, make.demand_content(title="求乙", budget_fen=40_000, quantity=7), by=by, at=AT)

    assert (edited.version, edited.title, edited.budget_fen, edited.state) == (2, "求乙", 40_000, "published")
    kept = list(DemandVersion.objects.order_by("version").values_list("version", "content__title", "content__quantity"))
    assert kept == [(1, "求甲", 10), (2, "求乙", 7)]
    assert all("budget_fen" not in row.content for row in made.versions.all())
    assert [row.version for row in reads.versions(made.code, viewer=make.actor(make.organisation()))] == [2, 1]


def test_an_edit_replaces_the_legs():
    made = make.demand(direction="resources")
    first = made.legs.get()

    demands.edit(made.code, make.demand_content("resources"), by=make.actor(made.owner), at=AT)

    assert made.legs.count() == 1
    assert made.legs.get().pk != first.pk


def test_others_edit_and_move_nothing():
    made = make.demand()

    for stranger in (make.actor(make.organisation()), make.reviewer()):
        with pytest.raises(Demand.DoesNotExist if stranger.organisation_id != made.owner_id else AssertionError):
            demands.edit(made.code, make.demand_content(), by=stranger, at=AT)
        with pytest.raises(TransitionRefused):
            demands.close(made.code, by=stranger, at=AT)

    made.refresh_from_db()
    assert (made.state, made.version) == ("published", 1)


def test_the_budget_is_for_the_owner_and_the_system_alone():
    made = make.demand(direction="resources", budget_fen=50_000)

    own = reads.get(made.code, viewer=make.actor(made.owner))
    assert (own.budget_fen, own.legs.all()[0].budget_fen) == (50_000, 3_000)
    assert reads.get(made.code, viewer=SYSTEM).budget_fen == 50_000
    for viewer in (make.actor(make.organisation()), make.operator(), make.reviewer()):
        seen = reads.get(made.code, viewer=viewer)
        assert (seen.budget_fen, seen.legs.all()[0].budget_fen) == (None, None)


def test_a_demand_is_matched_reopened_and_closed_for_good():
    made = make.demand()
    by = make.actor(made.owner)

    demands.match(made.code, by=by, at=AT)
    with pytest.raises(TransitionRefused):
        demands.edit(made.code, make.demand_content(), by=by, at=AT)
    demands.reopen(made.code, by=by, at=AT)
    demands.close(made.code, by=by, at=AT)

    assert list(made.steps.order_by("id").values_list("move", flat=True)) == ["publish", "match", "reopen", "close"]
    for again in (demands.publish, demands.reopen, demands.match):
        with pytest.raises(TransitionRefused):
            again(made.code, by=by, at=AT)
    made.refresh_from_db()
    assert made.state == "closed"


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("deadline_at", {"deadline_at": AT}),
        ("period", {"period": (AT - timedelta(days=2), AT)}),
    ],
)
def test_what_nobody_could_answer_any_more_is_not_published(field, fields):
    draft = drafted(make.organisation(), **fields)

    with pytest.raises(demands.DeadlinePassed) as refusal:
        demands.publish(draft.code, by=make.actor(draft.owner), at=AT)

    draft.refresh_from_db()
    assert (refusal.value.field, draft.state) == (field, "draft")


def test_what_has_run_out_expires_once_and_is_published_again_with_a_new_date():
    late = make.demand(deadline_at=AT + timedelta(days=1))
    ended = make.demand(period=(AT, AT + timedelta(days=1)))
    staying = make.demand(deadline_at=AT + timedelta(days=2), period=None)
    by = make.actor(late.owner)
    at = AT + timedelta(days=1)

    assert (demands.expire_due(at=at), demands.expire_due(at=at)) == (2, 0)

    states = [Demand.objects.get(pk=made.pk).state for made in (late, ended, staying)]
    assert states == ["expired", "expired", "published"]
    assert Notification.objects.filter(organisation=late.owner).count() == 1
    with pytest.raises(demands.DeadlinePassed):
        demands.publish(late.code, by=by, at=at)
    demands.edit(late.code, make.demand_content(deadline_at=at + timedelta(days=3)), by=by, at=at)
    assert demands.publish(late.code, by=by, at=at).state == "published"


def test_what_breaks_a_rule_is_taken_down_with_a_reason_and_given_back_closed():
    made = make.demand()
    with pytest.raises(TransitionRefused):
        demands.take_down(made.code, reason="x", by=make.reviewer(), at=AT)

    demands.take_down(made.code, reason="虚假需求", by=make.operator(), at=AT)

    made.refresh_from_db()
    told = Notification.objects.get(organisation=made.owner)
    assert (made.state, told.params["reason"]) == ("removed", "虚假需求")
    demands.restore(made.code, reason="误判", by=make.operator(), at=AT)
    made.refresh_from_db()
    assert made.state == "closed"


@pytest.mark.parametrize(
    ("field", "direction", "fields"),
    [
        ("title", "equipment", {"title": " "}),
        ("title", "equipment", {"title": "长" * 201}),
        ("quantity", "equipment", {"quantity": 0}),
        ("budget_fen", "equipment", {"budget_fen": MOST_FEN + 1}),
        ("max_suppliers", "equipment", {"max_suppliers": 1000}),
        ("radius_m", "equipment", {"place": None, "radius_m": 10}),
        ("period", "equipment", {"period": (AT, AT)}),
        ("unit", "equipment", {"unit": "m3"}),
        ("division_code", "equipment", {"division_code": "999999"}),
        ("industry_code", "equipment", {"industry_code": "Z9999"}),
        ("legs", "equipment", {"legs": make.LEGS["resources"]}),
        ("legs", "resources", {"legs": ()}),
        ("legs", "resources", {"legs": make.LEGS["resources"] * (MOST_LEGS + 1)}),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(field, direction, fields):
    with pytest.raises(ContentInvalid) as refusal:
        drafted(make.organisation(), direction, **fields)

    assert refusal.value.field == field
    assert not Demand.objects.exists()


def test_attributes_that_do_not_follow_the_schema_are_refused():
    with pytest.raises(AttributesInvalid):
        drafted(make.organisation(), attributes={"machine": "teapot"})

    assert not Demand.objects.exists()


def test_a_period_is_half_open():
    made = make.demand(period=(AT, AT + timedelta(days=1)))

    assert Demand.objects.get(pk=made.pk).period == TimestamptzRange(AT, AT + timedelta(days=1), "[)")

"""Writing, publishing and closing listings, in every direction."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from accounts.core.actor import Role
from accounts.selectors.verification import PublishingNeedsVerification
from common.state_machine import TransitionRefused
from marketplace.core.listing_states import ListingState
from marketplace.directions import DIRECTIONS, AttributesInvalid
from marketplace.models import Listing, ListingVersion
from marketplace.policies import MayNotBind
from marketplace.selectors import listings as listing_reads
from marketplace.services import listings
from marketplace.services.contents import ContentInvalid
from tests import make

pytestmark = pytest.mark.django_db
CODES = [direction.code for direction in DIRECTIONS]


@pytest.mark.parametrize("code", CODES)
def test_a_draft_of_every_direction_is_kept_published_and_found_by_its_title(code):
    owner = make.organisation()
    by = make.actor(owner)

    draft = listings.create_draft(code, make.listing_content(code, title="海沧样板间"), by=by, at=make.MONDAY_9AM)
    listings.publish(draft.code, by=by, at=make.MONDAY_9AM)

    draft.refresh_from_db()
    assert (draft.state, draft.published_at) == (ListingState.PUBLISHED, make.MONDAY_9AM)
    assert "样板" in draft.search_text.split()
    assert list(ListingVersion.objects.values_list("version", flat=True)) == [1]


def test_an_unverified_party_drafts_but_is_told_how_to_publish():
    by = make.actor(make.organisation(verified=False))
    draft = listings.create_draft("skills", make.listing_content("skills"), by=by, at=make.MONDAY_9AM)

    with pytest.raises(PublishingNeedsVerification) as refusal:
        listings.publish(draft.code, by=by, at=make.MONDAY_9AM)

    assert refusal.value.fix
    draft.refresh_from_db()
    assert draft.state == ListingState.DRAFT
    assert not draft.steps.exists()


def test_a_licence_that_the_offer_rests_on_is_asked_for_before_publishing():
    by = make.actor(make.organisation())
    content = make.listing_content("resources", attributes={"leg": "logistics", "services": ["logistics.hazardous"]})
    draft = listings.create_draft("resources", content, by=by, at=make.MONDAY_9AM)

    for language, name in (("zh-hans", "道路危险货物运输许可证"), ("en", "hazardous goods transport licence")):
        with translation.override(language), pytest.raises(PublishingNeedsVerification) as refusal:
            listings.publish(draft.code, by=by, at=make.MONDAY_9AM)
        assert name in refusal.value.params["licences"]
        assert "hazardous_transport" not in refusal.value.sentence()
    assert refusal.value.link == "/me/verification"


def test_a_member_without_power_to_bind_creates_nothing():
    owner = make.organisation()
    by = make.actor(owner, user_=make.member(owner))

    with pytest.raises(MayNotBind):
        listings.create_draft("skills", make.listing_content("skills"), by=by, at=make.MONDAY_9AM)

    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "长" * 121),
        ("unit", "piece"),
        ("division_code", "999999"),
        ("industry_code", "Z9999"),
        ("reserve_price_fen", 20_001),
        ("minimum_lot", 0),
        ("lead_time_days", -1),
        ("price_fen", 2**53),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(field, value):
    by = make.actor(make.organisation())

    with pytest.raises(ContentInvalid) as refusal:
        listings.create_draft("equipment", make.listing_content(**{field: value}), by=by, at=make.MONDAY_9AM)

    assert refusal.value.field == field
    assert not Listing.objects.exists()


def test_attributes_that_the_direction_does_not_know_are_refused():
    by = make.actor(make.organisation())
    content = make.listing_content(attributes={"machine": "cutting.vmc", "colour": "blue"})

    with pytest.raises(AttributesInvalid) as refusal:
        listings.create_draft("equipment", content, by=by, at=make.MONDAY_9AM)

    assert set(refusal.value.errors) == {"colour"}


def test_an_edit_adds_a_version_and_keeps_the_one_before():
    owner = make.organisation()
    made = make.listing(owner, title="旧标题")

    listings.edit(made.code, make.listing_content(title="新标题"), by=make.actor(owner), at=make.MONDAY_9AM)

    titles = list(ListingVersion.objects.order_by("version").values_list("version", "content__title"))
    assert titles == [(1, "旧标题"), (2, "新标题")]
    assert "reserve_price_fen" not in ListingVersion.objects.first().content


def test_a_stranger_neither_edits_nor_pauses_and_changes_nothing():
    made = make.listing()
    stranger = make.actor(make.organisation())

    with pytest.raises(Listing.DoesNotExist):
        listings.edit(made.code, make.listing_content(title="我的了"), by=stranger, at=make.MONDAY_9AM)
    with pytest.raises(TransitionRefused):
        listings.pause(made.code, by=stranger, at=make.MONDAY_9AM)

    made.refresh_from_db()
    assert (made.state, made.version) == (ListingState.PUBLISHED, 1)


def test_pause_resume_and_close_follow_the_table():
    owner = make.organisation()
    by, made = make.actor(owner), make.listing(owner)

    listings.pause(made.code, by=by, at=make.MONDAY_9AM)
    listings.resume(made.code, by=by, at=make.MONDAY_9AM)
    listings.close(made.code, by=by, at=make.MONDAY_9AM)

    assert list(made.steps.order_by("id").values_list("move", flat=True)) == ["publish", "pause", "resume", "close"]
    with pytest.raises(TransitionRefused):
        listings.resume(made.code, by=by, at=make.MONDAY_9AM)


def test_what_breaks_a_rule_is_taken_down_and_its_owner_is_told():
    made = make.listing()

    listings.take_down(made.code, reason="虚假信息", by=make.operator(), at=make.MONDAY_9AM)

    made.refresh_from_db()
    assert made.state == ListingState.REMOVED
    told = make.actor(made.owner)
    assert listing_reads.get(made.code, viewer=told).state == ListingState.REMOVED
    with pytest.raises(Listing.DoesNotExist):
        listing_reads.get(made.code, viewer=make.actor(make.organisation()))


def test_listings_whose_last_day_or_verification_has_passed_are_paused():
    lapsed = make.listing(valid_until=date(2026, 3, 2))
    unverified = make.listing(make.organisation(verified_until=date(2026, 3, 2)))
    staying = make.listing(valid_until=date(2026, 3, 3))

    count = listings.lapse_due(at=make.MONDAY_9AM + timedelta(days=1))

    assert count == 2
    states = [Listing.objects.get(pk=made.pk).state for made in (lapsed, unverified, staying)]
    assert states == ["paused", "paused", "published"]


def test_the_reserve_price_is_for_the_owner_alone():
    made = make.listing()

    assert listing_reads.get(made.code, viewer=make.actor(made.owner)).reserve_price_fen == 15_000
    assert listing_reads.get(made.code, viewer=make.actor(make.organisation())).reserve_price_fen is None
    assert listing_reads.get(made.code, viewer=make.staff(Role.OPERATOR)).reserve_price_fen is None


def test_a_draft_is_hidden_from_everybody_else():
    draft = make.listing(published=False)

    assert listing_reads.get(draft.code, viewer=make.actor(draft.owner)) == draft
    with pytest.raises(Listing.DoesNotExist):
        listing_reads.get(draft.code, viewer=make.actor(make.organisation()))


def test_comparison_lines_up_what_two_listings_say_and_marks_differences():
    first = make.listing(attributes={"machine": "cutting.vmc", "axes": 3})
    second = make.listing(attributes={"machine": "cutting.vmc", "axes": 5})
    other = make.listing(direction="skills")

    table = listing_reads.comparison([first.code, second.code, other.code], viewer=make.actor())

    assert table.listings == (first, second)
    rows = {row.label.en: row for row in table.rows}
    assert rows["Axes"].texts == ("3 轴", "5 轴")
    assert rows["Axes"].differs
    assert not rows["Kind of machine"].differs


def test_the_lists_cost_one_query_however_many_rows(django_assert_num_queries):
    owner = make.organisation()
    for _ in range(3):
        make.listing(owner)
    viewer = make.actor(owner)

    with django_assert_num_queries(1):
        assert [made.owner.name for made in listing_reads.own(viewer)] == [owner.name] * 3


def test_timezone_of_the_last_day_is_shanghai():
    made = make.listing(valid_until=date(2026, 3, 2))
    late_evening_in_shanghai = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)

    assert listings.lapse_due(at=late_evening_in_shanghai) == 0
    assert listings.lapse_due(at=late_evening_in_shanghai + timedelta(minutes=1)) == 1
    made.refresh_from_db()
    assert made.state == ListingState.PAUSED

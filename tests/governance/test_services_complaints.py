"""Complaints follow their table: every step that it lacks is refused, clocks count working days, orders stand still."""

from datetime import datetime, timedelta

import pytest

from accounts.core.actor import Role
from accounts.models import Notification
from common import working_days
from common.state_machine import TransitionRefused
from common.uploads import UploadRefused
from credit.models import CreditEvent
from governance.core.complaint_inputs import StepWords
from governance.core.complaint_states import COMPLAINT, ComplaintParty, ComplaintState
from governance.core.complaint_terms import Finding
from governance.models import Complaint, Evidence, Pause
from governance.selectors import complaints as reads
from governance.services import complaints, evidence, reports
from marketplace.models import Order
from tests import make

pytestmark = pytest.mark.django_db
AT = make.COMPLAINED_AT
MOVES = sorted({m.name for m in COMPLAINT.moves})


def _move(complaint, name, party, words=None, *, at=AT):
    by = make.complaint_actor(complaint, party)
    return complaints.move(complaint.code, name, words=words or make.step_words(name), by=by, at=at)


def _shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=working_days.CHINA)


@pytest.mark.parametrize("state", make.WAYS)
def test_from_every_state_each_party_can_take_the_steps_of_the_table_and_no_other(state):
    complaint = make.complaint(state=state)
    seen_by_respondent = complaint.accepted_at is not None

    for party in ComplaintParty:
        by = make.complaint_actor(complaint, party)
        for name in MOVES:
            row = Complaint.objects.get(pk=complaint.pk)
            steps = row.steps.count()
            legal = name in COMPLAINT.open_moves(state, {party})
            if (party == "respondent" and not seen_by_respondent) or (party == "mediator" and row.submitted_at is None):
                with pytest.raises(Complaint.DoesNotExist):
                    complaints.move(row.code, name, words=make.step_words(name), by=by, at=AT)
            elif not legal:
                with pytest.raises(TransitionRefused):
                    complaints.move(row.code, name, words=make.step_words(name), by=by, at=AT)
            else:
                continue
            row.refresh_from_db()
            assert (row.state, row.steps.count()) == (state, steps)


@pytest.mark.parametrize(
    ("state", "name", "party"),
    [
        (source, m.name, party)
        for m in COMPLAINT.moves
        for source in sorted(m.sources)
        for party in sorted(m.parties)
        if source in make.WAYS
    ],
)
def test_every_step_of_the_table_can_be_taken_and_leaves_one_row(state, name, party):
    complaint = make.complaint(state=state)
    if name == "reopen" and complaint.reopened_at:
        return
    steps = complaint.steps.count()

    _move(complaint, name, party)

    complaint.refresh_from_db()
    target = COMPLAINT.target(state, name, {party})
    assert complaint.state == target
    last = complaint.steps.order_by("-id").first()
    assert (complaint.steps.count(), last.move, last.source, last.target) == (steps + 1, name, state, target)


@pytest.mark.clause("CQ-3.5c")
def test_the_whole_way_from_filing_to_resolved():
    order = make.order(state="agreed")
    complaint = make.complaint(order)
    for name, party in (
        ("acknowledge", "mediator"),
        ("accept", "mediator"),
        ("reply", "respondent"),
        ("mediate", "respondent"),
        ("propose", "mediator"),
        ("agree", "respondent"),
    ):
        _move(complaint, name, party)
    assert Order.objects.get().state == "on_hold"

    concluded = _move(complaint, "agree", "complainant")

    assert concluded.state == ComplaintState.AGREED
    _move(complaint, "perform", "respondent")
    _move(complaint, "confirm", "complainant", StepWords(satisfaction=4))
    complaint.refresh_from_db()
    assert (complaint.state, complaint.satisfaction, complaint.closed_at) == ("resolved", 4, AT)
    assert Order.objects.get().state == "agreed"
    assert list(CreditEvent.objects.order_by("id").values_list("kind", "organisation_id")) == [
        ("complaint_upheld", order.provider_id),
        ("complaint_resolved", order.provider_id),
    ]


def test_a_settled_complaint_without_a_finding_marks_nobody():
    make.complaint(state="resolved")

    assert not CreditEvent.objects.filter(kind__startswith="complaint").exists()


def test_strangers_find_no_complaint():
    complaint = make.complaint(state="accepted")
    stranger = make.actor(make.organisation())

    with pytest.raises(Complaint.DoesNotExist):
        reads.get(complaint.code, viewer=stranger)
    with pytest.raises(Complaint.DoesNotExist):
        complaints.move(complaint.code, "withdraw", by=stranger, at=AT)
    assert not reads.visible_to(stranger).exists()
    complaint.refresh_from_db()
    assert complaint.state == "accepted"


def test_the_other_side_hears_of_it_only_when_the_platform_has_accepted_it():
    complaint = make.complaint(state="acknowledged")
    respondent = make.actor(complaint.respondent)
    assert not reads.visible_to(respondent).exists()
    assert not Notification.objects.filter(organisation=complaint.respondent, kind="complaint").exists()

    _move(complaint, "accept", "mediator")

    assert reads.visible_to(respondent).get() == complaint
    assert Notification.objects.filter(organisation=complaint.respondent, kind="complaint").count() == 1


def test_drafts_are_the_complainants_own():
    complaint = make.complaint(state="draft")

    assert not reads.visible_to(make.mediator()).exists()
    with pytest.raises(Complaint.DoesNotExist):
        reads.get(complaint.code, viewer=make.operator())


def test_a_mediator_is_no_mediator_in_a_matter_of_their_own_party():
    order = make.order(state="agreed")
    complaint = make.complaint(order)
    user = make.user(staff=(Role.MEDIATOR,))
    make.member(order.provider, user, role=Role.MANAGER)

    with pytest.raises(Complaint.DoesNotExist):
        complaints.move(complaint.code, "acknowledge", by=make.actor(order.provider, user_=user), at=AT)


def test_plain_members_do_not_complain_in_the_name_of_their_party():
    order = make.order(state="agreed")
    member = make.member(order.consumer, role=Role.MEMBER)

    with pytest.raises(complaints.ComplaintRefused):
        complaints.file(
            make.complaint_words(), order_code=order.code, by=make.actor(order.consumer, user_=member), at=AT
        )

    assert not Complaint.objects.exists()


def test_only_sides_of_an_agreed_order_complain_about_it():
    order = make.order(state="proposed")
    with pytest.raises(complaints.ComplaintRefused):
        complaints.file(make.complaint_words(), order_code=order.code, by=make.actor(order.consumer), at=AT)
    with pytest.raises(Order.DoesNotExist):
        complaints.file(make.complaint_words(), order_code=order.code, by=make.actor(make.organisation()), at=AT)

    assert not Complaint.objects.exists()


def test_a_wrong_of_more_than_three_years_ago_is_referred_elsewhere():
    order = make.order(state="completed")

    with pytest.raises(complaints.ComplaintRefused):
        complaints.file(
            make.complaint_words(),
            order_code=order.code,
            by=make.actor(order.consumer),
            at=order.completed_at + timedelta(days=3 * 366),
        )


def test_a_listing_can_be_complained_about_but_not_ones_own():
    listing = make.offer()

    filed = complaints.file(
        make.complaint_words(), listing_code=listing.code, by=make.actor(make.organisation()), at=AT
    )
    assert filed.respondent_id == listing.owner_id
    with pytest.raises(complaints.ComplaintRefused):
        complaints.file(make.complaint_words(), listing_code=listing.code, by=make.actor(listing.owner), at=AT)


@pytest.mark.parametrize(
    ("state", "name", "party", "words"),
    [
        ("accepted", "reply", "respondent", StepWords()),
        ("mediation", "propose", "mediator", StepWords("无结论")),
        ("not_accepted", "escalate", "complainant", StepWords()),
        ("acknowledged", "accept", "mediator", StepWords("多余")),
        ("accepted", "reply", "respondent", StepWords("好", finding=Finding.NOT_AT_FAULT)),
    ],
)
def test_a_step_says_what_it_must_and_nothing_else(state, name, party, words):
    complaint = make.complaint(state=state)

    with pytest.raises(complaints.ComplaintRefused):
        _move(complaint, name, party, words)

    complaint.refresh_from_db()
    assert complaint.state == state


# --- clocks --------------------------------------------------------------------------------------


def test_deadlines_count_working_days_over_the_make_up_days_of_spring_festival_2026():
    thursday = _shanghai("2026-02-12T10:00")
    order = make.order(state="agreed", at=thursday)

    complaint = make.complaint(order, state="accepted", at=thursday)

    # Friday 13, Saturday 14 (worked), then nothing before Tuesday 24 February.
    assert complaint.due_at == _shanghai("2026-02-25T00:00")
    assert complaint.hard_stop_at == _shanghai(
        "2026-04-24T00:00"
    )  # 2 in February before the feast, 5 after, 22 in March, 16 in April


def test_a_silent_respondent_leaves_the_decision_to_the_platform():
    complaint = make.complaint(state="accepted")

    assert complaints.sweep_deadlines(at=complaint.due_at - timedelta(seconds=1)) == 0
    assert complaints.sweep_deadlines(at=complaint.due_at) == 1
    assert complaints.sweep_deadlines(at=complaint.due_at) == 0

    complaint.refresh_from_db()
    assert complaint.state == "default_decision"
    _move(complaint, "decide", "mediator", at=complaint.since_at)
    assert CreditEvent.objects.filter(kind="complaint_upheld", organisation=complaint.respondent).exists()


@pytest.mark.parametrize(
    ("state", "target"),
    [
        ("need_info", "withdrawn"),
        ("seller_reply", "mediation"),
        ("negotiation", "mediation"),
        ("proposal", "no_agreement"),
        ("performing", "resolved"),
        ("resolved", "archived"),
    ],
)
def test_time_moves_what_parties_leave_lying(state, target):
    complaint = make.complaint(state=state)

    assert complaints.sweep_deadlines(at=complaint.due_at) == 1

    complaint.refresh_from_db()
    assert complaint.state == target
    assert complaint.steps.order_by("-id").first().party == "system"


@pytest.mark.parametrize("state", ["submitted", "acknowledged", "mediation", "default_decision", "agreed"])
def test_a_late_platform_or_promise_moves_nothing_by_itself(state):
    complaint = make.complaint(state=state)

    assert complaints.sweep_deadlines(at=complaint.due_at + timedelta(days=1)) == 0


def test_mediation_ends_at_the_outer_limit_of_the_law():
    complaint = make.complaint(state="mediation")

    complaints.sweep_deadlines(at=complaint.hard_stop_at)

    complaint.refresh_from_db()
    assert complaint.state == "no_agreement"


def test_an_appraisal_moves_the_outer_limit_by_the_working_days_it_took():
    complaint = make.complaint(state="mediation")
    before = complaint.hard_stop_at
    _move(complaint, "appraise", "mediator")
    _move(complaint, "appraised", "mediator", at=AT + timedelta(days=7))

    complaint.refresh_from_db()
    last_day = (before - timedelta(hours=1)).astimezone(working_days.CHINA).date()
    assert complaint.hard_stop_at == datetime.combine(
        working_days.add(last_day, 5) + timedelta(days=1), datetime.min.time(), working_days.CHINA
    )
    pause = Pause.objects.get()
    assert (pause.from_at, pause.until_at, pause.reason) == (AT, AT + timedelta(days=7), "说明")


def test_a_deadline_in_a_year_without_a_calendar_waits_and_is_set_when_the_calendar_comes(monkeypatch, tmp_path):
    late = _shanghai("2027-12-30T09:00")
    complaint = make.complaint(_order_of(late), state="accepted", at=late)
    assert (complaint.due_at, complaint.hard_stop_at) == (None, None)
    assert complaints.settle_clocks(at=late) == 0

    for year in (2027, 2028):
        (tmp_path / f"{year}.json").write_text(
            f'{{"source": "{year}", "holidays": [{{"from": "{year}-01-01", "to": "{year}-01-01"}}], "worked": []}}'
        )
    monkeypatch.setattr(working_days, "_FOLDER", tmp_path)
    working_days.calendar.cache_clear()
    try:
        assert complaints.settle_clocks(at=late) == 1
    finally:
        working_days.calendar.cache_clear()

    complaint.refresh_from_db()
    assert complaint.due_at == _shanghai("2028-01-05T00:00")
    assert not complaint.is_due_provisional


def _order_of(late: datetime):
    """An order agreed shortly before `late`."""
    fields = {"slots": [make.slot(late + timedelta(days=2))]}
    return make.order(state="agreed", at=late - timedelta(days=1), **fields)


@pytest.fixture
def notice_of_2027(monkeypatch, tmp_path):
    """Return a function that publishes a notice by which 4 and 5 January 2027 are off."""

    def publish() -> None:
        for path in working_days._FOLDER.iterdir():
            (tmp_path / path.name).write_text(path.read_text())
        notice = '{"source": "2027", "holidays": [{"from": "2027-01-01", "to": "2027-01-05"}], "worked": []}'
        (tmp_path / "2027.json").write_text(notice)
        monkeypatch.setattr(working_days, "_FOLDER", tmp_path)
        working_days.calendar.cache_clear()

    yield publish
    working_days.calendar.cache_clear()


def test_a_deadline_in_a_year_before_its_notice_is_provisional_and_counted_again_with_it(notice_of_2027):
    late = _shanghai("2026-12-30T09:00")
    complaint = make.complaint(_order_of(late), state="accepted", at=late)
    assert (complaint.due_at, complaint.is_due_provisional) == (_shanghai("2027-01-06T00:00"), True)
    assert complaint.is_hard_stop_provisional
    assert complaints.settle_clocks(at=late) == 0

    notice_of_2027()

    assert (complaints.settle_clocks(at=late), complaints.settle_clocks(at=late)) == (1, 0)
    complaint.refresh_from_db()
    assert (complaint.due_at, complaint.is_due_provisional) == (_shanghai("2027-01-08T00:00"), False)
    assert not complaint.is_hard_stop_provisional


def test_nothing_moves_by_a_provisional_deadline(notice_of_2027):
    late = _shanghai("2026-12-30T09:00")
    complaint = make.complaint(_order_of(late), state="accepted", at=late)
    passed = _shanghai("2027-01-20T00:00")

    assert complaints.sweep_deadlines(at=passed) == 0
    complaint.refresh_from_db()
    assert complaint.state == "accepted"

    notice_of_2027()
    complaints.settle_clocks(at=passed)
    assert complaints.sweep_deadlines(at=passed) == 1
    complaint.refresh_from_db()
    assert complaint.state == "default_decision"


def test_a_deadline_that_ends_in_the_old_year_is_certain_though_the_outer_one_is_not():
    late = _shanghai("2026-11-26T09:00")
    complaint = make.complaint(_order_of(late), state="accepted", at=late)

    assert (complaint.due_at, complaint.is_due_provisional) == (_shanghai("2026-12-02T00:00"), False)
    assert complaint.is_hard_stop_provisional
    assert complaints.sweep_deadlines(at=complaint.due_at) == 1


def test_reports_have_provisional_deadlines_too(notice_of_2027):
    late = _shanghai("2026-12-31T09:00")
    report = make.report(at=late)
    assert (report.due_at, report.is_due_provisional) == (_shanghai("2027-01-05T00:00"), True)

    notice_of_2027()

    assert (reports.settle_clocks(at=late), reports.settle_clocks(at=late)) == (1, 0)
    report.refresh_from_db()
    assert (report.due_at, report.is_due_provisional) == (_shanghai("2027-01-07T00:00"), False)


# --- reopening, agreeing, holding -----------------------------------------------------------------


def test_a_complaint_is_reopened_once_and_within_thirty_days():
    complaint = make.complaint(state="resolved")
    end = complaint.closed_at + timedelta(days=30)
    complainant = make.actor(complaint.complainant)
    assert "reopen" in reads.open_moves(complaint, complainant, at=end - timedelta(seconds=1))
    assert "reopen" not in reads.open_moves(complaint, complainant, at=end)
    with pytest.raises(complaints.ComplaintRefused):
        _move(complaint, "reopen", "complainant", at=end)

    _move(complaint, "reopen", "complainant", at=end - timedelta(seconds=1))
    _move(complaint, "refuse", "mediator", at=end)

    with pytest.raises(complaints.ComplaintRefused):
        _move(complaint, "reopen", "complainant", at=end)


def test_one_yes_is_no_agreement_and_is_not_counted_twice():
    complaint = make.complaint(state="proposal")
    _move(complaint, "agree", "complainant")

    with pytest.raises(complaints.ComplaintRefused):
        _move(complaint, "agree", "complainant")

    complaint.refresh_from_db()
    assert (complaint.state, complaint.respondent_agreed_at) == ("proposal", None)


def test_a_new_proposal_asks_both_anew():
    complaint = make.complaint(state="proposal")
    _move(complaint, "agree", "complainant")
    _move(complaint, "decline", "respondent")
    _move(complaint, "propose", "mediator")

    complaint.refresh_from_db()
    assert complaint.complainant_agreed_at is None


def test_the_order_goes_on_only_when_no_complaint_about_it_is_open():
    order = make.order(state="in_progress")
    first = make.complaint(order, state="accepted")
    second = make.complaint(order, state="accepted", by=make.actor(order.provider))

    _move(first, "withdraw", "complainant")
    order.refresh_from_db()
    assert order.state == "on_hold"

    _move(second, "withdraw", "complainant")
    order.refresh_from_db()
    assert order.state == "in_progress"


# --- evidence ------------------------------------------------------------------------------------


def test_evidence_is_kept_clean_and_seen_by_the_parties_only(settings):
    complaint = make.complaint(state="accepted")

    kept = evidence.add(complaint.code, make.picture(), caption="测量记录", by=make.actor(complaint.respondent), at=AT)

    assert (kept.party, kept.media_type, kept.file.name.endswith(".jpg")) == ("respondent", "image/jpeg", True)
    assert reads.evidence(kept.code, viewer=make.actor(complaint.complainant)) == kept
    with pytest.raises(Evidence.DoesNotExist):
        reads.evidence(kept.code, viewer=make.actor(make.organisation()))


def test_evidence_that_is_no_picture_or_twice_the_same_is_refused():
    complaint = make.complaint()
    complainant = make.actor(complaint.complainant)
    evidence.add(complaint.code, make.picture(), by=complainant, at=AT)

    with pytest.raises(evidence.EvidenceRefused):
        evidence.add(complaint.code, make.picture(), by=complainant, at=AT)
    with pytest.raises(UploadRefused):
        evidence.add(complaint.code, b"MZ not a picture", by=complainant, at=AT)

    assert Evidence.objects.count() == 1


def test_nothing_is_added_to_a_closed_complaint_or_by_strangers():
    complaint = make.complaint(state="resolved")

    with pytest.raises(evidence.EvidenceRefused):
        evidence.add(complaint.code, make.picture(), by=make.actor(complaint.complainant), at=AT)
    with pytest.raises(Complaint.DoesNotExist):
        evidence.add(complaint.code, make.picture(), by=make.actor(make.organisation()), at=AT)

    assert not Evidence.objects.exists()


def test_a_finding_in_a_proposal_that_nobody_took_marks_nobody():
    complaint = make.complaint(state="proposal")
    assert reads.figures(complaint.respondent_id).upheld == 0

    complaints.sweep_deadlines(at=complaint.due_at)

    complaint.refresh_from_db()
    assert (complaint.state, complaint.finding) == ("no_agreement", "")
    assert not CreditEvent.objects.filter(kind="complaint_upheld").exists()
    assert reads.figures(complaint.respondent_id).upheld == 0


def test_a_mediator_may_hold_the_respondent_at_fault_though_no_agreement_came():
    complaint = make.complaint(state="mediation")

    _move(complaint, "end_mediation", "mediator", StepWords("拒不配合", finding=Finding.AT_FAULT))

    assert CreditEvent.objects.get(kind="complaint_upheld").organisation_id == complaint.respondent_id
    assert reads.figures(complaint.respondent_id).upheld == 1


def test_figures_count_what_the_platform_accepted():
    order = make.order(state="agreed")
    make.complaint(order, state="not_accepted")
    complaint = make.complaint(order, state="proposal")
    _move(complaint, "agree", "complainant")
    _move(complaint, "agree", "respondent")

    figures = reads.figures(order.provider_id)

    assert (figures.accepted, figures.open, figures.upheld, figures.resolved) == (1, 1, 1, 0)
    assert reads.figures().submitted == 2

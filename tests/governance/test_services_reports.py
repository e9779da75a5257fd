"""Reports are kept secret, dealt with by staff, and answered."""

import pytest

from accounts.models import Notification
from common.state_machine import TransitionRefused
from governance.models import Report
from governance.selectors import reports as reads
from governance.services import reports
from marketplace.models import Listing
from tests import make

pytestmark = pytest.mark.django_db
AT = make.COMPLAINED_AT


def test_a_report_ends_with_a_measure_and_an_answer_to_the_reporter():
    listing = make.offer()
    reporter = make.actor(make.organisation())
    report = make.report(listing, by=reporter)
    staff = make.operator()
    for name, text in (("triage", ""), ("verify", ""), ("measure", "证书造假，下架"), ("inform", "")):
        reports.move(report.code, name, text=text, by=staff, at=AT)

    report.refresh_from_db()
    assert (report.state, report.measure) == ("informed", "证书造假，下架")
    assert Listing.objects.get(pk=listing.pk).state != "published"
    assert Notification.objects.filter(user_id=reporter.user_id, kind="complaint").count() == 1
    assert list(report.steps.order_by("id").values_list("move", flat=True)) == [
        "triage",
        "verify",
        "measure",
        "inform",
    ]


@pytest.mark.clause("CQ-3.5c")
def test_the_owner_of_the_listing_never_sees_the_report_or_who_reported():
    listing = make.offer()
    report = make.report(listing)
    owner = make.actor(listing.owner)

    with pytest.raises(Report.DoesNotExist):
        reads.get(report.code, viewer=owner)
    assert not reads.queue(owner).exists()
    assert not reads.own(owner).exists()
    assert not Notification.objects.filter(organisation=listing.owner).exists()
    assert "reporter_id" in reads.queue(make.operator()).get().get_deferred_fields()


def test_strangers_cannot_move_a_report_and_staff_cannot_skip_steps():
    report = make.report()

    with pytest.raises(Report.DoesNotExist):
        reports.move(report.code, "triage", by=make.actor(make.organisation()), at=AT)
    with pytest.raises(TransitionRefused):
        reports.move(report.code, "measure", text="x", by=make.operator(), at=AT)
    reports.move(report.code, "triage", by=make.reviewer(), at=AT)
    with pytest.raises(reports.ReportRefused):
        reports.move(report.code, "dismiss", by=make.operator(), at=AT)

    report.refresh_from_db()
    assert report.state == "triaged"


def test_one_open_report_per_person_and_listing():
    listing, reporter = make.offer(), make.actor(make.organisation())
    make.report(listing, by=reporter)

    with pytest.raises(reports.ReportRefused):
        make.report(listing, by=reporter)

    assert Report.objects.count() == 1

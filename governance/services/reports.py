"""Take reports of unlawful content and carry them to their end; the reported party never learns who reported."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.core.actor import Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common import audit
from common.db import violated_constraint
from common.errors import Refused, gettext_noop
from governance import policies
from governance.core.report_states import REPORT, ReportCategory, ReportState
from governance.models import Report, ReportStep
from governance.selectors import limits, reports
from governance.selectors.limits import Clock
from marketplace.selectors import demands as demand_reads
from marketplace.selectors import listings as listing_reads
from marketplace.services import demands, listings

_LIMITS = {
    ReportState.RECEIVED: "report.triage",
    ReportState.TRIAGED: "report.verify",
    ReportState.VERIFIED: "report.measure",
    ReportState.UNFOUNDED: "report.inform",
    ReportState.MEASURE: "report.inform",
    ReportState.CLUE_SENT: "report.inform",
}
_NEED_TEXT = frozenset({"dismiss", "measure", "send_clue"})


class ReportRefused(Refused):
    """The report cannot be taken or moved like this."""


def file(
    *,
    listing_code: UUID | None = None,
    demand_code: UUID | None = None,
    category: ReportCategory,
    text: str,
    by: Actor,
    at: datetime,
) -> Report:
    """Report a listing or a demand.

    Raises:
        Listing.DoesNotExist, Demand.DoesNotExist: not there, or not for `by` to see.
        ReportRefused: `by` is not signed in, has an open report about it, or names not exactly one thing.
    """
    if (listing_code is None) == (demand_code is None):
        raise ReportRefused(gettext_noop("A report is about one listing or one need."))
    if by.user_id is None:
        raise ReportRefused(gettext_noop("Log in to report: the result is told to you, and to nobody who you are."))
    listing = listing_reads.get(listing_code, viewer=by) if listing_code else None
    demand = demand_reads.get(demand_code, viewer=by) if demand_code else None
    clock = _clock(ReportState.RECEIVED, at)
    try:
        with transaction.atomic():
            report = Report.objects.create(
                listing=listing,
                demand=demand,
                reporter_id=by.user_id,
                category=category,
                text=text,
                created_at=at,
                since_at=at,
                due_at=clock.due_at,
                is_due_provisional=clock.is_provisional,
            )
    except IntegrityError as error:
        if violated_constraint(error) != "report_once_while_open":
            raise
        raise ReportRefused(gettext_noop("You have an open report about this.")) from error
    return report


@transaction.atomic
def move(code: UUID, name: str, *, text: str = "", by: Actor, at: datetime) -> Report:
    """Take step `name` of a report; `measure` takes what was reported down, which only an operator may.

    Raises:
        Report.DoesNotExist: no such report, or `by` is no staff.
        TransitionRefused: the step does not start here.
        ReportRefused: it needs words.
    """
    report = Report.objects.select_for_update(of=("self",)).select_related("listing", "demand").get(code=code)
    parties = policies.report_parties(by)
    if not parties:
        raise Report.DoesNotExist
    source = report.state
    target = ReportState(REPORT.target(source, name, parties))
    if name in _NEED_TEXT and not text.strip():
        raise ReportRefused(gettext_noop("This step needs words."), field="text")
    report.state, report.since_at = target, at
    report.due_at, report.is_due_provisional = _clock(target, at)
    if name == "measure":
        report.measure = text
        _take_down(report, reason=text, by=by, at=at)
    elif name == "send_clue":
        report.clue_number = text[:80]
    report.save()
    ReportStep.objects.create(
        report=report,
        move=name,
        source=source,
        target=target,
        party=next(iter(sorted(parties))),
        user_id=by.user_id,
        text=text,
        at=at,
    )
    if name == "inform":
        notifications.notify(
            user_ids=[report.reporter_id],
            kind=NoticeKind.COMPLAINT,
            message=gettext_noop("Your report has been dealt with; see what was found."),
            link=f"/reports/{report.code}",
            at=at,
        )
    audit.record(f"report.{name}", report, by=by, at=at)
    return report


def settle_clocks(*, at: datetime) -> int:
    """Set anew the deadlines that waited for a year's notice; return how many reports have another than before."""
    changed = 0
    for code in list(reports.with_unsettled_clock().values_list("code", flat=True)):
        with transaction.atomic():
            report = Report.objects.select_for_update().get(code=code)
            before = (report.due_at, report.is_due_provisional)
            report.due_at, report.is_due_provisional = _clock(ReportState(report.state), report.since_at)
            if before != (report.due_at, report.is_due_provisional):
                report.save(update_fields=["due_at", "is_due_provisional"])
                changed += 1
    return changed


def _take_down(report: Report, *, reason: str, by: Actor, at: datetime) -> None:
    if report.listing is not None:
        listings.take_down(report.listing.code, reason=reason, by=by, at=at)
    elif report.demand is not None:
        demands.take_down(report.demand.code, reason=reason, by=by, at=at)


def _clock(state: ReportState, at: datetime) -> Clock:
    return limits.clock(_LIMITS[state], at) if state in _LIMITS else limits.NO_CLOCK

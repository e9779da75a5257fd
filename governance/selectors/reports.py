"""Reports of unlawful content: the queue for staff, and a reporter's own."""

from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from accounts.core.actor import Actor
from governance import policies
from governance.core.report_states import OPEN, REPORT
from governance.models import Report, ReportStep


def own(viewer: Actor) -> QuerySet[Report]:
    """Return what the viewer has reported, newest first."""
    return (
        Report.objects.filter(reporter_id=viewer.user_id)
        .select_related("listing", "demand")
        .order_by("-created_at", "-id")
    )


def queue(viewer: Actor) -> QuerySet[Report]:
    """Return the open reports, the most urgent first; empty for others than staff. The reporter is not joined."""
    if not policies.report_parties(viewer):
        return Report.objects.none()
    return (
        Report.objects.filter(state__in=sorted(OPEN))
        .defer("reporter")
        .select_related("listing__owner", "demand__owner")
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )


def get(code: UUID, *, viewer: Actor) -> Report:
    """Return one report with its steps, for staff and its own reporter.

    Raises:
        Report.DoesNotExist: no such report, or not the viewer's to see.
    """
    report = (
        Report.objects.select_related("listing__owner", "demand__owner")
        .prefetch_related(Prefetch("steps", ReportStep.objects.order_by("at", "id")))
        .get(code=code)
    )
    if not policies.report_parties(viewer) and (viewer.user_id is None or report.reporter_id != viewer.user_id):
        raise Report.DoesNotExist
    return report


def with_unsettled_clock() -> QuerySet[Report]:
    """Return open reports whose deadline waits for a year's notice: missing, or provisional."""
    unsettled = Q(due_at__isnull=True) | Q(is_due_provisional=True)
    return Report.objects.filter(unsettled, state__in=sorted(OPEN)).order_by("id")


def open_moves(report: Report, viewer: Actor) -> list[str]:
    """Return the moves that `viewer` may make now."""
    return REPORT.open_moves(report.state, policies.report_parties(viewer))

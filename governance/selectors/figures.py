"""The platform's own figures, as anyone may read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Avg, Count, F, Min, Q

from governance.core.complaint_states import CLOSED
from governance.core.complaint_terms import BREACHES
from governance.core.report_states import ReportState
from governance.models import Complaint, ComplaintStep, Rating, Report, ReportStep
from governance.selectors import complaints, limits
from governance.selectors.complaints import Figures

_WINDOW = timedelta(days=365)


@dataclass(frozen=True)
class PlatformFigures:
    """Over the last 365 days; None where there is nothing to count from."""

    since: datetime
    complaints: Figures  # over all time
    submitted: int
    median_days: float | None  # from submission to the end
    closed_share: float | None
    acknowledged_on_time: float | None
    reopened_share: float | None
    satisfaction: float | None  # 1 to 5
    satisfaction_count: int
    by_category: list[tuple[str, int, bool]]  # category, how many, one of the three breach categories
    ratings: int
    hidden_ratings: int
    reports: int
    taken_down: int


def platform(*, at: datetime) -> PlatformFigures:
    """Return the figures of the year before `at`."""
    since = at - _WINDOW
    rows = Complaint.objects.filter(submitted_at__gte=since, submitted_at__lte=at)
    counts = rows.aggregate(
        submitted=Count("id"),
        closed=Count("id", filter=Q(state__in=sorted(CLOSED))),
        reopened=Count("id", filter=Q(reopened_at__isnull=False)),
        content=Avg("satisfaction"),
        answered=Count("satisfaction"),
    )
    spans = rows.filter(closed_at__isnull=False).values_list("submitted_at", "closed_at")
    days = [(end - start) / timedelta(days=1) for start, end in spans if start and end]
    ratings = Rating.objects.filter(revealed_at__gte=since, revealed_at__lte=at)
    categories = rows.values_list("category").annotate(count=Count("id")).order_by("-count", "category")
    return PlatformFigures(
        since=since,
        complaints=complaints.figures(),
        submitted=counts["submitted"],
        median_days=round(median(days), 1) if days else None,
        closed_share=_share(counts["closed"], counts["submitted"]),
        acknowledged_on_time=_on_time(since, at),
        reopened_share=_share(counts["reopened"], counts["submitted"]),
        satisfaction=round(counts["content"], 1) if counts["answered"] else None,
        satisfaction_count=counts["answered"],
        by_category=[(category, count, category in BREACHES) for category, count in categories],
        ratings=ratings.count(),
        hidden_ratings=ratings.filter(hidden_at__isnull=False).count(),
        reports=Report.objects.filter(created_at__gte=since, created_at__lte=at).count(),
        taken_down=ReportStep.objects.filter(target=ReportState.MEASURE, at__gte=since, at__lte=at).count(),
    )


def _on_time(since: datetime, at: datetime) -> float | None:
    """Return the share of receipts confirmed within their limit."""
    steps = (
        ComplaintStep.objects.filter(move="acknowledge", at__gte=since, at__lte=at)
        .values("complaint")
        .annotate(done_at=Min("at"), filed_at=F("complaint__submitted_at"))
        .values_list("filed_at", "done_at")
    )
    kept = [done <= limits.deadline("complaint.acknowledge", filed) for filed, done in steps if filed]
    return _share(sum(kept), len(kept))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None

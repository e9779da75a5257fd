"""Complaints as their parties, mediators and the public see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from accounts.core.actor import Actor
from governance import policies
from governance.core.complaint_clocks import ON_HARD_STOP, ON_TIMEOUT
from governance.core.complaint_states import CLOSED, COMPLAINT, FOR_STAFF, ComplaintState
from governance.core.complaint_terms import Finding
from governance.models import Complaint, ComplaintStep, Evidence, Pause
from governance.selectors import limits


def _joined() -> QuerySet[Complaint]:
    return Complaint.objects.select_related("order", "listing", "complainant", "respondent", "mediator")


def visible_to(viewer: Actor) -> QuerySet[Complaint]:
    """Return the complaints that `viewer` may see, newest first."""
    complaints = _joined().order_by("-created_at", "-id")
    if policies.is_mediator(viewer):
        mine = Q(complainant_id=viewer.organisation_id) | Q(submitted_at__isnull=False)
        return complaints.filter(mine)
    if viewer.organisation_id is None:
        return complaints.none()
    return complaints.filter(
        Q(complainant_id=viewer.organisation_id) | Q(respondent_id=viewer.organisation_id, accepted_at__isnull=False)
    )


def get(code: UUID, *, viewer: Actor) -> Complaint:
    """Return one complaint with its steps, evidence and pauses.

    Raises:
        Complaint.DoesNotExist: no such complaint, or not the viewer's to see.
    """
    complaint = (
        _joined()
        .prefetch_related(
            Prefetch("steps", ComplaintStep.objects.select_related("user").order_by("at", "id")),
            Prefetch("evidence", Evidence.objects.order_by("added_at", "id")),
            Prefetch("pauses", Pause.objects.order_by("from_at")),
        )
        .get(code=code)
    )
    if not policies.may_see_complaint(viewer, complaint):
        raise Complaint.DoesNotExist
    return complaint


def evidence(code: UUID, *, viewer: Actor) -> Evidence:
    """Return one piece of evidence.

    Raises:
        Evidence.DoesNotExist: no such file, or its complaint is not the viewer's to see.
    """
    found = Evidence.objects.select_related("complaint").get(code=code)
    if not policies.may_see_complaint(viewer, found.complaint):
        raise Evidence.DoesNotExist
    return found


def open_moves(complaint: Complaint, viewer: Actor, *, at: datetime) -> list[str]:
    """Return the moves that `viewer` may make now."""
    parties = policies.complaint_parties(viewer, complaint)
    return [name for name in COMPLAINT.open_moves(complaint.state, parties) if may_move(complaint, name, parties, at)]


def may_move(complaint: Complaint, name: str, parties: Collection[str], at: datetime) -> bool:
    """Tell what the table cannot say: reopening once and in time, agreeing once."""
    if name == "reopen":
        if complaint.reopened_at is not None or complaint.closed_at is None:
            return False
        return at < limits.deadline("complaint.reopen", complaint.closed_at)
    if name == "agree":
        agreed = complaint.complainant_agreed_at if "complainant" in parties else complaint.respondent_agreed_at
        return agreed is None
    return True


def may_add_evidence(complaint: Complaint, viewer: Actor) -> bool:
    """Tell whether `viewer` may put a file before the others."""
    return complaint.state not in CLOSED and bool(policies.complaint_parties(viewer, complaint))


def queue(viewer: Actor) -> QuerySet[Complaint]:
    """Return what waits for the platform, the most urgent first; empty for others than mediators."""
    if not policies.is_mediator(viewer):
        return Complaint.objects.none()
    return _joined().filter(state__in=sorted(FOR_STAFF)).order_by(F("due_at").asc(nulls_last=True), "id")


def due(at: datetime) -> QuerySet[Complaint]:
    """Return the complaints that SYSTEM has to move at `at`: a party's time, or the law's, is over for certain."""
    silent = Q(state__in=sorted(ON_TIMEOUT), due_at__lte=at, is_due_provisional=False)
    stopped = Q(state__in=sorted(ON_HARD_STOP), hard_stop_at__lte=at, is_hard_stop_provisional=False)
    return Complaint.objects.filter(silent | stopped).order_by("id")


def with_unsettled_clock() -> QuerySet[Complaint]:
    """Return running complaints with a deadline that waits for a year's notice: missing, or provisional."""
    no_stop = Q(hard_stop_at__isnull=True, accepted_at__isnull=False, closed_at__isnull=True)
    unsettled = Q(due_at__isnull=True) | no_stop | Q(is_due_provisional=True) | Q(is_hard_stop_provisional=True)
    running = Complaint.objects.exclude(state__in=[ComplaintState.DRAFT, ComplaintState.ARCHIVED])
    return running.filter(unsettled).order_by("id")


@dataclass(frozen=True)
class Figures:
    """Complaint figures of one party, or of the platform; `upheld` counts findings against the respondent."""

    submitted: int
    accepted: int
    resolved: int
    upheld: int
    open: int


def figures(organisation_id: int | None = None) -> Figures:
    """Return the figures of complaints against a party; of all complaints without one."""
    rows = Complaint.objects.exclude(submitted_at=None)
    if organisation_id is not None:
        # What the platform did not accept says nothing about a party.
        rows = rows.filter(respondent_id=organisation_id, accepted_at__isnull=False)
    done = ComplaintStep.objects.filter(complaint=OuterRef("pk"), move__in=["confirm", "lapse"])
    found = ComplaintStep.objects.filter(complaint=OuterRef("pk"), move__in=["conclude", "decide", "end_mediation"])
    counts = rows.annotate(is_done=Exists(done), is_found=Exists(found)).aggregate(
        submitted=Count("id"),
        accepted=Count("id", filter=Q(accepted_at__isnull=False)),
        resolved=Count("id", filter=Q(is_done=True)),
        upheld=Count("id", filter=Q(finding=Finding.AT_FAULT, is_found=True)),
        open=Count("id", filter=~Q(state__in=sorted(CLOSED))),
    )
    return Figures(**counts)

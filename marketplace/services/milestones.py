"""Hand in, accept or send back the parts of a task."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum

from accounts.core.actor import SYSTEM, Actor
from common import uploads
from common.errors import Refused, gettext_noop
from common.uploads import FileKind
from marketplace.core import clocks
from marketplace.core.deal import Line
from marketplace.core.milestone_states import DONE, MILESTONE, MilestoneParty, MilestoneState
from marketplace.core.order_states import OrderParty
from marketplace.core.parts import MilestonePlan
from marketplace.models import Milestone, Order
from marketplace.services import order_notices, order_progress, part_rows
from marketplace.services.order_progress import Earned

UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024


class PlanRefused(Refused):
    """The milestones do not make up the order."""


@transaction.atomic
def submit(
    code: UUID, *, note: str, by: Actor, at: datetime, upload: bytes | None = None, upload_name: str = ""
) -> Milestone:
    """Hand a part in; the consumer has seven days to accept it or to send it back.

    Raises:
        Milestone.DoesNotExist: no such milestone, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the part is not at this point, or `by` is not the provider.
        UploadRefused: the file is not one that is kept.
    """
    milestone = part_rows.locked(Milestone, code, by=by)
    milestone.submitted_at, milestone.submission_note = at, note
    milestone.accept_by = at + clocks.ACCEPTANCE
    if upload is not None:
        file = uploads.clean(upload, accept=tuple(FileKind), limit_bytes=UPLOAD_LIMIT_BYTES)
        milestone.file_name, milestone.file_sha256 = file.called(upload_name), file.sha256
        milestone.file.save(f"{milestone.code}{file.extension}", ContentFile(file.content), save=False)
    order_progress.started(milestone.order, by=by, at=at)
    part_rows.move(milestone, MILESTONE, "submit", by=by, at=at)
    order_notices.handed_in(milestone.order, at=at)
    return milestone


@transaction.atomic
def accept(code: UUID, *, by: Actor, at: datetime) -> Milestone:
    """Accept what was handed in; the last acceptance completes the order.

    Raises:
        Milestone.DoesNotExist: no such milestone, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the part is not at this point, or `by` is not the consumer.
    """
    milestone = part_rows.locked(Milestone, code, by=by)
    milestone.accepted_at, milestone.accept_by = at, None
    part_rows.move(milestone, MILESTONE, "accept", by=by, at=at)
    order = milestone.order
    if not is_open(order):
        order_progress.complete(order, earned(order), parties=frozenset({OrderParty.SYSTEM}), by=SYSTEM, at=at)
    return milestone


@transaction.atomic
def ask_rework(code: UUID, *, reason: str, by: Actor, at: datetime) -> Milestone:
    """Send a part back with what is wrong with it.

    Raises:
        Milestone.DoesNotExist: no such milestone, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the part is not at this point, or `by` is not the consumer.
        PlanRefused: no reason is given.
    """
    if not reason.strip():
        raise PlanRefused(gettext_noop("Say what must be done again."), field="reason")
    milestone = part_rows.locked(Milestone, code, by=by)
    milestone.accept_by = None
    part_rows.move(milestone, MILESTONE, "ask_rework", by=by, at=at, reason=reason)
    order_notices.sent_back(milestone.order, at=at)
    return milestone


# --- what an order asks of its parts -----------------------------------------------------------------


def place(order: Order, line: Line, *, at: datetime) -> None:
    """Cut the order into its milestones; without a plan it is one part due at the end.

    Raises:
        PlanRefused: no end is known, a date has passed, or the amounts do not add up to the total.
    """
    plans = list(line.milestones)
    if not plans:
        if line.end is None:
            raise PlanRefused(gettext_noop("Say by when it must be done."), field="end")
        plans = [MilestonePlan(order.title, line.end, order.total_fen)]
    if sum(plan.amount_fen for plan in plans) != order.total_fen:
        raise PlanRefused(gettext_noop("The amounts of the milestones must add up to the total."), field="milestones")
    if any(plan.due_at <= at for plan in plans):
        raise PlanRefused(gettext_noop("A milestone must be due in the future."), field="milestones")
    Milestone.objects.bulk_create(
        Milestone(order=order, ordinal=ordinal, title=plan.title, due_at=plan.due_at, amount_fen=plan.amount_fen)
        for ordinal, plan in enumerate(sorted(plans, key=lambda plan: plan.due_at), 1)
    )


def confirm(order: Order, *, by: Actor, at: datetime) -> None:
    """Nothing is held before the agreement, so nothing turns into more."""


def drop(order: Order, *, by: Actor, at: datetime) -> None:
    """Cancel every part that is not accepted."""
    for row in order.milestones.exclude(state__in=DONE | {MilestoneState.CANCELLED}):
        row.order, row.accept_by = order, None
        part_rows.move(row, MILESTONE, "cancel", parties={MilestoneParty.SYSTEM}, by=by, at=at)


def earned(order: Order) -> Earned:
    """Return the amounts of the accepted parts; the setup fee is within them."""
    accepted = order.milestones.filter(state__in=DONE).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return Earned(accepted, 0, "accepted")


def is_open(order: Order) -> bool:
    """Tell whether a part is not accepted yet."""
    return order.milestones.exclude(state__in=DONE | {MilestoneState.CANCELLED}).exists()

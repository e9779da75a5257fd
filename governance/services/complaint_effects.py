"""What a step of a complaint changes besides its state: its terms, the order, the ledger, and who is told."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.core.actor import SYSTEM, Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common.db import advisory_lock
from common.errors import gettext_noop
from common.state_machine import TransitionRefused
from credit.core.kinds import EventKind, Source
from credit.services import ledger
from governance.core.complaint_inputs import StepWords
from governance.core.complaint_notices import NOTICES
from governance.core.complaint_states import CLOSED, OPEN, ComplaintParty
from governance.core.complaint_terms import Finding
from governance.models import Complaint
from marketplace.services import order_disputes, orders

if TYPE_CHECKING:
    from marketplace.models import Order


def before(
    complaint: Complaint, name: str, words: StepWords, *, parties: Collection[ComplaintParty], by: Actor, at: datetime
) -> None:
    """Write what the step says into the complaint's terms."""
    if name == "submit":
        complaint.submitted_at = at
    elif name == "acknowledge":
        complaint.mediator_id = by.user_id
    elif name == "accept":
        complaint.accepted_at = complaint.accepted_at or at
    elif name in ("reply", "propose", "decide"):
        complaint.offer, complaint.offer_fen = words.text, words.offer_fen
        complaint.complainant_agreed_at = complaint.respondent_agreed_at = None
    elif name == "agree" and ComplaintParty.COMPLAINANT in parties:
        complaint.complainant_agreed_at = at
    elif name == "agree":
        complaint.respondent_agreed_at = at
    elif name in ("decline", "breach", "end_mediation"):
        # A finding that came with a proposal nobody took falls with it.
        complaint.complainant_agreed_at = complaint.respondent_agreed_at = None
        complaint.finding = ""
    elif name == "reopen":
        complaint.reopened_at = at
    if words.finding:
        complaint.finding = words.finding
    if words.outlet:
        complaint.outlet = words.outlet
    if words.satisfaction:
        complaint.satisfaction = words.satisfaction


def after(complaint: Complaint, name: str, *, by: Actor, at: datetime) -> None:
    """Open, hold or release the order, report facts, tell the other side."""
    if complaint.order is not None and (name in ("submit", "reopen") or complaint.state in CLOSED):
        _let_mediators_read(complaint.order)
    if name == "accept":
        _hold(complaint, at=at)
    elif complaint.state in CLOSED and name != "archive":
        _release(complaint, at=at)
    if name in ("conclude", "decide", "end_mediation") and complaint.finding == Finding.AT_FAULT:
        _report(complaint, EventKind.COMPLAINT_UPHELD, at=at)
    if name in ("confirm", "lapse") and complaint.finding == Finding.AT_FAULT:
        _report(complaint, EventKind.COMPLAINT_RESOLVED, at=at)
    _tell(complaint, name, by=by, at=at)


def _let_mediators_read(order: "Order") -> None:
    # Two complaints about one order: whoever comes second counts what the first has left.
    advisory_lock("governance.dispute", order.pk)
    is_open = Complaint.objects.filter(order=order, state__in=sorted(OPEN)).exists()
    order_disputes.mark(order.code, is_disputed=is_open)


def _hold(complaint: Complaint, *, at: datetime) -> None:
    if complaint.order is not None:
        try:
            orders.hold(complaint.order.code, reason=gettext_noop("A complaint about it is open."), by=SYSTEM, at=at)
        except TransitionRefused:
            return  # it is over, or held by another complaint: there is nothing to stop


def _release(complaint: Complaint, *, at: datetime) -> None:
    order = complaint.order
    if (
        order is None
        or Complaint.objects.filter(order=order, accepted_at__isnull=False, state__in=sorted(OPEN)).exists()
    ):
        return
    try:
        orders.release(order.code, reason=gettext_noop("No complaint about it is open."), by=SYSTEM, at=at)
    except TransitionRefused:
        return  # it was not held


def _report(complaint: Complaint, kind: EventKind, *, at: datetime) -> None:
    ledger.record(
        organisation_id=complaint.respondent_id,
        kind=kind,
        source=Source.COMPLAINT,
        source_code=str(complaint.code),
        occurred_at=at,
        at=at,
    )


def _tell(complaint: Complaint, name: str, *, by: Actor, at: datetime) -> None:
    if name not in NOTICES:
        return
    parties, message = NOTICES[name]
    ids = {ComplaintParty.COMPLAINANT: complaint.complainant_id, ComplaintParty.RESPONDENT: complaint.respondent_id}
    told = [ids[party] for party in parties if party is ComplaintParty.COMPLAINANT or complaint.accepted_at]
    notifications.notify(
        organisation_ids=[organisation_id for organisation_id in told if organisation_id != by.organisation_id],
        kind=NoticeKind.COMPLAINT,
        message=message,
        params={"title": complaint.title},
        link=f"/complaints/{complaint.code}",
        at=at,
    )

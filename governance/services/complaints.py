"""File complaints and take their steps; deadlines are steps by SYSTEM."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from accounts.core.actor import SYSTEM, Actor
from common import audit
from common.errors import Refused, gettext_noop
from governance import policies
from governance.core.complaint_clocks import ON_HARD_STOP, ON_TIMEOUT
from governance.core.complaint_inputs import StepWords, missing, takes
from governance.core.complaint_states import COMPLAINT, ComplaintState
from governance.core.complaint_terms import Category, Remedy
from governance.models import Complaint
from governance.selectors import complaints, limits
from governance.services import complaint_effects, complaint_rows, evidence
from marketplace.selectors import listings, orders

if TYPE_CHECKING:
    from marketplace.models import Order


class ComplaintRefused(Refused):
    """The complaint cannot be filed or moved like this."""


@dataclass(frozen=True)
class ComplaintWords:
    """What the complainant says when filing."""

    category: Category
    title: str
    text: str
    remedy: Remedy
    claim_fen: int | None = None


@transaction.atomic
def file(
    words: ComplaintWords,
    *,
    order_code: UUID | None = None,
    listing_code: UUID | None = None,
    proof: bytes = b"",
    submit: bool = True,
    by: Actor,
    at: datetime,
) -> Complaint:
    """File a complaint about an order, against its other side, or about a listing, against its owner.

    Args:
        proof: a first picture or PDF; when it is refused, nothing is filed.

    Raises:
        Order.DoesNotExist, Listing.DoesNotExist: not there, or not for `by` to see.
        UploadRefused: the proof is not a file that the platform keeps.
        ComplaintRefused: `by` may not speak for their party, or the thing is not to be complained about.
    """
    if not policies.may_speak_for(by, by.organisation_id) or by.organisation_id is None:
        raise ComplaintRefused(
            gettext_noop("Only an owner or manager can complain in the name of a party."),
            fix=gettext_noop("Ask one of them, or switch to your personal party."),
        )
    order_id, listing_id, respondent_id = _subject(order_code, listing_code, by=by, at=at)
    complaint = Complaint.objects.create(
        order_id=order_id,
        listing_id=listing_id,
        complainant_id=by.organisation_id,
        respondent_id=respondent_id,
        category=words.category,
        title=words.title,
        text=words.text,
        remedy=words.remedy,
        claim_fen=words.claim_fen,
        state=ComplaintState.DRAFT,
        since_at=at,
        created_at=at,
    )
    audit.record("file", complaint, by=by, at=at, category=words.category)
    if proof:
        evidence.add(complaint.code, proof, by=by, at=at)
    return move(complaint.code, "submit", by=by, at=at) if submit else complaint


@transaction.atomic
def edit(code: UUID, words: ComplaintWords, *, by: Actor, at: datetime) -> Complaint:
    """Change a draft.

    Raises:
        Complaint.DoesNotExist: no such complaint of the party that `by` speaks for.
        ComplaintRefused: it is submitted already.
    """
    complaint = Complaint.objects.select_for_update().get(code=code)
    if not policies.may_speak_for(by, complaint.complainant_id):
        raise Complaint.DoesNotExist
    if complaint.state != ComplaintState.DRAFT:
        raise ComplaintRefused(gettext_noop("A submitted complaint is not changed; add to it instead."))
    complaint.category, complaint.title, complaint.text = words.category, words.title, words.text
    complaint.remedy, complaint.claim_fen = words.remedy, words.claim_fen
    complaint.save()
    audit.record("edit", complaint, by=by, at=at)
    return complaint


@transaction.atomic
def move(code: UUID, name: str, *, words: StepWords | None = None, by: Actor, at: datetime) -> Complaint:
    """Take step `name` of a complaint.

    Raises:
        Complaint.DoesNotExist: no such complaint, or not for `by` to see.
        TransitionRefused: the step does not start here, or it is another party's.
        ComplaintRefused: it lacks words that it needs, carries some it does not take, or its time is over.
    """
    words = words or StepWords()
    complaint = Complaint.objects.select_for_update().get(code=code)
    if not policies.may_see_complaint(by, complaint):
        raise Complaint.DoesNotExist
    parties = policies.complaint_parties(by, complaint)
    COMPLAINT.target(complaint.state, name, parties)
    _check_words(name, words)
    if not complaints.may_move(complaint, name, parties, at):
        raise ComplaintRefused(
            gettext_noop("This step is done already, or the time for it is over."),
            fix=gettext_noop("Reload the page to see where it stands."),
        )
    complaint_effects.before(complaint, name, words, parties=parties, by=by, at=at)
    complaint_rows.move(complaint, name, parties=parties, words=words, by=by, at=at)
    complaint_effects.after(complaint, name, by=by, at=at)
    if name == "agree" and complaint.complainant_agreed_at and complaint.respondent_agreed_at:
        return move(code, "conclude", by=SYSTEM, at=at)
    return complaint


def sweep_deadlines(*, at: datetime) -> int:
    """Move on, as SYSTEM, every complaint whose time is over; return how many."""
    moved = 0
    for code in list(complaints.due(at).values_list("code", flat=True)):
        with transaction.atomic():
            # Another process may have moved it since: the lock decides.
            complaint = complaints.due(at).select_for_update(of=("self",)).filter(code=code).first()
            if complaint is None:
                continue
            state = ComplaintState(complaint.state)
            stop_at = None if complaint.is_hard_stop_provisional else complaint.hard_stop_at
            is_stopped = stop_at is not None and stop_at <= at and state in ON_HARD_STOP
            name = ON_HARD_STOP[state] if is_stopped else ON_TIMEOUT[state]
            words = StepWords(text="—") if name == "end_mediation" else StepWords()
            move(code, name, words=words, by=SYSTEM, at=at)
            moved += 1
    return moved


_CLOCKS = ("due_at", "hard_stop_at", "is_due_provisional", "is_hard_stop_provisional")


def settle_clocks(*, at: datetime) -> int:
    """Set anew the deadlines that waited for a year's notice; return how many complaints have others than before."""
    changed = 0
    for code in list(complaints.with_unsettled_clock().values_list("code", flat=True)):
        with transaction.atomic():
            complaint = Complaint.objects.select_for_update().get(code=code)
            before = [getattr(complaint, name) for name in _CLOCKS]
            complaint_rows.set_clocks(complaint)
            if before != [getattr(complaint, name) for name in _CLOCKS]:
                complaint.save(update_fields=_CLOCKS)
                changed += 1
    return changed


def _subject(
    order_code: UUID | None, listing_code: UUID | None, *, by: Actor, at: datetime
) -> tuple[int | None, int | None, int]:
    """Return the ids of order, listing and respondent."""
    if order_code is not None and listing_code is None:
        order = orders.get(order_code, viewer=by)
        return order.pk, None, _other_side(order, by=by, at=at)
    if listing_code is not None and order_code is None:
        listing = listings.get(listing_code, viewer=by)
        if listing.owner_id == by.organisation_id:
            raise ComplaintRefused(gettext_noop("This listing is your own."))
        return None, listing.pk, listing.owner_id
    raise ComplaintRefused(gettext_noop("A complaint is about one order or one listing."))


def _other_side(order: "Order", *, by: Actor, at: datetime) -> int:
    others = [side for side in order.party_ids() if side != by.organisation_id]
    if by.organisation_id not in order.party_ids() or not others or order.agreed_at is None:
        raise ComplaintRefused(
            gettext_noop("Only the two sides of an agreed order can complain about it."),
            fix=gettext_noop("In a bundle, complain about the leg concerned."),
        )
    if at >= limits.deadline("complaint.too_old", order.completed_at or order.agreed_at):
        raise ComplaintRefused(
            gettext_noop("This order lies too long back to be complained about here."),
            fix=gettext_noop("Arbitration and courts remain open."),
        )
    return others[0]


def _check_words(name: str, words: StepWords) -> None:
    for field in missing(name, words):
        raise ComplaintRefused(gettext_noop("This step needs words, a finding or a place to go."), field=field)
    given = {field for field in ("text", "offer_fen", "finding", "outlet", "satisfaction") if getattr(words, field)}
    for field in sorted(given - takes(name)):
        raise ComplaintRefused(gettext_noop("This step does not take that."), field=field)

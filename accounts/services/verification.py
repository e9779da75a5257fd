"""Proofs of identity: handed in, checked by the machine, decided by people, expired by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import policies
from accounts.core import levels, resident_id
from accounts.core.actor import SYSTEM, Actor, Role
from accounts.core.levels import CaseKind
from accounts.core.mending import Mend
from accounts.core.parties import NoticeKind
from accounts.core.verification_states import VERIFICATION, VerificationState
from accounts.models import Organisation, VerificationCase, VerificationStep
from accounts.services import documents, examination, notifications, numbers, tiers
from common import audit, events, uploads
from common.db import violated_constraint
from common.errors import Refused, gettext_noop

WARNED_BEFORE = timedelta(days=14)


class SubmissionRefused(Refused):
    """The documents cannot be taken as they are."""


class DecisionRefused(Refused):
    """The decision lacks what it needs."""


@dataclass(frozen=True)
class Claim:
    """What somebody says their documents prove.

    For an organisation, name and number are the party's own; the number of a person is never stored in full.
    """

    kind: CaseKind
    name: str = ""
    number: str = ""
    licence: str = ""
    representative: str = ""
    document_until: date | None = None


@transaction.atomic
def submit(organisation_id: int, claim: Claim, files: Sequence[bytes], *, by: Actor, at: datetime) -> VerificationCase:
    """Hand in documents; the automatic checks are queued with it.

    Args:
        files: one to six pictures or PDF files, as uploaded.

    Raises:
        SubmissionRefused: not the party's owner or manager, one is open already, or something is missing.
        UploadRefused: one of the files is not what may be handed in. Nothing is stored then.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    _refuse_strangers(organisation, by)
    name, number = _name_and_number(organisation, claim)
    pages = _cleaned(files)
    try:
        with transaction.atomic():
            case = VerificationCase.objects.create(
                organisation=organisation,
                kind=claim.kind,
                licence=claim.licence if claim.kind is CaseKind.LICENCE else "",
                name=name,
                number=resident_id.masked(number) if claim.kind is CaseKind.PERSON else number,
                number_digest=numbers.digest(number),
                representative=claim.representative.strip(),
                document_until=claim.document_until,
                submitted_by_id=by.own_user_id,
                submitted_at=at,
            )
    except IntegrityError as error:
        if violated_constraint(error) != "verification_open_once":
            raise
        raise SubmissionRefused(
            gettext_noop("One of this kind is being looked at already."),
            fix=gettext_noop("Wait for its result, or withdraw it."),
            link=Mend.VERIFICATION,
        ) from error
    for page in pages:
        documents.keep(case, page, at=at)
    examination.check_number(case, number, at=at)
    VerificationStep.objects.create(case=case, move="submit", target=case.state, user_id=by.user_id, at=at)
    audit.record("submit", case, by=by, at=at, kind=case.kind)
    events.publish("verification.submitted", audience=[organisation.pk], case=case.code)
    return case


def _refuse_strangers(organisation: Organisation, by: Actor) -> None:
    if not policies.may_edit(by, organisation):
        raise SubmissionRefused(
            gettext_noop("Only owners and managers of the organisation may do this."),
            fix=gettext_noop("Choose the organisation you act for at the top of the page, or ask an owner."),
            link=Mend.PARTIES,
        )


def _name_and_number(organisation: Organisation, claim: Claim) -> tuple[str, str]:
    if claim.kind in {CaseKind.PERSON, CaseKind.ORGANISATION} and claim.kind != levels.identity_kind(organisation.kind):
        raise SubmissionRefused(
            gettext_noop("A person shows an identity document, an organisation its licence of business."), field="kind"
        )
    if claim.kind is CaseKind.ORGANISATION:
        return organisation.name, organisation.credit_code or ""
    number = resident_id.normalise(claim.number) if claim.kind is CaseKind.PERSON else claim.number.strip()
    for field, value in (("name", claim.name.strip()), ("number", number)):
        if not value:
            raise SubmissionRefused(gettext_noop("Write what stands on the document."), field=field)
    if claim.kind is CaseKind.LICENCE and not claim.licence:
        raise SubmissionRefused(gettext_noop("Say which licence this is."), field="licence")
    return claim.name.strip(), number


def _cleaned(files: Sequence[bytes]) -> list[uploads.CleanFile]:
    if not 1 <= len(files) <= 6:
        raise SubmissionRefused(gettext_noop("Hand in one to six files."), field="files")
    return [uploads.clean(content, limit_bytes=settings.UPLOAD_LIMIT_BYTES) for content in files]


@transaction.atomic
def resubmit(code: UUID | str, files: Sequence[bytes], *, by: Actor, at: datetime) -> VerificationCase:
    """Add pages that a reviewer asked for; the machine looks at all of them again.

    Raises:
        VerificationCase.DoesNotExist: no such case of the party `by` acts for.
        TransitionRefused: nothing was asked for, or not from `by`.
        UploadRefused, SubmissionRefused: the files cannot be taken.
    """
    pages = _cleaned(files)
    case = _locked(code, by)
    _move(case, "resubmit", by=by, at=at)
    for page in pages:
        documents.keep(case, page, at=at)
    events.publish("verification.submitted", audience=[case.organisation_id], case=case.code)
    return case


def run_checks(code: UUID | str, *, at: datetime) -> VerificationCase:
    """Look at a case by machine, then pass it or queue it for a person; refusing is not the machine's to do.

    Reading takes seconds, so it happens before the case is locked; a case that moved on meanwhile is left alone.
    """
    case = VerificationCase.objects.select_related("organisation").get(code=code)
    if case.state != VerificationState.CHECKING:
        return case
    results = examination.examine(case, at=at)
    with transaction.atomic():
        case = VerificationCase.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=case.pk)
        if case.state != VerificationState.CHECKING:
            return case
        found = examination.record(case, results, at=at)
        if examination.may_pass(case, found):
            _approve(case, "pass", reason="", until=None, by=SYSTEM, at=at)
        else:
            _move(case, "queue", by=SYSTEM, at=at)
            events.publish("verification.queued", audience=[case.organisation_id], case=case.code)
    return case


@transaction.atomic
def approve(
    code: UUID | str, *, reason: str = "", document_until: date | None = None, by: Actor, at: datetime
) -> VerificationCase:
    """Say that the documents prove the claim.

    Args:
        document_until: the day to which the document itself holds, if it names one and the claim did not.

    Raises:
        VerificationCase.DoesNotExist: no such case, or not a reviewer.
        TransitionRefused: decided already, or the reviewer's own.
        DecisionRefused: the document has run out, or another party has proved the same code.
    """
    case = _locked(code, by)
    _approve(case, "approve", reason=reason, until=document_until, by=by, at=at)
    return case


def _approve(case: VerificationCase, move: str, *, reason: str, until: date | None, by: Actor, at: datetime) -> None:
    today = timezone.localdate(at)
    if until is not None:
        case.document_until = until
    if case.document_until is not None and case.document_until < today:
        raise DecisionRefused(
            gettext_noop("The document has run out; it proves nothing today."), field="document_until"
        )
    case.valid_until = levels.valid_until(today, case.document_until)
    _move(case, move, reason=reason, by=by, at=at)
    for earlier in (
        VerificationCase.objects.select_for_update()
        .filter(
            organisation_id=case.organisation_id, kind=case.kind, licence=case.licence, state=VerificationState.APPROVED
        )
        .exclude(pk=case.pk)
    ):
        _move(earlier, "expire", reason="", by=SYSTEM, at=at)
    try:
        with transaction.atomic():
            tiers.refresh(case.organisation, at=at)
    except IntegrityError as error:
        if violated_constraint(error) != "organisation_credit_code_proved_once":
            raise
        raise DecisionRefused(
            gettext_noop("Another verified organisation holds this credit code."),
            fix=gettext_noop("Look at both; one of them has to be revoked first."),
        ) from error
    _tell(case, gettext_noop("Your verification was approved: %(name)s."), at=at)
    events.publish("verification.approved", audience=[case.organisation_id], case=case.code)


@transaction.atomic
def decide(code: UUID | str, move: str, *, reason: str, by: Actor, at: datetime) -> VerificationCase:
    """Refuse a case, ask for more, confirm a machine's pass, or revoke an approval.

    Args:
        move: "refuse", "ask", "confirm" or "revoke".
        reason: told to the applicant; only "confirm" does without.

    Raises:
        VerificationCase.DoesNotExist: no such case, or not a reviewer.
        TransitionRefused: the move does not start here, or the case is the reviewer's own.
        DecisionRefused: no reason is given.
    """
    if move not in _TOLD:
        raise DecisionRefused(gettext_noop("There is no such decision."), field="move")
    if move != "confirm" and not reason.strip():
        raise DecisionRefused(gettext_noop("Say why; the applicant reads it."), field="reason")
    case = _locked(code, by)
    if move == "confirm" and not (case.is_sampled and case.decided_by_id is None):
        raise DecisionRefused(gettext_noop("Nothing was drawn for a second look here."))
    _move(case, move, reason=reason.strip(), by=by, at=at)
    if move == "revoke":
        tiers.refresh(case.organisation, at=at)
        events.publish("verification.revoked", audience=[case.organisation_id], case=case.code)
    if message := _TOLD[move]:
        _tell(case, message, at=at)
    return case


_TOLD = {
    "refuse": gettext_noop("Your verification was refused: %(reason)s"),
    "ask": gettext_noop("A reviewer asks for more on your verification: %(reason)s"),
    "revoke": gettext_noop("Your verification was revoked: %(reason)s"),
    "confirm": "",
}


@transaction.atomic
def withdraw(code: UUID | str, *, by: Actor, at: datetime) -> VerificationCase:
    """Take back what one handed in.

    Raises:
        VerificationCase.DoesNotExist: no such case of the party `by` acts for.
        TransitionRefused: decided already.
    """
    case = _locked(code, by)
    _move(case, "withdraw", by=by, at=at)
    return case


def expire_due(*, at: datetime) -> int:
    """Let approvals end whose last day is past, and warn once two weeks before; return how many ended."""
    today = timezone.localdate(at)
    due = VerificationCase.objects.filter(state=VerificationState.APPROVED, valid_until__lt=today)
    codes = list(due.order_by("valid_until", "id").values_list("code", flat=True))
    for code in codes:
        _expire(code, today, at=at)
    soon = VerificationCase.objects.filter(
        state=VerificationState.APPROVED, valid_until=today + WARNED_BEFORE
    ).select_related("organisation")
    for case in soon:
        if not case.steps.filter(move="warn").exists():
            with transaction.atomic():
                VerificationStep.objects.create(case=case, move="warn", source=case.state, target=case.state, at=at)
                _tell(case, gettext_noop("Your verification ends on %(until)s; hand in anew to stay verified."), at=at)
    return len(codes)


@transaction.atomic
def _expire(code: UUID, today: date, *, at: datetime) -> None:
    case = VerificationCase.objects.select_for_update(of=("self",)).select_related("organisation").get(code=code)
    if case.state != VerificationState.APPROVED or case.valid_until is None or case.valid_until >= today:
        return
    _move(case, "expire", by=SYSTEM, at=at)
    tiers.refresh(case.organisation, at=at)
    _tell(case, gettext_noop("Your verification has ended: %(name)s. Hand in anew to publish again."), at=at)
    events.publish("verification.expired", audience=[case.organisation_id], case=case.code)


def _locked(code: UUID | str, by: Actor) -> VerificationCase:
    """Lock and return a case that `by` has a part in."""
    cases = VerificationCase.objects.select_for_update(of=("self",)).select_related("organisation")
    if not policies.may_review(by):
        cases = cases.filter(organisation_id=by.own_organisation_id)
    return cases.get(code=code)


def _move(case: VerificationCase, name: str, *, reason: str = "", by: Actor, at: datetime) -> None:
    source = case.state
    case.state = VERIFICATION.target(source, name, policies.parties_in(by, case))
    case.reason = reason or case.reason
    if by.has(Role.REVIEWER) and name not in {"withdraw", "resubmit"}:
        case.decided_by_id = by.user_id
    if case.state not in {VerificationState.CHECKING, VerificationState.IN_REVIEW}:
        case.decided_at = at
    case.save()
    VerificationStep.objects.create(
        case=case, move=name, source=source, target=case.state, user_id=by.user_id, reason=reason, at=at
    )
    audit.record(name, case, by=by, at=at)


def _tell(case: VerificationCase, message: str, *, at: datetime) -> None:
    notifications.notify(
        organisation_ids=[case.organisation_id],
        kind=NoticeKind.VERIFICATION,
        message=message,
        params={
            "name": case.organisation.name,
            "reason": case.reason,
            "until": case.valid_until.isoformat() if case.valid_until else "",
        },
        link=f"/me/verification/{case.code}",
        at=at,
    )

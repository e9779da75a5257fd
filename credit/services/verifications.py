"""Takes what identity verification has decided into the ledger."""

from datetime import datetime, time, timedelta
from uuid import UUID

from accounts.core.levels import CaseKind
from accounts.core.verification_states import VerificationState
from accounts.selectors import verification
from common.working_days import CHINA
from credit.core.kinds import EventKind, Source
from credit.services import ledger

_LOST = (VerificationState.EXPIRED, VerificationState.REVOKED)


def record(code: UUID | str, *, at: datetime) -> None:
    """Record that a case was approved, with the day on which that ends, or that it ended or was revoked.

    Raises:
        VerificationCase.DoesNotExist: no such case.
    """
    case = verification.outcome(code)
    if case.state == VerificationState.APPROVED and case.valid_until is not None:
        kind = EventKind.CERTIFICATE if case.kind == CaseKind.CERTIFICATE else EventKind.VERIFICATION_PASSED
        until = datetime.combine(case.valid_until + timedelta(days=1), time.min, CHINA)
        _record(case.organisation_id, kind, code, at=at, until=until if until > at else None)
    elif case.state in _LOST:
        _record(case.organisation_id, EventKind.VERIFICATION_EXPIRED, code, at=at, until=None)


def _record(organisation_id: int, kind: EventKind, code: UUID | str, *, at: datetime, until: datetime | None) -> None:
    ledger.record(
        organisation_id=organisation_id,
        kind=kind,
        source=Source.VERIFICATION,
        source_code=str(code),
        occurred_at=at,
        at=at,
        effect_until=until,
    )

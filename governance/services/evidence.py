"""Takes files that a party puts before the others."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.core.actor import Actor
from common import audit, events, uploads
from common.errors import Refused, gettext_noop
from governance import policies
from governance.core.complaint_states import CLOSED, ComplaintParty
from governance.models import Complaint, Evidence

MOST_FILES = 20
LARGEST_BYTES = 10 * 1024 * 1024


class EvidenceRefused(Refused):
    """The file is not taken here."""


@transaction.atomic
def add(code: UUID, content: bytes, *, caption: str = "", by: Actor, at: datetime) -> Evidence:
    """Add one picture or PDF to an open complaint or a draft.

    Raises:
        Complaint.DoesNotExist: no such complaint, or not for `by` to see.
        EvidenceRefused: `by` is no party, it is closed, full, or has this very file already.
        UploadRefused: the file is not one that the platform keeps.
    """
    complaint = Complaint.objects.select_for_update().get(code=code)
    if not policies.may_see_complaint(by, complaint):
        raise Complaint.DoesNotExist
    parties = policies.complaint_parties(by, complaint)
    if not parties or by.user_id is None:
        raise EvidenceRefused(gettext_noop("Only the parties and the mediator add files."))
    if complaint.state in CLOSED:
        raise EvidenceRefused(gettext_noop("This complaint is closed; nothing can be added."))
    if complaint.evidence.count() >= MOST_FILES:
        raise EvidenceRefused(gettext_noop("A complaint takes %(most)s files."), params={"most": MOST_FILES})
    clean = uploads.clean(content, limit_bytes=LARGEST_BYTES)
    if complaint.evidence.filter(sha256=clean.sha256).exists():
        raise EvidenceRefused(gettext_noop("This very file is here already."), field="file")
    row = Evidence(
        complaint=complaint,
        party=next(party for party in ComplaintParty if party in parties),
        media_type=clean.media_type,
        size=len(clean.content),
        sha256=clean.sha256,
        caption=caption,
        added_by_id=by.user_id,
        added_at=at,
    )
    row.file.save(f"{row.code}{clean.extension}", ContentFile(clean.content), save=True)
    audit.record("add_evidence", complaint, by=by, at=at, sha256=clean.sha256)
    audience = [complaint.complainant_id] + ([complaint.respondent_id] if complaint.accepted_at else [])
    events.publish("complaint.evidence", audience=audience, complaint=complaint.code)
    return row

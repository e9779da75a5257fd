"""Pages of a verification: cleaned, stored outside every web folder, measured."""

import io
from datetime import datetime

import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from accounts.core import pictures
from accounts.models import VerificationCase, VerificationDocument
from accounts.services import reading
from common import uploads

# A picture's long side while it is measured, so that sharpness means the same for every camera.
_MEASURED_PX = 1600


def store(case: VerificationCase, content: bytes, *, at: datetime) -> VerificationDocument:
    """Clean and store one page of `case`; the file goes when the transaction fails.

    Raises:
        UploadRefused: the content is not a picture or a PDF that may be handed in.
    """
    return keep(case, uploads.clean(content, limit_bytes=settings.UPLOAD_LIMIT_BYTES), at=at)


def keep(case: VerificationCase, file: uploads.CleanFile, *, at: datetime) -> VerificationDocument:
    """Store one cleaned page of `case`."""
    document = VerificationDocument(
        case=case,
        media_type=file.media_type,
        size_bytes=len(file.content),
        sha256=file.sha256,
        width=file.width,
        height=file.height,
        picture_hash=_picture_hash(file),
        uploaded_at=at,
    )
    document.path = default_storage.save(
        f"verification/{case.code}/{document.code}{file.extension}", ContentFile(file.content)
    )
    document.save()
    return document


def content_of(document: VerificationDocument) -> bytes:
    with default_storage.open(document.path) as stored:
        return bytes(stored.read())


def quality_of(content: bytes) -> pictures.Quality:
    with Image.open(io.BytesIO(content)) as picture:
        short_side = min(picture.size)
        grey = picture.convert("L")
        grey.thumbnail((_MEASURED_PX, _MEASURED_PX))
        measured = pictures.quality(np.asarray(grey))
    return pictures.Quality(short_side, measured.sharpness, measured.contrast)


def text_of(document: VerificationDocument, content: bytes) -> str:
    """Return what the page says, as far as a machine can read it.

    Raises:
        ReaderMissingError: it is a picture and nothing here can read pictures.
    """
    if document.media_type == "application/pdf":
        return uploads.text_of_pdf(content)
    return reading.text_of_picture(content)


def others_with_same_picture(case: VerificationCase) -> int:
    """Count the other parties that handed in a page equal or very like one of this case."""
    hashes = list(case.documents.values_list("sha256", flat=True))
    others = VerificationDocument.objects.exclude(case__organisation_id=case.organisation_id)
    found = set(others.filter(sha256__in=hashes).values_list("case__organisation_id", flat=True))
    return len(found | _with_near_picture(case))


def _with_near_picture(case: VerificationCase) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.organisation_id
            FROM accounts_verificationdocument mine
            JOIN accounts_verificationdocument d ON d.picture_bands && mine.picture_bands
            JOIN accounts_verificationcase c ON c.id = d.case_id
            WHERE mine.case_id = %s AND mine.picture_hash IS NOT NULL AND d.picture_hash IS NOT NULL
              AND c.organisation_id <> %s
              AND bit_count((d.picture_hash # mine.picture_hash)::bit(64)) <= %s
            """,
            [case.pk, case.organisation_id, pictures.SAME_PICTURE_BITS],
        )
        return {row[0] for row in cursor.fetchall()}


def _picture_hash(file: uploads.CleanFile) -> int | None:
    if file.kind is not uploads.FileKind.PICTURE:
        return None
    with Image.open(io.BytesIO(file.content)) as picture:
        return pictures.difference_hash(np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BOX)))

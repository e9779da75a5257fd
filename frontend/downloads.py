"""Files handed out to be kept: never shown inside the browser, whatever they are."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


def download(file: FieldFile, name: str) -> FileResponse:
    """Return `file` as an attachment of unknown type, so that no browser opens it as a page of ours."""
    media_type = "application/octet-stream"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=media_type, headers=_HEADERS)

"""Stored files: sent as they are, whatever the caller would rather have."""

from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.v1.resource import Resource

# What `common.uploads` makes of pictures and PDF files; work that is handed over may be of any kind.
PICTURES: dict[Any, Any] = {(200, kind): OpenApiTypes.BINARY for kind in ("image/jpeg", "image/png")}
SHOWN: dict[Any, Any] = {**PICTURES, (200, "application/pdf"): OpenApiTypes.BINARY}
WORK: dict[Any, Any] = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class AsItIs(BaseContentNegotiation):
    """Lets `Accept` choose nothing: there is one form of a file, and problems are JSON."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser:  # type: ignore[override]
        return parsers[0]

    def select_renderer(  # type: ignore[override]  # the library leaves the types open
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type or ""


class StoredFile(Resource):
    """The address of one file."""

    content_negotiation_class = AsItIs

    def sent(self, file: FieldFile, *, name: str = "", kind: str = "application/octet-stream") -> FileResponse:
        return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=kind)

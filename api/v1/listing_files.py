"""Photos and documents of a listing: shown to whoever may see it, changed by its owner."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.files import PICTURES, SHOWN, StoredFile
from api.v1.pagination import paged
from api.v1.permissions import AnyoneReads
from api.v1.resource import Resource
from api.v1.schema import operation
from common.uploads import MOST_BYTES
from marketplace.selectors import listings as reads
from marketplace.services import attachments


class PhotoOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    caption = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField()
    added_at = serializers.DateTimeField()


class DocumentOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    title = serializers.CharField()
    media_type = serializers.CharField(source="content_type")
    size_bytes = serializers.IntegerField(source="size")
    sha256 = serializers.CharField()
    is_public = serializers.BooleanField(help_text="Else only the provider and the staff read it.")
    added_at = serializers.DateTimeField()


class PhotoIn(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="JPEG, PNG or WebP, judged by content; positions are taken out.")
    caption = serializers.CharField(max_length=120, allow_blank=True, default="")


class DocumentIn(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="JPEG, PNG, WebP or PDF, judged by content.")
    title = serializers.CharField(max_length=120)
    is_public = serializers.BooleanField(default=True)


class Photos(Resource):
    permission_classes = [AnyoneReads]
    parser_classes = [MultiPartParser]

    @operation("List the photos of a listing in their order", ok=PhotoOut, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, reads.get(code, viewer=self.actor).photos.order_by("ordinal"), PhotoOut)

    @operation(
        "Add a photo behind the others",
        reads={"multipart/form-data": PhotoIn},
        ok=PhotoOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        wish = self.read(PhotoIn)
        content = wish["file"].read(MOST_BYTES + 1)
        made = attachments.add_photo(code, content, caption=wish["caption"], by=self.actor, at=self.at)
        return Response(PhotoOut(made).data, status=201)


class Photo(StoredFile):
    permission_classes = [AnyoneReads]

    @operation("Fetch a photo", ok=PICTURES, problems=(404,))
    def get(self, request: Request, code: UUID, photo: UUID) -> FileResponse:
        found = reads.photo(photo, viewer=self.actor)
        return self.sent(found.file, kind="image/png" if found.file.name.endswith(".png") else "image/jpeg")

    @operation("Remove a photo", ok=None, status=204, problems=(404, 409))
    def delete(self, request: Request, code: UUID, photo: UUID) -> Response:
        attachments.remove_photo(code, photo, by=self.actor, at=self.at)
        return Response(status=204)


class Documents(Resource):
    parser_classes = [MultiPartParser]
    permission_classes = [AnyoneReads]

    @operation("List the documents of a listing that one may read, the oldest first", ok=DocumentOut, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        listing = reads.get(code, viewer=self.actor)
        return paged(request, reads.documents(listing, viewer=self.actor), DocumentOut)

    @operation(
        "Add a data sheet or certificate",
        reads={"multipart/form-data": DocumentIn},
        ok=DocumentOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        wish = self.read(DocumentIn)
        content = wish.pop("file").read(MOST_BYTES + 1)
        made = attachments.add_document(code, content, **wish, by=self.actor, at=self.at)
        return Response(DocumentOut(made).data, status=201)


class Document(StoredFile):
    permission_classes = [AnyoneReads]

    @operation("Fetch a document", ok=SHOWN, problems=(404,))
    def get(self, request: Request, code: UUID, document: UUID) -> FileResponse:
        found = reads.document(document, viewer=self.actor)
        return self.sent(found.file, name=found.title, kind=found.content_type)

    @operation("Remove a document", ok=None, status=204, problems=(404, 409))
    def delete(self, request: Request, code: UUID, document: UUID) -> Response:
        attachments.remove_document(code, document, by=self.actor, at=self.at)
        return Response(status=204)


urlpatterns = [
    path("listings/<uuid:code>/photos", Photos.as_view()),
    path("listings/<uuid:code>/photos/<uuid:photo>", Photo.as_view()),
    path("listings/<uuid:code>/documents", Documents.as_view()),
    path("listings/<uuid:code>/documents/<uuid:document>", Document.as_view()),
]

"""Messages within an order or a quote."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import PartyOut
from api.v1.files import WORK, StoredFile
from api.v1.notifications import ReadOut
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation
from common.parsers import JSONBodyParser
from marketplace.selectors import messages as message_reads
from marketplace.services import messages
from marketplace.services.messages import Upload


class AttachmentOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class MessageOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    by = PartyOut(source="by_organisation")
    at = serializers.DateTimeField()
    text = serializers.CharField()
    hidden_count = serializers.IntegerField(help_text="Contact data left out, which opens with the agreement.")
    read_at = serializers.DateTimeField(allow_null=True)
    attachments = AttachmentOut(many=True)


class MessageIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)


class MessageFormIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000, allow_blank=True, default="")
    files = serializers.ListField(
        child=serializers.FileField(), default=list, max_length=5, help_text="JPEG, PNG, WebP or PDF, up to 20 MB each."
    )


WORDS = {"application/json": MessageIn, "multipart/form-data": MessageFormIn}


def _uploads(files: Sequence[Any]) -> list[Upload]:
    return [Upload(file.name, file.read()) for file in files]


class OrderMessages(Resource):
    parser_classes = [JSONBodyParser, MultiPartParser]

    @operation("List the messages of an order, oldest first", ok=MessageOut, problems=(404,), paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, message_reads.in_order(code, viewer=self.actor), MessageOut)

    @operation("Write to the other side", reads=WORDS, ok=MessageOut, status=201, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        read = self.read(MessageIn, form=MessageFormIn)
        files = _uploads(read.get("files", []))
        made = messages.send_in_order(code, text=read["text"], files=files, by=self.actor, at=self.at)
        return Response(MessageOut(made).data, status=201)


class QuoteMessages(Resource):
    parser_classes = [JSONBodyParser, MultiPartParser]

    @operation("List the messages of a quote, oldest first", ok=MessageOut, problems=(404,), paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, message_reads.in_quote(code, viewer=self.actor, at=self.at), MessageOut)

    @operation("Write to the other side", reads=WORDS, ok=MessageOut, status=201, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        read = self.read(MessageIn, form=MessageFormIn)
        files = _uploads(read.get("files", []))
        made = messages.send_in_quote(code, text=read["text"], files=files, by=self.actor, at=self.at)
        return Response(MessageOut(made).data, status=201)


class OrderMessagesRead(Resource):
    @operation("Note that one's side has read them", ok=ReadOut, problems=(404,))
    def post(self, request: Request, code: UUID) -> Response:
        return Response({"read": messages.mark_read(order_code=code, by=self.actor, at=self.at)})


class QuoteMessagesRead(Resource):
    @operation("Note that one's side has read them", ok=ReadOut, problems=(404,))
    def post(self, request: Request, code: UUID) -> Response:
        return Response({"read": messages.mark_read(quote_code=code, by=self.actor, at=self.at)})


class Attachment(StoredFile):
    @operation("Fetch a file of a message", ok=WORK, problems=(404,))
    def get(self, request: Request, code: UUID) -> FileResponse:
        found = message_reads.attachment(code, viewer=self.actor, at=self.at)
        return self.sent(found.file, name=found.name)


urlpatterns = [
    path("orders/<uuid:code>/messages", OrderMessages.as_view()),
    path("orders/<uuid:code>/messages/read", OrderMessagesRead.as_view()),
    path("quotes/<uuid:code>/messages", QuoteMessages.as_view()),
    path("quotes/<uuid:code>/messages/read", QuoteMessagesRead.as_view()),
    path("messages/files/<uuid:code>", Attachment.as_view()),
]

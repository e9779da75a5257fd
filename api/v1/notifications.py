"""What the caller has been told, and what reaches their mailbox."""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.core.parties import NoticeKind
from accounts.selectors import notifications as selectors
from accounts.services import notifications
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation

KINDS = [kind.value for kind in NoticeKind]


class NotificationOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    sentence = serializers.SerializerMethodField()
    link = serializers.CharField(help_text="Path of the page to look at; may be empty.")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    def get_sentence(self, notification: Any) -> str:
        return str(gettext(notification.message) % notification.params)


class NotificationQuery(serializers.Serializer[Any]):
    unread = serializers.BooleanField(default=False, help_text="Only what has not been read.")


class ReadOut(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="How many became read.")


class MailChoice(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS)
    mail = serializers.BooleanField()


class MailChoices(serializers.Serializer[Any]):
    choices = MailChoice(many=True)


class Notifications(Resource):
    @operation("List one's notifications, newest first", query=NotificationQuery, ok=NotificationOut, paged=True)
    def get(self, request: Request) -> Response:
        wish = self.query(NotificationQuery)
        return paged(request, selectors.of(self.actor, unread_only=wish["unread"]), NotificationOut)


class Reading(Resource):
    @operation("Mark a notification as read", ok=NotificationOut, problems=(404,))
    def post(self, request: Request, code: UUID) -> Response:
        return Response(NotificationOut(notifications.mark_read(code, by=self.actor, at=self.at)).data)


class AllReading(Resource):
    @operation("Mark all as read", ok=ReadOut)
    def post(self, request: Request) -> Response:
        return Response({"read": notifications.mark_all_read(by=self.actor, at=self.at)})


class Settings(Resource):
    @operation("Show which kinds reach one's mailbox", ok=MailChoices)
    def get(self, request: Request) -> Response:
        return Response(self._shown())

    @operation("Choose which kinds reach one's mailbox", reads=MailChoices, ok=MailChoices)
    def put(self, request: Request) -> Response:
        wish = self.read(MailChoices)["choices"]
        notifications.choose({NoticeKind(choice["kind"]): choice["mail"] for choice in wish}, by=self.actor)
        return Response(self._shown())

    def _shown(self) -> dict[str, Any]:
        choices = selectors.mail_choices(self.actor)
        return {"choices": [{"kind": kind.value, "mail": mail} for kind, mail in choices.items()]}


urlpatterns = [
    path("notifications", Notifications.as_view()),
    path("notifications/<uuid:code>/read", Reading.as_view()),
    path("notifications/read", AllReading.as_view()),
    path("notifications/settings", Settings.as_view()),
]

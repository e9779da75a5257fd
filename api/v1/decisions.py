"""What a person decides about credit: objections to facts, and alerts about rings of raters."""

from typing import Any
from uuid import UUID

from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import PartyOut
from api.v1.fields import one_of
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation
from api.v1.standing import ObjectionOut
from credit.core.kinds import EventKind
from credit.selectors import ledger, rings
from credit.services import ledger as ledger_writes
from credit.services import rings as ring_writes


class OpenObjectionOut(ObjectionOut):
    party = PartyOut(source="event.organisation")
    fact = serializers.UUIDField(source="event.code")
    kind = one_of(EventKind, source="event.kind")
    occurred_at = serializers.DateTimeField(source="event.occurred_at")


class DecisionIn(serializers.Serializer[Any]):
    is_upheld = serializers.BooleanField(help_text="Upheld, the fact stays in the ledger and loses its effect.")
    answer = serializers.CharField(max_length=2000, help_text="Stands beside the fact.")


class AlertOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    found_at = serializers.DateTimeField()
    members = serializers.SerializerMethodField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    lifted_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()

    @extend_schema_field(PartyOut(many=True))
    def get_members(self, alert: Any) -> Any:
        return PartyOut([member.organisation for member in alert.members.all()], many=True).data


class AlertDecisionIn(serializers.Serializer[Any]):
    is_confirmed = serializers.BooleanField(help_text="Else it is lifted, and its members' ratings count in full.")
    reason = serializers.CharField(max_length=2000)


class Objections(Resource):
    @operation("List the objections that wait for a decision, oldest first (staff)", ok=OpenObjectionOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, ledger.open_objections(self.actor), OpenObjectionOut)


class DecideObjection(Resource):
    @operation(
        "Uphold or reject an objection (staff)",
        reads=DecisionIn,
        ok=ObjectionOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        wish = self.read(DecisionIn)
        made = ledger_writes.decide(code, upheld=wish["is_upheld"], answer=wish["answer"], by=self.actor, at=self.at)
        return Response(ObjectionOut(made).data)


class Alerts(Resource):
    @operation("List the alerts about rings that wait for a decision, oldest first (staff)", ok=AlertOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, rings.open_alerts(self.actor), AlertOut)


class DecideAlert(Resource):
    @operation(
        "Confirm an alert about a ring, or lift it (staff)",
        reads=AlertDecisionIn,
        ok=AlertOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        wish = self.read(AlertDecisionIn)
        made = ring_writes.decide(
            code, confirmed=wish["is_confirmed"], reason=wish["reason"], by=self.actor, at=self.at
        )
        return Response(AlertOut(made).data)


urlpatterns = [
    path("credit/objections", Objections.as_view()),
    path("credit/objections/<uuid:code>/decide", DecideObjection.as_view()),
    path("credit/alerts", Alerts.as_view()),
    path("credit/alerts/<uuid:code>/decide", DecideAlert.as_view()),
]

"""How a party stands, why, by which rules, and what it says against a fact about it."""

from typing import Any
from uuid import UUID

from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import organisations
from api.v1.fields import one_of
from api.v1.pagination import paged
from api.v1.permissions import Anyone
from api.v1.resource import Resource
from api.v1.schema import operation
from credit.core.kinds import Cause, EventKind, Grade, ObjectionState, Source
from credit.core.rules import Rules
from credit.selectors import ledger, rules
from credit.selectors import standing as standings
from credit.services import ledger as ledger_writes
from governance.selectors import complaints


class ComplaintFiguresOut(serializers.Serializer[Any]):
    accepted = serializers.IntegerField(help_text="Complaints against the party that the platform accepted.")
    open = serializers.IntegerField()
    resolved = serializers.IntegerField()
    upheld = serializers.IntegerField(help_text="A mediator found the party at fault.")


class StandingOut(serializers.Serializer[Any]):
    party = serializers.SerializerMethodField()
    grade = serializers.ChoiceField(choices=[grade.value for grade in Grade], help_text="N: too few orders yet.")
    mean = serializers.FloatField(help_text="Mean of the Beta posterior, 0 to 1.")
    low = serializers.FloatField(help_text="Its 5 % quantile, by which lists are ranked.")
    stars = serializers.FloatField(help_text="The mean on the scale of 1 to 5.")
    rating_count = serializers.IntegerField()
    order_count = serializers.IntegerField()
    points = serializers.FloatField()
    explanation = serializers.DictField(help_text="Every term that the score and the points are made of.")
    computed_at = serializers.DateTimeField(allow_null=True)
    complaints = serializers.SerializerMethodField()

    def get_party(self, view: Any) -> UUID:
        party: UUID = self.context["party"]
        return party

    @extend_schema_field(ComplaintFiguresOut)
    def get_complaints(self, view: Any) -> dict[str, Any]:
        return ComplaintFiguresOut(self.context["complaints"]).data


class HistoryOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    grade = one_of(Grade)
    mean = serializers.FloatField()
    low = serializers.FloatField()
    points = serializers.FloatField()


class ObjectionOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[state.value for state in ObjectionState])
    reason = serializers.CharField()
    answer = serializers.CharField()
    filed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class FactOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in EventKind])
    source = serializers.ChoiceField(  # type: ignore[assignment]  # who says so
        choices=[source.value for source in Source]
    )
    source_code = serializers.CharField()
    basis = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField()
    occurred_at = serializers.DateTimeField()
    effect_until = serializers.DateTimeField(allow_null=True)
    objection = ObjectionOut(allow_null=True, default=None)


class ObjectionIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class KindRuleOut(serializers.Serializer[Any]):
    kind = one_of(EventKind)
    points = serializers.FloatField()
    at_most = serializers.FloatField()


class GradeRuleOut(serializers.Serializer[Any]):
    grade = one_of(Grade)
    points = serializers.FloatField(help_text="It begins here.")


class RestrictionRuleOut(serializers.Serializer[Any]):
    cause = serializers.ChoiceField(choices=[cause.value for cause in Cause])
    most_order_fen = serializers.IntegerField(help_text="What one new order may come to at most; 0: none at all.")
    source = serializers.CharField()  # type: ignore[assignment]  # by which rule


class RulesOut(serializers.Serializer[Any]):
    version = serializers.CharField()
    in_force_from = serializers.DateField()
    in_force_until = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # where the version is published
    prior_mean = serializers.FloatField()
    prior_weight = serializers.FloatField()
    half_life_days = serializers.FloatField()
    low_quantile = serializers.FloatField()
    pair_decay = serializers.FloatField()
    pair_window_days = serializers.FloatField()
    ring_factor = serializers.FloatField()
    forget_after_days = serializers.FloatField()
    grade_needs_orders = serializers.IntegerField()
    base_points = serializers.FloatField()
    rating_points = serializers.FloatField()
    kinds = KindRuleOut(many=True)
    grades = GradeRuleOut(many=True)
    restrictions = RestrictionRuleOut(many=True)


class Standing(Resource):
    permission_classes = [Anyone]

    @operation("Show how a party stands and why", ok=StandingOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        party = organisations.get(code)
        view = standings.of([party.pk])[party.pk]
        context = {"party": party.code, "complaints": complaints.figures(party.pk)}
        return Response(StandingOut(view, context=context).data)


class History(Resource):
    permission_classes = [Anyone]

    @operation("Show how a party came to stand as it does, oldest first", ok=HistoryOut, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, standings.history(organisations.get(code).pk), HistoryOut)


class Ledger(Resource):
    @operation("List the facts about the party one acts for, newest first", ok=FactOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, ledger.visible_to(self.actor, self.actor.own_organisation_id), FactOut)


class Objection(Resource):
    @operation(
        "Object to a fact about one's own party; a person decides",
        reads=ObjectionIn,
        ok=ObjectionOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        made = ledger_writes.contest(code, **self.read(ObjectionIn), by=self.actor, at=self.at)
        return Response(ObjectionOut(made).data, status=201)


class RulesVersions(Resource):
    permission_classes = [Anyone]

    @operation("List every version of the rules of credit, oldest first", ok=RulesOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, [_rules(version) for version in rules.versions()], RulesOut)


def _rules(version: Rules) -> dict[str, Any]:
    kinds = [{"kind": k, "points": rule.points, "at_most": rule.at_most} for k, rule in version.kinds.items()]
    grades = [{"grade": grade, "points": points} for grade, points in version.grades]
    return {**vars(version), "kinds": kinds, "grades": grades}


urlpatterns = [
    path("providers/<uuid:code>/standing", Standing.as_view()),
    path("providers/<uuid:code>/standing/history", History.as_view()),
    path("me/credit", Ledger.as_view()),
    path("me/credit/<uuid:code>/objection", Objection.as_view()),
    path("credit/rules", RulesVersions.as_view()),
]

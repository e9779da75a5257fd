"""Demands: read what is wanted, write one's own with limits and legs."""

from typing import Any
from uuid import UUID

from django.urls import path
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.attributes import Attributes, Shape, invalid_as_400, of_direction
from api.v1.deal_parts import PartyOut
from api.v1.fields import Fen, Instant, Place, Whole
from api.v1.pagination import paged
from api.v1.permissions import Anyone, AnyoneReads
from api.v1.resource import Resource
from api.v1.schema import operation
from common.errors import gettext_noop
from marketplace.core.demand_states import DemandState
from marketplace.directions import CODES, DIRECTIONS, UNITS, Direction
from marketplace.selectors import demands as reads
from marketplace.services import demands
from marketplace.services.contents import MOST_LEGS, MOST_UNITS, ContentInvalid, DemandContent, LegContent

_STATES = [state.value for state in DemandState]


class LegOut(serializers.Serializer[Any]):
    title = serializers.CharField()
    attributes = serializers.JSONField()
    quantity = serializers.IntegerField()
    unit = serializers.CharField()


class DemandOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    direction = serializers.ChoiceField(choices=CODES)
    state = serializers.ChoiceField(choices=_STATES)
    title = serializers.CharField()
    consumer = PartyOut(source="owner")
    attributes = serializers.JSONField()
    quantity = serializers.IntegerField()
    unit = serializers.CharField()
    is_whole = serializers.BooleanField(help_text="All of it or nothing.")
    max_suppliers = serializers.IntegerField()
    start = serializers.DateTimeField(source="period.lower", allow_null=True, default=None)
    end = serializers.DateTimeField(source="period.upper", allow_null=True, default=None)
    place = Place(allow_null=True)
    radius_m = serializers.IntegerField(allow_null=True)
    address = serializers.CharField()
    division_code = serializers.CharField()
    industry_code = serializers.CharField()
    deadline_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    is_demo = serializers.BooleanField()
    legs = LegOut(many=True, source="legs.all")


class DemandDetailOut(DemandOut):
    description = serializers.CharField()
    budget_fen = serializers.IntegerField(allow_null=True, help_text="Most per unit; for the consumer's own eyes.")
    moves = serializers.SerializerMethodField(help_text="What the caller may do with it now.")

    def get_moves(self, demand: Any) -> list[str]:
        return reads.open_moves(demand, self.context["request"]._request.actor)


_NEEDS = {f"{kind.code.title()}Need": kind.need for kind in DIRECTIONS}
_LEGS = {f"{kind.code.title()}Leg": kind.leg for kind in DIRECTIONS if kind.leg}
_LEG_UNITS = [unit for kind in DIRECTIONS if kind.leg for unit in kind.units]


class LegIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=64)
    attributes = Attributes(_LEGS)
    quantity = Whole(min_value=1, max_value=MOST_UNITS)
    unit = serializers.ChoiceField(choices=_LEG_UNITS)
    budget_fen = Fen(allow_null=True, default=None, help_text="Most per unit of this leg.")


class DemandIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=8000, allow_blank=True, default="")
    attributes = Attributes(_NEEDS, help_text="As the direction of the demand has them.")
    quantity = Whole(min_value=1, max_value=MOST_UNITS, default=1)
    unit = serializers.ChoiceField(choices=list(UNITS), help_text="One that its direction has.")
    budget_fen = Fen(allow_null=True, default=None, help_text="Most per unit; nobody else sees it.")
    is_whole = serializers.BooleanField(default=False)
    max_suppliers = Whole(min_value=1, max_value=100, default=1)
    start = Instant(allow_null=True, default=None)
    end = Instant(allow_null=True, default=None)
    place = Place(allow_null=True, default=None)
    radius_m = Whole(max_value=20_000_000, allow_null=True, default=None)
    address = serializers.CharField(max_length=240, allow_blank=True, default="")
    division_code = serializers.RegexField(r"^([0-9]{6})?$", allow_blank=True, default="")
    industry_code = serializers.CharField(max_length=8, allow_blank=True, default="")
    deadline_at = Instant(allow_null=True, default=None)
    legs = LegIn(many=True, default=list, max_length=MOST_LEGS)  # type: ignore[call-arg]  # lists take it


def _new(kind: Direction) -> type[DemandIn]:
    name = f"{kind.code.title()}Need"
    legs: dict[str, Any] = {"allow_empty": False} if kind.has_legs else {"default": list, "max_length": 0}
    fields = {
        "direction": serializers.ChoiceField(choices=[kind.code]),
        "unit": serializers.ChoiceField(choices=kind.units),
        "attributes": Attributes({name: kind.need}),
        "max_suppliers": Whole(min_value=1, max_value=kind.most_suppliers, default=1),
        "legs": LegIn(many=True, **({"max_length": MOST_LEGS} | legs)),
    }
    return type(f"New{name}In", (DemandIn,), fields)


NEW_DEMAND: dict[str, Shape] = {kind.code: _new(kind) for kind in DIRECTIONS}
NewDemandIn = PolymorphicProxySerializer("NewDemandIn", NEW_DEMAND, "direction")


class OwnQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=_STATES, required=False, default="")
    words = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class WantedQuery(serializers.Serializer[Any]):
    direction = serializers.ChoiceField(choices=CODES, required=False, default="")
    words = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    division = serializers.RegexField(r"^([0-9]{2}|[0-9]{4}|[0-9]{6})$", required=False, default="")


class DemandVersionOut(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    content = serializers.JSONField()
    made_at = serializers.DateTimeField()


class Wanted(Resource):
    permission_classes = [Anyone]

    @operation("List published demands, the newest first", ok=DemandOut, query=WantedQuery, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, reads.published(**self.query(WantedQuery)), DemandOut)


class Demands(Resource):
    @operation("List the demands of the party one acts for", ok=DemandOut, query=OwnQuery, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, reads.own(self.actor, **self.query(OwnQuery)), DemandOut)

    @operation("Write a draft", reads=NewDemandIn, ok=DemandDetailOut, status=201, problems=(409,), idempotent=True)
    def post(self, request: Request) -> Response:
        wish = self.read(of_direction(request, NEW_DEMAND))
        code = wish.pop("direction")
        content = _content(wish)
        made = invalid_as_400(lambda: demands.create_draft(code, content, by=self.actor, at=self.at))
        return Response(_detail(self, made.code), status=201)


class One(Resource):
    permission_classes = [AnyoneReads]

    @operation("Show a demand", ok=DemandDetailOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(_detail(self, code))

    @operation("Replace what a demand says", reads=DemandIn, ok=DemandDetailOut, problems=(404, 409))
    def put(self, request: Request, code: UUID) -> Response:
        demands.edit(code, _content(self.read(DemandIn)), by=self.actor, at=self.at)
        return Response(_detail(self, code))


class Move(Resource):
    move = ""

    @operation("Take a step with one's own demand", ok=DemandDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        demands.MOVES[self.move](code, by=self.actor, at=self.at)
        return Response(_detail(self, code))


class Versions(Resource):
    permission_classes = [Anyone]

    @operation("Show every version of a demand", ok=DemandVersionOut, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, reads.versions(code, viewer=self.actor), DemandVersionOut)


def _content(wish: dict[str, Any]) -> DemandContent:
    start, end = wish.pop("start"), wish.pop("end")
    if (start is None) != (end is None):
        raise ContentInvalid(gettext_noop("Give both ends of the period, or none."), field="end")
    legs = tuple(LegContent(**leg) for leg in wish.pop("legs"))
    return DemandContent(**wish, legs=legs, period=(start, end) if start else None)


def _detail(resource: Resource, code: UUID) -> dict[str, Any]:
    demand = reads.get(code, viewer=resource.actor)
    return dict(DemandDetailOut(demand, context={"request": resource.request}).data)


urlpatterns = [
    path("wanted", Wanted.as_view()),
    path("demands", Demands.as_view()),
    path("demands/<uuid:code>", One.as_view()),
    *(path(f"demands/<uuid:code>/{name}", Move.as_view(move=name)) for name in demands.MOVES),
    path("demands/<uuid:code>/versions", Versions.as_view()),
]

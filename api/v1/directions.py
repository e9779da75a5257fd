"""Directions: what an offer and a need of each has to say, as labels, fields and JSON schema."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.permissions import Anyone
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.directions import (
    CODES,
    DIRECTIONS,
    LICENCES,
    UNITS,
    Attributes,
    Direction,
    Lifecycle,
    direction,
    fields,
)


class LabelOut(serializers.Serializer[Any]):
    zh = serializers.CharField()
    en = serializers.CharField()


class ChoiceOut(serializers.Serializer[Any]):
    value = serializers.CharField()
    text = LabelOut()


class FieldOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField(help_text="text, note, integer, decimal, date, flag, choice, choices or texts.")
    text = LabelOut()
    hint = LabelOut()
    unit = serializers.CharField()
    is_required = serializers.BooleanField()
    choices = ChoiceOut(many=True)


class DirectionOut(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=CODES)
    text = LabelOut()
    about = LabelOut()
    units = ChoiceOut(many=True)
    lifecycle = serializers.ChoiceField(choices=[kind.value for kind in Lifecycle])
    is_exclusive = serializers.BooleanField(help_text="Two uses of one listing may not overlap.")
    is_metered = serializers.BooleanField()
    is_sealed = serializers.BooleanField(help_text="Quotes stay closed until the deadline.")
    most_suppliers = serializers.IntegerField()
    facets = serializers.ListField(child=serializers.CharField())


@extend_schema_field({"type": "object"})
class JsonSchema(serializers.JSONField):
    """A JSON schema (2020-12)."""


class DirectionDetailOut(DirectionOut):
    offer_fields = FieldOut(many=True)
    need_fields = FieldOut(many=True)
    leg_fields = FieldOut(many=True, help_text="Of one part of a bundle; empty where there are no legs.")
    offer_schema = JsonSchema(help_text="JSON schema of a listing's attributes.")
    need_schema = JsonSchema(help_text="JSON schema of a demand's attributes.")
    leg_schema = JsonSchema(allow_null=True)
    licences = ChoiceOut(many=True, help_text="Licences that some offers may not be published without.")


class Directions(Resource):
    permission_classes = [Anyone]

    @operation("List the directions", ok=DirectionOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(DirectionOut([_brief(entry) for entry in DIRECTIONS], many=True).data)


class One(Resource):
    permission_classes = [Anyone]

    @operation(
        "Show a direction with its fields and schemas",
        ok=DirectionDetailOut,
        problems=(404,),
        path={"direction_code": CODES},
    )
    def get(self, request: Request, direction_code: str) -> Response:
        if direction_code not in CODES:
            raise NotFound
        entry = direction(direction_code)
        detail = _brief(entry) | {
            "offer_fields": _fields(entry.offer),
            "need_fields": _fields(entry.need),
            "leg_fields": _fields(entry.leg) if entry.leg else [],
            "offer_schema": entry.offer.model_json_schema(),
            "need_schema": entry.need.model_json_schema(),
            "leg_schema": entry.leg.model_json_schema() if entry.leg else None,
            "licences": [{"value": value, "text": label} for value, label in LICENCES.items()],
        }
        return Response(DirectionDetailOut(detail).data)


def _brief(entry: Direction) -> dict[str, Any]:
    return {
        "code": entry.code,
        "text": entry.label,
        "about": entry.about,
        "units": [{"value": unit, "text": UNITS[unit]} for unit in entry.units],
        "lifecycle": entry.lifecycle,
        "is_exclusive": entry.is_exclusive,
        "is_metered": entry.is_metered,
        "is_sealed": entry.is_sealed,
        "most_suppliers": entry.most_suppliers,
        "facets": list(entry.facets),
    }


def _fields(schema: type[Attributes]) -> list[dict[str, Any]]:
    return [
        {
            "name": spec.name,
            "kind": spec.kind,
            "text": spec.label,
            "hint": spec.help,
            "unit": spec.unit,
            "is_required": spec.is_required,
            "choices": [{"value": value, "text": label} for value, label in spec.choices],
        }
        for spec in fields(schema)
    ]


urlpatterns = [
    path("directions", Directions.as_view()),
    path("directions/<str:direction_code>", One.as_view()),
]

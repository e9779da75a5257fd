"""Attributes of a direction in a body: read, refused field by field, and written out in the document."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.v1.schema import ANY_TEXT, SOME_TEXT
from marketplace.directions import CODES, AttributesInvalid
from marketplace.directions import Attributes as Schema

T = TypeVar("T")
Shape = serializers.Serializer[Any] | type[serializers.Serializer[Any]]
# Of what a schema says of a field, this is for forms; `GET /directions/{code}` has it.
_FOR_FORMS = frozenset({"zh", "en", "help_zh", "help_en", "unit", "title"})


class Attributes(serializers.JSONField):
    """A JSON object that PostgreSQL can hold; `schemas` are what it may follow, by a name for the document."""

    def __init__(self, schemas: Mapping[str, type[Schema]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schemas = schemas

    def to_internal_value(self, value: Any) -> dict[str, Any]:
        found = super().to_internal_value(value)
        if not isinstance(found, dict):
            raise serializers.ValidationError(_("Give an object."))
        if not all(_storable(text) for text in _texts(found)):
            raise serializers.ValidationError(_("Null characters and lone surrogates cannot be stored."))
        return found


class DirectionIn(serializers.Serializer[Any]):
    direction = serializers.ChoiceField(choices=CODES)


def of_direction(request: Request, shapes: Mapping[str, Shape]) -> Any:
    """Return the shape of the direction that a body names; of one that names none, what asks for it."""
    code = request.data.get("direction") if isinstance(request.data, Mapping) else None
    return shapes.get(code, DirectionIn) if isinstance(code, str) else DirectionIn


def invalid_as_400(write: Callable[[], T]) -> T:
    """Make `write`; attributes against the schema of the direction that the body names are named field by field."""
    try:
        return write()
    except AttributesInvalid as error:
        raise ValidationError({f"attributes.{name}": found for name, found in error.errors.items()}) from error


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


class AttributesSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # the library registers subclasses
    """Makes a part of the document of each schema."""

    target_class = Attributes

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        refs = [_part(auto_schema, name, schema).ref for name, schema in self.target.schemas.items()]
        return refs[0] if len(refs) == 1 else {"anyOf": refs}


def _part(auto_schema: AutoSchema, name: str, schema: type[Schema]) -> ResolvedComponent:
    told = schema.model_json_schema()
    words = told.pop("$defs", {})
    part = ResolvedComponent(  # type: ignore[no-untyped-call]
        name, ResolvedComponent.SCHEMA, _plain(told, words), name
    )
    auto_schema.registry.register_on_missing(part)
    return part


def _plain(told: Any, words: Mapping[str, Any]) -> Any:
    """Return a schema with its enumerations where they are used, and what PostgreSQL adds to texts."""
    if isinstance(told, list):
        return [_plain(part, words) for part in told]
    if not isinstance(told, dict):
        return told
    if "$ref" in told:
        return {"type": "string", "enum": words[told["$ref"].rsplit("/", 1)[-1]]["enum"]}
    plain = {name: _plain(part, words) for name, part in told.items() if name not in _FOR_FORMS}
    if isinstance(properties := told.get("properties"), dict):
        plain["properties"] = {name: _plain(part, words) for name, part in properties.items()}
    if plain.get("type") == "string" and not {"enum", "pattern", "format"} & set(plain):
        plain["pattern"] = SOME_TEXT if plain.get("minLength") else ANY_TEXT
    return plain

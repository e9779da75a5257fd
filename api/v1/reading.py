"""What a caller sends, taken as the document says it or refused: nothing is converted, left out or guessed."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

Errors = dict[str, Any]


def body(request: Request, serializer: type[serializers.BaseSerializer[Any]]) -> dict[str, Any]:
    """Return the body, valid; in JSON, every value of the kind that its field has.

    Raises:
        ValidationError: it is not; by field.
    """
    reader = serializer(data=request.data)
    # A form has nothing but texts.
    if not is_form(request) and (wrong := _wrong_kinds(reader, request.data)):
        raise ValidationError(wrong)
    return _valid(reader)


def is_form(request: Request) -> bool:
    return isinstance(request.data, QueryDict)


def parameters(request: Request, serializer: type[serializers.BaseSerializer[Any]]) -> dict[str, Any]:
    """Return the parameters of the address, valid, each given once at most, and an empty one not as left out.

    Raises:
        ValidationError: they are not; by parameter.
    """
    # A plain dict: as a form, an empty parameter would count as left out, which the document does not say.
    given = request.query_params
    reader = serializer(data=given.dict())
    known = reader.fields if isinstance(reader, serializers.Serializer) else {}
    if repeated := {name: [_("Give it once.")] for name in known if len(given.getlist(name)) > 1}:
        raise ValidationError(repeated)
    return _valid(reader)


def _valid(reader: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    reader.is_valid(raise_exception=True)
    valid: dict[str, Any] = reader.validated_data
    return valid


def _wrong_kinds(field: Any, value: Any) -> Any:
    """Return what is of another kind than its field, as REST framework nests errors; empty when nothing is."""
    if value is None:
        return {}  # whether it may be null the field says itself
    if isinstance(field, serializers.Serializer):
        return _in_object(field, value) if isinstance(value, Mapping) else {}
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return _in_list(field.child, value) if isinstance(value, list) else {}
    if isinstance(field, serializers.DictField):
        return _in_dict(field.child, value) if isinstance(value, Mapping) else {}
    return [] if _is_of_kind(field, value) else [_("Of another kind than the document says.")]


def _in_object(reader: Any, value: Mapping[str, Any]) -> Errors:
    found = {name: _wrong_kinds(field, value[name]) for name, field in reader.fields.items() if name in value}
    return {name: wrong for name, wrong in found.items() if wrong}


def _in_list(child: Any, value: list[Any]) -> Errors:
    return {str(place): wrong for place, part in enumerate(value) if (wrong := _wrong_kinds(child, part))}


def _in_dict(child: Any, value: Mapping[str, Any]) -> Errors:
    return {name: wrong for name, part in value.items() if (wrong := _wrong_kinds(child, part))}


def _is_of_kind(field: Any, value: Any) -> bool:
    match field:
        case serializers.JSONField():
            return True
        case serializers.BooleanField():
            return isinstance(value, bool)
        case serializers.IntegerField():
            return _is_number(value) and value == int(value)
        case serializers.FloatField():
            return _is_number(value)
        case _:  # texts, and what JSON writes as texts: choices, codes, days, instants
            return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")

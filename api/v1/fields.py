"""Fields that refuse what a database or a clock cannot hold."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_FIRST, _LAST = 1900, 2200
_MOST = 2**53 - 1  # what JSON readers hold exactly


class Instant(serializers.DateTimeField):
    """RFC 3339 with an offset, between 1900 and 2200."""

    def to_internal_value(self, value: Any) -> datetime:
        instant = super().to_internal_value(value)
        if not _FIRST <= instant.astimezone(UTC).year < _LAST:
            raise serializers.ValidationError(_("Give an instant between the years 1900 and 2200."))
        return instant


class Day(serializers.DateField):
    """A calendar day between 1900 and 2200."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not _FIRST <= day.year < _LAST:
            raise serializers.ValidationError(_("Give a day between the years 1900 and 2200."))
        return day


class Whole(serializers.IntegerField):
    """A whole number from 0 that every JSON reader holds exactly, unless other limits are given."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", _MOST)
        super().__init__(**kwargs)


class Fen(Whole):
    """Money: 1 CNY = 100 fen."""


class Place(serializers.Serializer[Any]):
    """A point in WGS-84 degrees."""

    lng = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)

    def to_internal_value(self, value: Any) -> Any:
        valid = super().to_internal_value(value)
        if not all(abs(number) <= 180 for number in valid.values()):  # refuses NaN, which passes both limits
            raise serializers.ValidationError(_("Give degrees."))
        return Point(valid["lng"], valid["lat"], srid=4326)

    def to_representation(self, instance: Point) -> dict[str, float]:
        return {"lng": instance.x, "lat": instance.y}


@extend_schema_field({"type": "object", "additionalProperties": True})
class Attributes(serializers.JSONField):
    """A JSON object whose texts PostgreSQL can hold."""

    def to_internal_value(self, value: Any) -> dict[str, Any]:
        found = super().to_internal_value(value)
        if not isinstance(found, dict):
            raise serializers.ValidationError(_("Give an object."))
        if not all(_storable(text) for text in _texts(found)):
            raise serializers.ValidationError(_("Null characters and lone surrogates cannot be stored."))
        return found


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)

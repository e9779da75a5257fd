"""Fields that refuse what a database or a clock cannot hold."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_MOST = 2**53 - 1  # what JSON readers hold exactly
_DAY = r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"


@extend_schema_field({"type": "string", "format": "date-time", "pattern": f"^{_DAY}T{_TIME}$"})
class Instant(serializers.DateTimeField):
    """RFC 3339 with an offset, between 1900 and 2200."""

    def to_internal_value(self, value: Any) -> datetime:
        if not re.fullmatch(f"{_DAY}T{_TIME}", str(value), re.ASCII):
            raise serializers.ValidationError(
                _("Give date and time with an offset, as in 2026-03-01T09:00:00+08:00, between 1900 and 2200.")
            )
        return super().to_internal_value(value)


@extend_schema_field({"type": "string", "format": "date", "pattern": f"^{_DAY}$"})
class Day(serializers.DateField):
    """A calendar day between 1900 and 2200."""

    def to_internal_value(self, value: Any) -> date:
        if not re.fullmatch(_DAY, str(value), re.ASCII):
            raise serializers.ValidationError(_("Give a day as in 2026-03-01, between the years 1900 and 2200."))
        return super().to_internal_value(value)


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


def one_of(values: Iterable[str], *, or_none: bool = False, **kwargs: Any) -> serializers.ChoiceField:
    """Return the field of a closed list of words, or of the empty one as well."""
    words = [str(value) for value in values]
    return serializers.ChoiceField(choices=[*([""] if or_none else []), *words], **kwargs)

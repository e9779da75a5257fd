"""The price index: what capacity was agreed for, by direction, class, unit, place and quarter."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.fields import one_of
from api.v1.pagination import paged
from api.v1.permissions import Anyone
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.core import quarters
from marketplace.directions import CODES, UNITS
from marketplace.selectors import prices


class PriceOut(serializers.Serializer[Any]):
    quarter = serializers.SerializerMethodField(help_text="As 2026-Q1, by the calendar of China.")
    direction = one_of(CODES)
    class_code = serializers.CharField(help_text="What stands before the first full stop of the direction's choice.")
    unit = one_of(UNITS)
    division_code = serializers.CharField(help_text="A city (GB/T 2260), or 000000 for the whole country.")
    n_orders = serializers.IntegerField(help_text="Orders agreed in the quarter, to the nearest 5.")
    lower_fen = serializers.IntegerField(help_text="A quarter of the orders cost less a unit; two significant digits.")
    median_fen = serializers.IntegerField(help_text="Half of the orders cost less a unit; two significant digits.")
    upper_fen = serializers.IntegerField(help_text="A quarter of the orders cost more a unit; two significant digits.")
    change_percent = serializers.IntegerField(
        allow_null=True, help_text="Of the median against the quarter before; null where that was not published."
    )
    is_demo = serializers.BooleanField(help_text="Made of invented orders, wholly or in part.")

    def get_quarter(self, figure: Any) -> str:
        return quarters.written(figure.release_id)


class PricesQuery(serializers.Serializer[Any]):
    direction = serializers.ChoiceField(choices=CODES, required=False, default="")
    class_code = serializers.RegexField(r"^[a-z_]{1,32}$", required=False, default="")
    unit = serializers.ChoiceField(choices=list(UNITS), required=False, default="")
    division_code = serializers.RegexField(
        r"^[0-9]{4}00$", required=False, default="", help_text="A city, or 000000 for the whole country."
    )
    quarter = serializers.RegexField(quarters.PATTERN, required=False, default="", help_text="As 2026-Q1.")


class Prices(Resource):
    permission_classes = [Anyone]

    @operation(
        "List the published prices, the newest quarter first",
        description=(
            "A cell is left out where fewer than 10 orders, 10 parties or 3 parties on a side stand behind it, where "
            "one party has more than 70 % of it, or where it would give such a cell away. A quarter is published once "
            "another whole one has passed."
        ),
        ok=PriceOut,
        query=PricesQuery,
        paged=True,
    )
    def get(self, request: Request) -> Response:
        return paged(request, prices.published(**self.query(PricesQuery)), PriceOut)


urlpatterns = [path("prices", Prices.as_view())]

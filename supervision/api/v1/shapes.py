"""What goes in and out of the API, as serializers; the rows' ones are drawn from the list of fields."""

from typing import Any

from rest_framework import serializers

from marketplace.directions import CODES
from supervision.core.cursor import MAX_LENGTH
from supervision.core.fields import Field, Kind, Resource
from supervision.core.indicators import BY_CODE
from supervision.services.feeds import MOST_ROWS

Shape = serializers.Serializer[Any]


def cursor_field(help_text: str) -> serializers.RegexField:
    return serializers.RegexField(
        r"^[A-Za-z0-9_-]*$", required=False, default="", allow_blank=True, max_length=MAX_LENGTH, help_text=help_text
    )


class FeedParameters(Shape):
    """How to page through a feed."""

    cursor = cursor_field("The last page's; left out to begin at the beginning.")
    limit = serializers.IntegerField(required=False, default=100, min_value=1, max_value=MOST_ROWS)
    division = serializers.RegexField(
        r"^[0-9]{6}$",
        required=False,
        default="",
        help_text="Narrows to a division (GB/T 2260); nothing comes from outside the agency's territory.",
    )


class ReadParameters(Shape):
    """How to page through the read log."""

    before = cursor_field("The last page's `older`.")
    limit = serializers.IntegerField(required=False, default=100, min_value=1, max_value=MOST_ROWS)


class StatisticsParameters(Shape):
    """Which table."""

    indicator = serializers.ChoiceField(choices=sorted(BY_CODE), help_text="See /supervision/v1/indicators.")
    month = serializers.RegexField(r"^[12][0-9]{3}-(0[1-9]|1[0-2])$", help_text="As in 2026-03; a month that is over.")


class Cell(Shape):
    """South-west corner of a cell of a hundredth of a degree (WGS 84)."""

    lng = serializers.FloatField()
    lat = serializers.FloatField()


_MAKERS: dict[Kind, Any] = {
    Kind.TEXT: serializers.CharField,
    Kind.NUMBER: serializers.IntegerField,
    Kind.YES_NO: serializers.BooleanField,
    Kind.INSTANT: serializers.DateTimeField,
    Kind.DAY: serializers.DateField,
    Kind.NAME: serializers.CharField,
    Kind.CELL: Cell,
    Kind.CODES: lambda **more: serializers.ListField(child=serializers.CharField(), **more),
    Kind.FACTS: serializers.DictField,
}


def _drawn(field: Field) -> Any:
    return _MAKERS[field.kind](allow_null=field.may_lack, help_text=field.en)


def row_of(resource: Resource) -> type[Shape]:
    """Return the serializer of one row of `resource`."""
    fields = {field.name: _drawn(field) for field in resource.fields}
    fields["last_updated"] = serializers.DateTimeField(help_text="When the row changed last.")
    return type(f"{resource.kind.title()}Row", (serializers.Serializer,), {**fields, "__doc__": resource.en})


def page_of(row: type[Shape], name: str) -> type[Shape]:
    """Return the serializer of a page of such rows."""
    return type(
        f"{name}Page",
        (serializers.Serializer,),
        {
            "__doc__": "A stretch of a feed, oldest change first.",
            "rows": row(many=True),
            "cursor": serializers.CharField(help_text="Continues here, at once or whenever you come back."),
            "has_more": serializers.BooleanField(help_text="Whether something follows already."),
            "as_of": serializers.DateTimeField(help_text="With the last page: complete up to this instant."),
            "pseudonym_quarter": serializers.CharField(help_text="The quarter whose pseudonyms these are."),
        },
    )


class Notice(Shape):
    """That a row changed."""

    resource = serializers.CharField()
    id = serializers.CharField(help_text="The row's pseudonym, or a round's code.")
    last_updated = serializers.DateTimeField()


class Figure(Shape):
    """One cell of the grid."""

    division_code = serializers.CharField(help_text="GB/T 2260; with ~ for what lies in no part of the division.")
    direction = serializers.CharField(allow_blank=True, help_text="Empty for all directions together.")
    value = serializers.IntegerField(allow_null=True, help_text="Rounded; null when withheld.")
    is_withheld = serializers.BooleanField()


class Method(Shape):
    """The protection in force when the table was made."""

    min_persons = serializers.IntegerField()
    min_organisations = serializers.IntegerField()
    max_share_percent = serializers.IntegerField()
    base = serializers.IntegerField()


class StatisticsTable(Shape):
    """One indicator in one month, by division and direction."""

    indicator = serializers.CharField()
    month = serializers.CharField()
    unit = serializers.CharField()
    method = Method()
    made_at = serializers.DateTimeField()
    cells = Figure(many=True)


class IndicatorShape(Shape):
    """What a figure counts."""

    code = serializers.CharField()
    zh = serializers.CharField()
    en = serializers.CharField()
    unit = serializers.CharField()
    definition_zh = serializers.CharField()
    definition_en = serializers.CharField()
    method = Method()


class Indicators(Shape):
    """Every figure that is published."""

    indicators = IndicatorShape(many=True)


class CatalogueField(Shape):
    """One field, and why an authority needs it."""

    name = serializers.CharField()
    type = serializers.CharField()
    pseudonym_of = serializers.CharField(allow_blank=True)
    may_lack = serializers.BooleanField()
    zh = serializers.CharField()
    en = serializers.CharField()


class CatalogueResource(Shape):
    """One resource: the scope that opens it, its level of de-identification, its fields."""

    name = serializers.CharField()
    scope = serializers.CharField()
    level = serializers.CharField()
    zh = serializers.CharField()
    en = serializers.CharField()
    resource_fields = CatalogueField(many=True)


class Catalogue(Shape):
    """The whole of what authorities can read."""

    resources = CatalogueResource(many=True)


class CheckShape(Shape):
    """How many rows fail one check."""

    code = serializers.CharField()
    aspect = serializers.ChoiceField(choices=["completeness", "timeliness", "plausibility"])
    zh = serializers.CharField()
    en = serializers.CharField()
    rows = serializers.IntegerField()


class QualityShape(Shape):
    """The quality of one resource."""

    resource = serializers.CharField()
    rows = serializers.IntegerField()
    last_change = serializers.DateTimeField(allow_null=True)
    checks = CheckShape(many=True)


class QualityReport(Shape):
    """The quality of all that the token may read."""

    as_of = serializers.DateTimeField(help_text="Up to this instant every change is in the journal.")
    resources = QualityShape(many=True)


class ReadRow(Shape):
    """One read of the agency's own."""

    code = serializers.UUIDField()
    at = serializers.DateTimeField()
    via = serializers.ChoiceField(choices=["api", "page"])
    client = serializers.CharField(allow_null=True, help_text="The client's label.")
    resource = serializers.CharField()
    level = serializers.CharField()
    query = serializers.DictField()
    territory = serializers.ListField(child=serializers.CharField(allow_blank=True))
    rows = serializers.IntegerField()


class ReadPage(Shape):
    """Reads, newest first."""

    rows = ReadRow(many=True)
    older = serializers.CharField(allow_blank=True, help_text="Give it as `before` for older reads; empty at the end.")


class ClaimSums(Shape):
    """What the gap of a round comes to, over all participants of the country."""

    gap_fen = serializers.IntegerField(help_text="claims_fen and quotas_fen together.")
    n_claims = serializers.IntegerField(help_text="Needs and offers that could justly complain.")
    claims_fen = serializers.IntegerField()
    quotas_fen = serializers.IntegerField(help_text="What unused quotas would have brought at their price.")
    n_rejected = serializers.IntegerField(help_text="Needs without a deal that would have gained at the prices.")
    rejected_fen = serializers.IntegerField()
    n_made_whole = serializers.IntegerField(help_text="Needs whose deals the prices would have put at a loss.")
    made_whole_fen = serializers.IntegerField(help_text="What their suppliers forgo for that.")


class ClaimRow(Shape):
    """One of the largest claims in the agency's territory."""

    party = serializers.CharField(help_text="Pseudonym, as in the other resources of the quarter.")
    side = serializers.ChoiceField(choices=["need", "offer"])
    direction = serializers.CharField()
    division_code = serializers.CharField(allow_blank=True)
    lost_fen = serializers.IntegerField()
    is_rejected = serializers.BooleanField()
    made_whole_fen = serializers.IntegerField()


class Claims(Shape):
    """The gap of a round, term by term."""

    round = serializers.UUIDField()
    sums = ClaimSums(allow_null=True, help_text="Null while they are being written, a minute after the round.")
    largest = ClaimRow(many=True)


class ScarcityParameters(Shape):
    """Which direction."""

    direction = serializers.ChoiceField(choices=CODES)


class ScarcityCell(Shape):
    """How scarce one class was in one city, or in the country (000000)."""

    class_code = serializers.CharField()
    city_code = serializers.CharField(help_text="GB/T 2260; 000000 the country, 000000~ where offers name no city.")
    n_lots = serializers.IntegerField(help_text="Offers, each week of one for itself, to the nearest five.")
    scarce_percent = serializers.IntegerField(help_text="Of these with a rent, to the nearest five percent.")
    premium_percent = serializers.IntegerField(help_text="Part of the price that is rent, mean over all.")


class Scarcity(Shape):
    """Shadow prices of offers over the rounds of the last days."""

    direction = serializers.CharField()
    days = serializers.IntegerField()
    method = Method()
    cells = ScarcityCell(many=True)

"""One participant's own part of a match round, to be checked by itself; for the owner of the need or offer alone."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.fields import one_of
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.core import parts
from marketplace.directions import CODES
from matching.core.market import Section
from matching.selectors import own_checks as select
from matching.selectors.own_checks import OwnNeed, OwnOffer

KINDS = ("unit", "divisible", "capped", "mixed")


class WhichRound(serializers.Serializer[Any]):
    round = serializers.UUIDField(
        required=False, default=None, help_text="The newest that looked at it, when left out."
    )


class OfferOut(serializers.Serializer[Any]):
    listing = serializers.UUIDField()
    leg = serializers.CharField()


class LineOut(OfferOut):
    week = serializers.DateTimeField(allow_null=True, help_text="Begin of the calendar week, where it is one week's.")
    per = serializers.IntegerField(help_text="Real units in one unit: the whole quantity where deals are single.")
    limit_fen = serializers.IntegerField()
    fit_bp = serializers.IntegerField()
    distance_m = serializers.IntegerField()
    worth_fen = serializers.IntegerField(help_text="limit_fen * fit_bp // 10000, per real unit.")
    way_fen = serializers.IntegerField(
        help_text="limit_fen * (min(distance_m, distance_scale_m) * distance_weight_bp // distance_scale_m) // 10000."
    )
    bonus_fen = serializers.IntegerField(help_text="What the round counted beyond that, per real unit; nobody pays it.")
    value_fen = serializers.IntegerField(help_text="(worth_fen - way_fen + bonus_fen) * per.")
    price_fen = serializers.IntegerField(help_text="What it was to be had for in the round, for `per` real units.")
    gain_fen = serializers.IntegerField(help_text="value_fen - price_fen.")
    most_units = serializers.IntegerField(help_text="What the pair can carry; -1 where its two ends alone bound it.")
    units = serializers.IntegerField(help_text="What is proposed, in units of `per`.")


class OwnDealOut(OfferOut):
    quantity = serializers.IntegerField()
    unit_price_fen = serializers.IntegerField()
    setup_fen = serializers.IntegerField()
    total_fen = serializers.IntegerField()
    limit_fen = serializers.IntegerField(help_text="Most to pay for this part; of bundles the whole has one limit.")
    round_fen = serializers.IntegerField(help_text="The same at the prices of the lines.")


class NeedChecked(serializers.Serializer[Any]):
    kind = one_of(KINDS)
    is_mixed = serializers.BooleanField(help_text="No prices need support its part of the plan.")
    wanted = serializers.IntegerField()
    got = serializers.IntegerField()
    gain_fen = serializers.IntegerField(help_text="What offers compete with: no line may have a higher gain_fen.")
    kept_fen = serializers.IntegerField()
    lost_fen = serializers.IntegerField(
        allow_null=True, help_text="Own term of the gap; null where it tells a reserve."
    )
    is_lost = serializers.BooleanField(help_text="Whether there is such a term.")
    made_whole_fen = serializers.IntegerField()
    whole_limit_fen = serializers.IntegerField(help_text="For mixed parts: most to pay for all that is wanted; else 0.")
    gap_fen = serializers.IntegerField(help_text="Of the part of the market that the need is in.")
    withheld_at_least = serializers.IntegerField(
        help_text="How many more offers were compared whose price would tell their reserve, down to a multiple of five."
    )
    distance_scale_m = serializers.IntegerField()
    distance_weight_bp = serializers.IntegerField()
    lines = LineOut(many=True)
    deals = OwnDealOut(many=True)


class NeedCheckOut(serializers.Serializer[Any]):
    demand = serializers.UUIDField()
    round = serializers.UUIDField()
    direction = one_of(CODES)
    is_decided = serializers.BooleanField()
    check = NeedChecked(allow_null=True, help_text="Null where it was compared with nothing that is worth its price.")


class LotOut(serializers.Serializer[Any]):
    week = serializers.DateTimeField(allow_null=True)
    capacity = serializers.IntegerField()
    sold = serializers.IntegerField()
    left = serializers.IntegerField()
    rent_fen = serializers.IntegerField(
        allow_null=True, help_text="Price less reserve, per unit or deal; null where that would tell a need's limit."
    )
    lost_fen = serializers.IntegerField(allow_null=True, help_text="rent_fen * left: own term of the gap.")


class SaleOut(serializers.Serializer[Any]):
    demand = serializers.UUIDField()
    leg = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price_fen = serializers.IntegerField()
    setup_fen = serializers.IntegerField()
    total_fen = serializers.IntegerField()
    reserve_fen = serializers.IntegerField(allow_null=True, help_text="Own least price; null for an offer by quote.")


class OfferChecked(serializers.Serializer[Any]):
    one_deal_each = serializers.BooleanField(help_text="Lots count deals.")
    is_mixed = serializers.BooleanField()
    revenue_fen = serializers.IntegerField()
    forgone_fen = serializers.IntegerField(
        help_text="Less than the prices of the round, so that no buyer bears a loss."
    )
    lots = LotOut(many=True)
    sales = SaleOut(many=True)


class OfferCheckOut(serializers.Serializer[Any]):
    listing = serializers.UUIDField()
    round = serializers.UUIDField()
    direction = one_of(CODES)
    check = OfferChecked(allow_null=True, help_text="Null where its part of the market could not be decided.")


class NeedCheck(Resource):
    @operation(
        "Show one's own need's part of a round, to be checked", query=WhichRound, ok=NeedCheckOut, problems=(404,)
    )
    def get(self, request: Request, code: UUID) -> Response:
        found = select.of_demand(code, viewer=self.actor, round_code=self.query(WhichRound)["round"])
        if found is None:
            raise Http404
        return Response(NeedCheckOut(_need(found)).data)


class OfferCheck(Resource):
    @operation(
        "Show one's own offer's part of a round, to be checked", query=WhichRound, ok=OfferCheckOut, problems=(404,)
    )
    def get(self, request: Request, code: UUID) -> Response:
        found = select.of_listing(code, viewer=self.actor, round_code=self.query(WhichRound)["round"])
        if found is None:
            raise Http404
        return Response(OfferCheckOut(_offer(found)).data)


def _need(found: OwnNeed) -> dict[str, Any]:
    section, check, parameters = found.section, found.check, found.round.parameters
    shown = check and {
        **vars(check),
        "distance_scale_m": parameters["distance_scale_m"],
        "distance_weight_bp": parameters["distance_weight_bp"],
        "lines": [{**vars(line), **_of(section, line), "week": _week(section, line.lot)} for line in check.lines],
        "deals": [{**vars(deal), **_of(section, deal)} for deal in check.deals],
    }
    names = {"demand": found.demand.code, "round": found.round.code, "direction": section.direction}
    return {**names, "is_decided": found.is_decided, "check": shown}


def _offer(found: OwnOffer) -> dict[str, Any]:
    section, check = found.section, found.check
    shown = check and {
        **vars(check),
        "lots": [{**vars(lot), "week": _week(section, lot.lot)} for lot in check.lines],
        "sales": [
            {**vars(deal), "demand": section.needs.code[deal.need], "leg": section.legs.name[deal.leg]}
            for deal in check.deals
        ],
    }
    names = {"listing": found.listing.code, "round": found.round.code, "direction": section.direction}
    return {**names, "check": shown}


def _of(section: Section, row: Any) -> dict[str, Any]:
    return {"listing": section.lots.code[row.lot], "leg": section.legs.name[row.leg]}


def _week(section: Section, lot: int) -> Any:
    week = int(section.lots.week[lot]) if len(section.lots.week) else -1
    return parts.calendar_week(week)[0] if week >= 0 else None


urlpatterns = [
    path("demands/<uuid:code>/check", NeedCheck.as_view()),
    path("listings/<uuid:code>/check", OfferCheck.as_view()),
]

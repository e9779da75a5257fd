"""The best partner of this moment, for the owners of needs and offers alone, and the wish not to wait."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import PartyOut
from api.v1.fields import one_of
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.directions import CODES
from marketplace.selectors import listings
from matching.selectors import tentative as select
from matching.services import tentative_deals


class TentativeOut(serializers.Serializer[Any]):
    direction = one_of(CODES, source="deal.direction")
    demand = serializers.UUIDField(source="deal.demand.code")
    listing = serializers.UUIDField(source="deal.listing.code")
    consumer = PartyOut(source="deal.consumer")
    provider = PartyOut(source="deal.provider")
    side = one_of(["consumer", "provider"])
    quantity = serializers.IntegerField(source="deal.quantity")
    unit = serializers.CharField(source="deal.unit")
    unit_price_fen = serializers.IntegerField(
        source="deal.unit_price_fen", help_text="What a round would propose now; promised to nobody."
    )
    setup_fen = serializers.IntegerField(source="deal.setup_fen")
    total_fen = serializers.IntegerField()
    low_fen = serializers.IntegerField(
        help_text="From here to high_fen, per unit, surely nobody else has a reason to object."
    )
    high_fen = serializers.IntegerField()
    since = serializers.DateTimeField(source="deal.since", help_text="When the two came together.")
    commit_at = serializers.DateTimeField(
        source="deal.commit_at", help_text="When it is proposed if nothing better comes before."
    )
    asked_at = serializers.DateTimeField(
        source="deal.asked_at", allow_null=True, help_text="When a side asked to have it proposed at once."
    )


class ListingTentativeOut(serializers.Serializer[Any]):
    deals = TentativeOut(many=True)


class PartnerListingIn(serializers.Serializer[Any]):
    listing = serializers.UUIDField(help_text="The partner who was seen: another one is not proposed instead.")


class PartnerDemandIn(serializers.Serializer[Any]):
    demand = serializers.UUIDField(help_text="The partner who was seen: another one is not proposed instead.")


class AskedOut(serializers.Serializer[Any]):
    demand = serializers.UUIDField(source="demand.code")
    listing = serializers.UUIDField(source="listing.code")
    asked_at = serializers.DateTimeField()


class OfDemand(Resource):
    @operation("Show the best partner of this moment for a demand of one's own", ok=TentativeOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        found = select.of_demand(code, viewer=self.actor)
        if found is None:
            raise Http404
        return Response(TentativeOut(found).data)


class OfListing(Resource):
    @operation(
        "Show the best partners of this moment for a listing of one's own", ok=ListingTentativeOut, problems=(404,)
    )
    def get(self, request: Request, code: UUID) -> Response:
        if not listings.own(self.actor).filter(code=code).exists():
            raise Http404
        return Response(ListingTentativeOut({"deals": select.of_listing(code, viewer=self.actor)}).data)


class ProposeForDemand(Resource):
    @operation(
        "Ask to have the best partner of this moment proposed at once",
        reads=PartnerListingIn,
        ok=AskedOut,
        status=202,
        problems=(404, 409),
    )
    def post(self, request: Request, code: UUID) -> Response:
        deal = tentative_deals.propose_now(code, self.read(PartnerListingIn)["listing"], by=self.actor, at=self.at)
        return Response(AskedOut(deal).data, status=202)


class ProposeForListing(Resource):
    @operation(
        "Ask to have a need that a listing of one's own serves best proposed at once",
        reads=PartnerDemandIn,
        ok=AskedOut,
        status=202,
        problems=(404, 409),
    )
    def post(self, request: Request, code: UUID) -> Response:
        deal = tentative_deals.propose_now(self.read(PartnerDemandIn)["demand"], code, by=self.actor, at=self.at)
        return Response(AskedOut(deal).data, status=202)


urlpatterns = [
    path("demands/<uuid:code>/tentative", OfDemand.as_view()),
    path("demands/<uuid:code>/tentative/propose", ProposeForDemand.as_view()),
    path("listings/<uuid:code>/tentative", OfListing.as_view()),
    path("listings/<uuid:code>/tentative/propose", ProposeForListing.as_view()),
]

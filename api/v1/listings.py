"""Listings: search them, write one's own, say when they are open, show their versions."""

from typing import Any
from uuid import UUID

from django.urls import path
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.attributes import Attributes, Shape, invalid_as_400, of_direction
from api.v1.deal_parts import PartyOut
from api.v1.fields import Day, Fen, Instant, Place, Whole
from api.v1.pagination import paged
from api.v1.permissions import Anyone, AnyoneReads
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.core.listing_states import ListingState
from marketplace.core.opening import WeeklyHours
from marketplace.core.search import Sort
from marketplace.directions import CODES, DIRECTIONS, UNITS, Direction
from marketplace.selectors import availability as hours_reads
from marketplace.selectors import listings as reads
from marketplace.selectors import search
from marketplace.services import availability, listings
from marketplace.services.contents import MOST_UNITS, ListingContent

_STATES = [state.value for state in ListingState]


class ListingOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    direction = serializers.ChoiceField(choices=CODES)
    state = serializers.ChoiceField(choices=_STATES)
    title = serializers.CharField()
    summary = serializers.CharField()
    provider = PartyOut(source="owner")
    attributes = serializers.JSONField()
    place = Place(allow_null=True)
    address = serializers.CharField()
    division_code = serializers.CharField()
    industry_code = serializers.CharField()
    unit = serializers.CharField()
    price_fen = serializers.IntegerField(allow_null=True, help_text="Per unit, tax included; null: by quote.")
    setup_fee_fen = serializers.IntegerField()
    minimum_lot = serializers.IntegerField()
    capacity_per_week = serializers.IntegerField(allow_null=True)
    lead_time_days = serializers.IntegerField()
    valid_until = serializers.DateField(allow_null=True)
    is_allotted = serializers.BooleanField(help_text="Match rounds alone give it away: post a demand to get it.")
    published_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    is_demo = serializers.BooleanField()


class FoundOut(ListingOut):
    distance_m = serializers.SerializerMethodField(help_text="Null unless the search names a place.")

    def get_distance_m(self, listing: Any) -> int | None:
        distance = getattr(listing, "distance", None)
        return None if distance is None else round(distance.m)


class HoursOut(serializers.Serializer[Any]):
    weekday = serializers.IntegerField(help_text="0 is Monday.")
    start_minute = serializers.IntegerField(help_text="After midnight in Shanghai.")
    end_minute = serializers.IntegerField()
    from_date = serializers.DateField(allow_null=True)
    until_date = serializers.DateField(allow_null=True)


class ExceptionOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    start = serializers.DateTimeField(source="period.lower")
    end = serializers.DateTimeField(source="period.upper")
    is_open = serializers.BooleanField()
    reason = serializers.CharField()


class ListingDetailOut(ListingOut):
    description = serializers.CharField()
    reserve_price_fen = serializers.IntegerField(allow_null=True, help_text="For the provider's own eyes; else null.")
    weekly_hours = HoursOut(many=True, source="rules.all", help_text="None at all: open at every hour.")
    moves = serializers.SerializerMethodField(help_text="What the caller may do with it now.")

    def get_moves(self, listing: Any) -> list[str]:
        return reads.open_moves(listing, self.context["request"]._request.actor)


_OFFERS = {f"{kind.code.title()}Offer": kind.offer for kind in DIRECTIONS}


class ListingIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    summary = serializers.CharField(max_length=240, allow_blank=True, default="")
    description = serializers.CharField(max_length=8000, allow_blank=True, default="")
    attributes = Attributes(_OFFERS, help_text="As the direction of the listing has them.")
    place = Place(allow_null=True, default=None)
    address = serializers.CharField(max_length=240, allow_blank=True, default="")
    division_code = serializers.RegexField(r"^([0-9]{6})?$", allow_blank=True, default="")
    industry_code = serializers.CharField(max_length=8, allow_blank=True, default="")
    unit = serializers.ChoiceField(choices=list(UNITS), help_text="One that its direction has.")
    price_fen = Fen(allow_null=True, default=None)
    reserve_price_fen = Fen(allow_null=True, default=None)
    setup_fee_fen = Fen(default=0)
    minimum_lot = Whole(min_value=1, max_value=MOST_UNITS, default=1)
    capacity_per_week = Whole(max_value=MOST_UNITS, allow_null=True, default=None)
    lead_time_days = Whole(max_value=3650, default=0)
    valid_until = Day(allow_null=True, default=None)
    is_allotted = serializers.BooleanField(default=False, help_text="Let match rounds alone give it away.")


def _new(kind: Direction) -> type[ListingIn]:
    name = f"{kind.code.title()}Offer"
    fields = {
        "direction": serializers.ChoiceField(choices=[kind.code]),
        "unit": serializers.ChoiceField(choices=kind.units),
        "attributes": Attributes({name: kind.offer}),
    }
    return type(f"New{name}In", (ListingIn,), fields)


NEW_LISTING: dict[str, Shape] = {kind.code: _new(kind) for kind in DIRECTIONS}
NewListingIn = PolymorphicProxySerializer("NewListingIn", NEW_LISTING, "direction")


class HoursIn(serializers.Serializer[Any]):
    weekday = Whole(max_value=6)
    start_minute = Whole(max_value=1439)
    end_minute = Whole(min_value=1, max_value=1440)
    from_date = Day(allow_null=True, default=None)
    until_date = Day(allow_null=True, default=None)


class WeekIn(serializers.Serializer[Any]):
    hours = HoursIn(many=True, allow_empty=True, max_length=availability.MOST_RULES)  # type: ignore[call-arg]  # lists take it


class ExceptionIn(serializers.Serializer[Any]):
    start = Instant()
    end = Instant()
    is_open = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=120, allow_blank=True, default="")


class ListingVersionOut(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    content = serializers.JSONField()
    made_at = serializers.DateTimeField()


class OwnQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=_STATES, required=False, default="")
    words = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class SearchQuery(serializers.Serializer[Any]):
    """Filters of the search; attributes of the direction are asked for as `a.<name>`, several times if wanted."""

    words = serializers.CharField(max_length=100, required=False, allow_blank=True)
    direction = serializers.ChoiceField(choices=CODES, required=False)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False)
    radius_m = Whole(max_value=3_000_000, required=False)
    division = serializers.RegexField(r"^([0-9]{2}|[0-9]{4}|[0-9]{6})$", required=False)
    industry = serializers.RegexField(r"^[A-Z][0-9]{0,4}$", required=False)
    unit = serializers.CharField(max_length=32, required=False)
    price_from_fen = Fen(required=False)
    price_to_fen = Fen(required=False)
    free_from = Instant(required=False)
    free_until = Instant(required=False)
    order = serializers.ChoiceField(choices=[sort.value for sort in Sort], required=False)
    page = Whole(min_value=1, max_value=search.MOST_PAGES, required=False, default=1)


class ResultsOut(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text="Counted up to 10000.")
    is_total_exact = serializers.BooleanField()
    page = serializers.IntegerField()
    n_pages = serializers.IntegerField()
    listings = FoundOut(many=True)


class Search(Resource):
    permission_classes = [Anyone]

    @operation("Search published listings", ok=ResultsOut, query=SearchQuery)
    def get(self, request: Request) -> Response:
        page = self.query(SearchQuery)["page"]
        filters = search.read(dict(request.query_params.lists()))
        return Response(ResultsOut(search.find(filters, page=page, at=self.at)).data)


class Listings(Resource):
    @operation("List the listings of the party one acts for", ok=ListingOut, query=OwnQuery, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, reads.own(self.actor, **self.query(OwnQuery)), ListingOut)

    @operation("Write a draft", reads=NewListingIn, ok=ListingDetailOut, status=201, problems=(409,), idempotent=True)
    def post(self, request: Request) -> Response:
        wish = self.read(of_direction(request, NEW_LISTING))
        code = wish.pop("direction")
        content = ListingContent(**wish)
        made = invalid_as_400(lambda: listings.create_draft(code, content, by=self.actor, at=self.at))
        return Response(_detail(self, made.code), status=201)


class One(Resource):
    permission_classes = [AnyoneReads]

    @operation("Show a listing", ok=ListingDetailOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(_detail(self, code))

    @operation("Replace what a listing says", reads=ListingIn, ok=ListingDetailOut, problems=(404, 409))
    def put(self, request: Request, code: UUID) -> Response:
        listings.edit(code, ListingContent(**self.read(ListingIn)), by=self.actor, at=self.at)
        return Response(_detail(self, code))


class Move(Resource):
    move = ""

    @operation("Take a step with one's own listing", ok=ListingDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        listings.MOVES[self.move](code, by=self.actor, at=self.at)
        return Response(_detail(self, code))


class Versions(Resource):
    permission_classes = [Anyone]

    @operation("Show every version of a listing", ok=ListingVersionOut, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, reads.versions(code, viewer=self.actor), ListingVersionOut)


class Hours(Resource):
    @operation("Replace the weekly hours", reads=WeekIn, ok=HoursOut(many=True), problems=(404, 409))
    def put(self, request: Request, code: UUID) -> Response:
        hours = [WeeklyHours(**entry) for entry in self.read(WeekIn)["hours"]]
        return Response(HoursOut(availability.set_weekly(code, hours, by=self.actor, at=self.at), many=True).data)


class Exceptions(Resource):
    permission_classes = [AnyoneReads]

    @operation("List the exceptions to the weekly hours that are not over", ok=ExceptionOut, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        listing = reads.get(code, viewer=self.actor)
        return paged(request, hours_reads.exceptions(listing, at=self.at), ExceptionOut)

    @operation("Close or open a period", reads=ExceptionIn, ok=ExceptionOut, status=201, problems=(404, 409))
    def post(self, request: Request, code: UUID) -> Response:
        made = availability.add_exception(code, **self.read(ExceptionIn), by=self.actor, at=self.at)
        return Response(ExceptionOut(made).data, status=201)


class OneException(Resource):
    @operation("Take an exception back", ok=None, status=204, problems=(404, 409))
    def delete(self, request: Request, code: UUID, exception: UUID) -> Response:
        availability.remove_exception(code, exception, by=self.actor, at=self.at)
        return Response(status=204)


def _detail(resource: Resource, code: UUID) -> dict[str, Any]:
    listing = reads.get(code, viewer=resource.actor)
    return dict(ListingDetailOut(listing, context={"request": resource.request}).data)


urlpatterns = [
    path("search", Search.as_view()),
    path("listings", Listings.as_view()),
    path("listings/<uuid:code>", One.as_view()),
    *(path(f"listings/<uuid:code>/{name}", Move.as_view(move=name)) for name in listings.MOVES),
    path("listings/<uuid:code>/versions", Versions.as_view()),
    path("listings/<uuid:code>/weekly-hours", Hours.as_view()),
    path("listings/<uuid:code>/exceptions", Exceptions.as_view()),
    path("listings/<uuid:code>/exceptions/<uuid:exception>", OneException.as_view()),
]

"""Ratings: what both sides of an order say of each other, sealed until both have spoken or a fortnight is over."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import organisations
from api.v1.deal_parts import PartyOut
from api.v1.pagination import paged
from api.v1.permissions import Anyone
from api.v1.resource import Resource
from api.v1.schema import operation
from governance.selectors import ratings as rating_reads
from governance.services import ratings
from governance.services.ratings import RatingWords


class Stars(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=5, **kwargs)


class RatingIn(serializers.Serializer[Any]):
    stars = Stars(help_text="Overall.")
    as_described = Stars()
    on_time = Stars()
    quality = Stars(help_text="Of the work; said of a consumer: of the cooperation.")
    conduct = Stars()
    text = serializers.CharField(max_length=2000, allow_blank=True, default="")


class RatingOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    rater = PartyOut()
    rated = serializers.UUIDField(source="rated.code")
    of_provider = serializers.BooleanField()
    stars = serializers.IntegerField()
    as_described = serializers.IntegerField()
    on_time = serializers.IntegerField()
    quality = serializers.IntegerField()
    conduct = serializers.IntegerField()
    text = serializers.SerializerMethodField(help_text="Empty when hidden.")
    is_hidden = serializers.SerializerMethodField()
    hidden_reason = serializers.CharField()
    reply = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    revealed_at = serializers.DateTimeField(allow_null=True)
    replied_at = serializers.DateTimeField(allow_null=True)

    def get_text(self, rating: Any) -> str:
        return "" if rating.hidden_at else rating.text

    def get_is_hidden(self, rating: Any) -> bool:
        return rating.hidden_at is not None


class OrderRatingsOut(serializers.Serializer[Any]):
    own = RatingOut(allow_null=True)
    other = RatingOut(allow_null=True, help_text="Null while sealed.")
    other_is_in = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True, help_text="At the latest; null until completion.")
    moves = serializers.ListField(child=serializers.ChoiceField(choices=["rate", "reply"]))


class ReplyIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=1000)


class HideIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class OrderRatings(Resource):
    @operation("Show both ratings of an order as one's own side may see them", ok=OrderRatingsOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(self._shown(code))

    @operation(
        "Rate the other side",
        reads=RatingIn,
        ok=OrderRatingsOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        ratings.submit(code, RatingWords(**self.read(RatingIn)), by=self.actor, at=self.at)
        return Response(self._shown(code), status=201)

    def _shown(self, code: UUID) -> dict[str, Any]:
        view = rating_reads.of_order(code, viewer=self.actor, at=self.at)
        moves = [name for name, is_open in (("rate", view.may_rate), ("reply", view.may_reply)) if is_open]
        return OrderRatingsOut({**vars(view), "moves": moves}).data


class ProviderRatings(Resource):
    permission_classes = [Anyone]

    @operation("List the open ratings of a party, newest first", ok=RatingOut, paged=True)
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, rating_reads.public_of(organisations.get(code).pk), RatingOut)


class Reply(Resource):
    @operation(
        "Write the one reply to a rating of one's party",
        reads=ReplyIn,
        ok=RatingOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        ratings.reply(code, **self.read(ReplyIn), by=self.actor, at=self.at)
        return Response(RatingOut(rating_reads.get(code, viewer=self.actor)).data)


class Hide(Resource):
    @operation(
        "Hide unlawful words (operators); stars and trace stay",
        reads=HideIn,
        ok=RatingOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        ratings.hide(code, **self.read(HideIn), by=self.actor, at=self.at)
        return Response(RatingOut(rating_reads.get(code, viewer=self.actor)).data)


urlpatterns = [
    path("orders/<uuid:code>/ratings", OrderRatings.as_view()),
    path("providers/<uuid:code>/ratings", ProviderRatings.as_view()),
    path("ratings/<uuid:code>/reply", Reply.as_view()),
    path("ratings/<uuid:code>/hide", Hide.as_view()),
]

"""Inquiries and quotes: ask on a demand, answer, bargain, compare, award."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import PartyOut
from api.v1.fields import Fen, Instant, Whole, one_of
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.core.parts import MilestonePlan
from marketplace.core.quote_states import InquiryState, QuoteState
from marketplace.directions import CODES
from marketplace.selectors import quotes as quote_reads
from marketplace.services import inquiries, quotes


class InquiryOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    demand = serializers.UUIDField(source="demand.code")
    title = serializers.CharField(source="demand.title")
    direction = one_of(CODES, source="demand.direction")
    consumer = PartyOut()
    state = serializers.ChoiceField(choices=[state.value for state in InquiryState])
    quantity = serializers.IntegerField()
    unit = serializers.CharField()
    is_sealed = serializers.BooleanField(help_text="Nobody but their providers reads the quotes before `closes_at`.")
    note = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()


class PlanOut(serializers.Serializer[Any]):
    title = serializers.CharField()
    due_at = serializers.DateTimeField()
    amount_fen = serializers.IntegerField()


class QuoteOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    inquiry = serializers.UUIDField(source="inquiry.code")
    listing = serializers.UUIDField(source="listing.code")
    provider = PartyOut()
    state = serializers.ChoiceField(choices=[state.value for state in QuoteState])
    quantity = serializers.IntegerField()
    unit_price_fen = serializers.IntegerField()
    setup_fen = serializers.IntegerField()
    total_fen = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    milestones = PlanOut(many=True)
    note = serializers.CharField()
    valid_until = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField()
    counter_unit_price_fen = serializers.IntegerField(allow_null=True)
    counter_note = serializers.CharField()
    moves = serializers.SerializerMethodField(help_text="What the caller may do with it now.")

    def get_moves(self, quote: Any) -> list[str]:
        view = self.context["view"]
        return quote_reads.moves(quote, view.actor, at=view.at)


class ComparedOut(serializers.Serializer[Any]):
    quote = QuoteOut()
    fit = serializers.FloatField(source="fit.score", allow_null=True, default=None)
    distance_m = serializers.FloatField(allow_null=True)
    standing = serializers.IntegerField(help_text="The provider's score in thousandths.")
    best_in = serializers.ListField(child=serializers.CharField())


class InquiriesQuery(serializers.Serializer[Any]):
    own = serializers.BooleanField(default=False, help_text="One's own instead of those that take quotes.")
    direction = serializers.ChoiceField(choices=list(CODES), required=False)


class InquiryIn(serializers.Serializer[Any]):
    demand = serializers.UUIDField()
    closes_at = Instant()
    quantity = Whole(default=0, help_text="All of the demand when left out.")
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class PlanIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    due_at = Instant()
    amount_fen = Fen()


class OfferIn(serializers.Serializer[Any]):
    unit_price_fen = Fen(max_value=10**12)
    setup_fen = Fen(default=0, max_value=10**12)
    starts_at = Instant()
    ends_at = Instant()
    valid_until = Instant()
    milestones = PlanIn(many=True, default=list, max_length=50)  # type: ignore[call-arg]  # lists take it
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")

    def offer(self) -> quotes.Offer:
        read = dict(self.validated_data)
        plans = tuple(MilestonePlan(**plan) for plan in read.pop("milestones"))
        read.pop("listing", None)
        return quotes.Offer(**read, milestones=plans)


class QuoteIn(OfferIn):
    listing = serializers.UUIDField()


class CounterIn(serializers.Serializer[Any]):
    unit_price_fen = Fen(max_value=10**12)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class AwardOut(serializers.Serializer[Any]):
    order = serializers.UUIDField()


class _Quotes(Resource):
    def shown(self, code: UUID, status: int = 200) -> Response:
        found = quote_reads.get(code, viewer=self.actor, at=self.at)
        return Response(QuoteOut(found, context={"view": self}).data, status=status)

    def offer(self, serializer: type[OfferIn]) -> quotes.Offer:
        read = serializer(data=self.request.data)
        read.is_valid(raise_exception=True)
        return read.offer()


class Inquiries(Resource):
    @operation(
        "List the inquiries that take quotes, soonest to close first", ok=InquiryOut, query=InquiriesQuery, paged=True
    )
    def get(self, request: Request) -> Response:
        asked = self.query(InquiriesQuery)
        if asked["own"]:
            return paged(request, quote_reads.inquiries_of(self.actor).select_related("consumer"), InquiryOut)
        return paged(request, quote_reads.open_inquiries(at=self.at, direction=asked.get("direction", "")), InquiryOut)

    @operation(
        "Call for quotes on one's own demand",
        reads=InquiryIn,
        ok=InquiryOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request) -> Response:
        read = self.read(InquiryIn)
        made = inquiries.open_for(read.pop("demand"), **read, by=self.actor, at=self.at)
        return Response(InquiryOut(quote_reads.inquiry(made.code, viewer=self.actor)).data, status=201)


class Inquiry(Resource):
    @operation("Show an inquiry", ok=InquiryOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(InquiryOut(quote_reads.inquiry(code, viewer=self.actor)).data)


class CloseInquiry(Resource):
    @operation("Stop asking without an award", ok=InquiryOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        inquiries.close(code, by=self.actor, at=self.at)
        return Response(InquiryOut(quote_reads.inquiry(code, viewer=self.actor)).data)


class InquiryQuotes(_Quotes):
    @operation("Compare the quotes one may read, cheapest first", ok=ComparedOut(many=True), problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        inquiry = quote_reads.inquiry(code, viewer=self.actor)
        rows = quote_reads.compare(inquiry, viewer=self.actor, at=self.at)
        return Response(ComparedOut(rows, many=True, context={"view": self}).data)

    @operation(
        "Quote from one of one's own listings",
        reads=QuoteIn,
        ok=QuoteOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        listing = self.read(QuoteIn)["listing"]
        made = quotes.submit(code, listing, self.offer(QuoteIn), by=self.actor, at=self.at)
        return self.shown(made.code, status=201)


class Quotes(_Quotes):
    @operation("List the quotes one has given, newest first", ok=QuoteOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, quote_reads.quotes_of(self.actor), QuoteOut, view=self)


class Quote(_Quotes):
    @operation("Show a quote", ok=QuoteOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return self.shown(code)


class ReviseQuote(_Quotes):
    @operation("Replace one's offer", reads=OfferIn, ok=QuoteOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        quotes.revise(code, self.offer(OfferIn), by=self.actor, at=self.at)
        return self.shown(code)


class CounterQuote(_Quotes):
    @operation("Ask for another price", reads=CounterIn, ok=QuoteOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        quotes.counter(code, **self.read(CounterIn), by=self.actor, at=self.at)
        return self.shown(code)


class AnswerQuote(_Quotes):
    @operation("Answer a counter-offer", reads=OfferIn, ok=QuoteOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        quotes.answer(code, self.offer(OfferIn), by=self.actor, at=self.at)
        return self.shown(code)


class AwardQuote(Resource):
    @operation("Choose a quote: it becomes an order", ok=AwardOut, status=201, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return Response({"order": quotes.award(code, by=self.actor, at=self.at).code}, status=201)


class DeclineQuote(_Quotes):
    @operation("Say no to a quote", ok=QuoteOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        quotes.decline(code, by=self.actor, at=self.at)
        return self.shown(code)


class WithdrawQuote(_Quotes):
    @operation("Take one's quote back", ok=QuoteOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        quotes.withdraw(code, by=self.actor, at=self.at)
        return self.shown(code)


urlpatterns = [
    path("inquiries", Inquiries.as_view()),
    path("inquiries/<uuid:code>", Inquiry.as_view()),
    path("inquiries/<uuid:code>/close", CloseInquiry.as_view()),
    path("inquiries/<uuid:code>/quotes", InquiryQuotes.as_view()),
    path("quotes", Quotes.as_view()),
    path("quotes/<uuid:code>", Quote.as_view()),
    path("quotes/<uuid:code>/revise", ReviseQuote.as_view()),
    path("quotes/<uuid:code>/counter", CounterQuote.as_view()),
    path("quotes/<uuid:code>/answer", AnswerQuote.as_view()),
    path("quotes/<uuid:code>/award", AwardQuote.as_view()),
    path("quotes/<uuid:code>/decline", DeclineQuote.as_view()),
    path("quotes/<uuid:code>/withdraw", WithdrawQuote.as_view()),
]

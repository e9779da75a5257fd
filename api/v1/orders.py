"""Orders: asked for from a listing, answered, carried out, cancelled; with terms, parts, history and what is due."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import BookingOut, DeliveryOut, MilestoneOut, OptionalReasonIn, PartyOut, SlotIn, slots_of
from api.v1.fields import Fen, Instant, Whole, one_of
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation
from api.v1.settlements import InvoiceOut, SettlementOut
from marketplace.core.deal import Line
from marketplace.core.order_states import OrderState
from marketplace.core.parts import MilestonePlan, Slot
from marketplace.directions import CODES, Lifecycle
from marketplace.selectors import orders as order_reads
from marketplace.services import orders

_STATES = [state.value for state in OrderState]
MOST_PARTS = 50


class OrderOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    direction = one_of(CODES)
    lifecycle = serializers.ChoiceField(choices=[kind.value for kind in Lifecycle])
    state = serializers.ChoiceField(choices=_STATES)
    title = serializers.CharField()
    consumer = PartyOut()
    provider = PartyOut(allow_null=True, help_text="Null for a bundle: its legs have their own.")
    listing = serializers.UUIDField(source="listing.code", allow_null=True, default=None)
    demand = serializers.UUIDField(source="demand.code", allow_null=True, default=None)
    bundle = serializers.UUIDField(source="parent.code", allow_null=True, default=None)
    quantity = serializers.IntegerField()
    unit = serializers.CharField()
    unit_price_fen = serializers.IntegerField()
    setup_fen = serializers.IntegerField()
    total_fen = serializers.IntegerField(help_text="Tax included; nothing is added.")
    start = serializers.DateTimeField(source="period.lower", allow_null=True, default=None)
    end = serializers.DateTimeField(source="period.upper", allow_null=True, default=None)
    source = one_of(["request", "quote", "match"])  # type: ignore[assignment]  # named so
    proposed_at = serializers.DateTimeField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="When the system moves it on.")
    moves = serializers.SerializerMethodField(help_text="What the caller may do with it now.")

    def get_moves(self, order: Any) -> list[str]:
        return order_reads.moves(order, self.context["request"]._request.actor)


class OrderStepOut(serializers.Serializer[Any]):
    move = serializers.CharField()
    part = one_of(["booking", "milestone", "delivery"], or_none=True, help_text="Empty for the order itself.")
    part_code = serializers.UUIDField(allow_null=True)
    source_state = serializers.CharField()
    target_state = serializers.CharField()
    by = serializers.CharField(source="by_organisation.name", allow_null=True, default=None)
    at = serializers.DateTimeField()
    reason = serializers.CharField()


class AcceptanceOut(serializers.Serializer[Any]):
    party = serializers.UUIDField(source="organisation.code")
    at = serializers.DateTimeField()


class AgreementOut(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="SHA-256 of `canonical` in UTF-8.")
    canonical = serializers.CharField(help_text="JSON with sorted keys and no blanks.")
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    made_at = serializers.DateTimeField()
    acceptances = AcceptanceOut(many=True)


class OrderDetailOut(OrderOut):
    note = serializers.CharField()
    cancel_fee_fen = serializers.IntegerField()
    bookings = BookingOut(many=True)
    milestones = MilestoneOut(many=True)
    deliveries = DeliveryOut(many=True)
    legs = OrderOut(many=True)
    agreements = AgreementOut(many=True, help_text="Newest first.")
    settlement = SettlementOut(allow_null=True)
    invoice = InvoiceOut(allow_null=True)
    steps = OrderStepOut(many=True)


class ListQuery(serializers.Serializer[Any]):
    group = serializers.ChoiceField(choices=list(order_reads.GROUPS), required=False)
    side = serializers.ChoiceField(choices=["consumer", "provider"], required=False)
    direction = serializers.ChoiceField(choices=list(CODES), required=False)


class MilestoneIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    due_at = Instant()
    amount_fen = Fen()


class LineIn(serializers.Serializer[Any]):
    listing = serializers.UUIDField()
    quantity = Whole(default=0, help_text="In the listing's unit; follows from `slots` when left out.")
    start = Instant(required=False)
    end = Instant(required=False)
    slots = SlotIn(  # type: ignore[call-arg]  # lists take it
        many=True, default=list, max_length=MOST_PARTS, help_text="Whole hours, for what is booked by the hour."
    )
    milestones = MilestoneIn(  # type: ignore[call-arg]  # lists take it
        many=True, default=list, max_length=MOST_PARTS, help_text="For tasks; one part due at `end` when left out."
    )


class RequestIn(LineIn):
    demand = serializers.UUIDField(required=False)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class BundleIn(serializers.Serializer[Any]):
    lines = serializers.ListField(child=LineIn(), min_length=2, max_length=20)
    demand = serializers.UUIDField(required=False)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class AcceptIn(serializers.Serializer[Any]):
    read_sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$", help_text="Hash of the newest terms: what one accepts is what one has read."
    )


class CancelIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)
    shown_fee_fen = Fen(help_text="As GET …/cancel-fee said; refused when it has changed since.")


class FeeOut(serializers.Serializer[Any]):
    fen = serializers.IntegerField()
    percent = serializers.IntegerField()
    base_fen = serializers.IntegerField()
    is_late = serializers.BooleanField(help_text="It will be noted on the caller's record.")


def _line(read: dict[str, Any]) -> Line:
    return Line(
        read["listing"],
        read["quantity"] or sum(Slot(slot["start"], slot["end"]).hours for slot in read["slots"]),
        0,
        start=read.get("start"),
        end=read.get("end"),
        slots=slots_of(read["slots"]),
        milestones=tuple(MilestonePlan(**plan) for plan in read["milestones"]),
    )


class _Orders(Resource):
    def detail(self, code: UUID, status: int = 200) -> Response:
        """Answer the order as it stands now, with everything that belongs to it."""
        deal = order_reads.deal(code, viewer=self.actor)
        context = {"request": self.request}
        body = dict(OrderOut(deal.order, context=context).data)
        body |= {
            "moves": deal.moves,
            "note": deal.order.note,
            "cancel_fee_fen": deal.order.cancel_fee_fen,
            "bookings": BookingOut(deal.bookings, many=True, context=context).data,
            "milestones": MilestoneOut(deal.milestones, many=True, context=context).data,
            "deliveries": DeliveryOut(deal.deliveries, many=True, context=context).data,
            "legs": OrderOut(deal.legs, many=True, context=context).data,
            "agreements": AgreementOut(deal.agreements, many=True).data,
            "settlement": SettlementOut(deal.settlement).data if deal.settlement else None,
            "invoice": InvoiceOut(deal.invoice).data if deal.invoice else None,
            "steps": OrderStepOut(deal.steps, many=True).data,
        }
        return Response(body, status=status)


class Orders(_Orders):
    @operation("List the orders in which one is a side, newest first", ok=OrderOut, query=ListQuery, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, order_reads.listed(self.actor, **self.query(ListQuery)), OrderOut)

    @operation(
        "Ask for a listing at its listed price",
        reads=RequestIn,
        ok=OrderDetailOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request) -> Response:
        read = self.read(RequestIn)
        made = orders.request_bundle(
            [_line(read)], demand_code=read.get("demand"), note=read["note"], by=self.actor, at=self.at
        )
        return self.detail(made.code, status=201)


class Bundles(_Orders):
    @operation(
        "Ask several providers at once, all or nothing",
        reads=BundleIn,
        ok=OrderDetailOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request) -> Response:
        read = self.read(BundleIn)
        lines = [_line(line) for line in read["lines"]]
        made = orders.request_bundle(
            lines, demand_code=read.get("demand"), note=read["note"], by=self.actor, at=self.at
        )
        return self.detail(made.code, status=201)


class Order(_Orders):
    @operation("Show an order with its parts, terms and history", ok=OrderDetailOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return self.detail(code)


class AcceptOrder(_Orders):
    @operation("Accept the proposed terms", reads=AcceptIn, ok=OrderDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        orders.accept(code, **self.read(AcceptIn), by=self.actor, at=self.at)
        return self.detail(code)


class RefuseOrder(_Orders):
    @operation("Refuse a proposal", reads=OptionalReasonIn, ok=OrderDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        orders.refuse(code, **self.read(OptionalReasonIn), by=self.actor, at=self.at)
        return self.detail(code)


class WithdrawOrder(_Orders):
    @operation(
        "Take one's own proposal back", reads=OptionalReasonIn, ok=OrderDetailOut, problems=(404, 409), idempotent=True
    )
    def post(self, request: Request, code: UUID) -> Response:
        orders.withdraw(code, **self.read(OptionalReasonIn), by=self.actor, at=self.at)
        return self.detail(code)


class StartOrder(_Orders):
    @operation("Begin the work", ok=OrderDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        orders.start(code, by=self.actor, at=self.at)
        return self.detail(code)


class CompleteOrder(_Orders):
    @operation("Say that nothing more is wanted", ok=OrderDetailOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        orders.complete(code, by=self.actor, at=self.at)
        return self.detail(code)


class CancelFee(_Orders):
    @operation("Say what cancelling now would cost", ok=FeeOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        order = order_reads.get(code, viewer=self.actor)
        return Response(FeeOut(orders.cancel_fee(order, by=self.actor, at=self.at)).data)


class CancelOrder(_Orders):
    @operation(
        "Leave an agreed order, with the fee its terms say",
        reads=CancelIn,
        ok=OrderDetailOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        orders.cancel(code, **self.read(CancelIn), by=self.actor, at=self.at)
        return self.detail(code)


class HoldOrder(_Orders):
    @operation(
        "Stop an order while a dispute stands (staff)",
        reads=OptionalReasonIn,
        ok=OrderDetailOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        orders.hold(code, **self.read(OptionalReasonIn), by=self.actor, at=self.at)
        return self.detail(code)


class ReleaseOrder(_Orders):
    @operation(
        "Let a held order go on (staff)",
        reads=OptionalReasonIn,
        ok=OrderDetailOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        orders.release(code, **self.read(OptionalReasonIn), by=self.actor, at=self.at)
        return self.detail(code)


_MOVES = {
    "accept": AcceptOrder,
    "pledge": AcceptOrder,
    "refuse": RefuseOrder,
    "withdraw": WithdrawOrder,
    "start": StartOrder,
    "complete": CompleteOrder,
    "cancel": CancelOrder,
    "hold": HoldOrder,
    "release": ReleaseOrder,
}

urlpatterns = [
    path("orders", Orders.as_view()),
    path("orders/bundles", Bundles.as_view()),
    path("orders/<uuid:code>", Order.as_view()),
    path("orders/<uuid:code>/cancel-fee", CancelFee.as_view()),
    *(path(f"orders/<uuid:code>/{move}", view.as_view()) for move, view in _MOVES.items()),
]

"""What is due for an order, that it was paid elsewhere, and the invoice."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.fields import one_of
from api.v1.resource import Resource
from api.v1.schema import operation
from marketplace.core.deal import INVOICE_KINDS
from marketplace.services import settlements


class DueItemOut(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # the field is called so
    fen = serializers.IntegerField()


class SettlementOut(serializers.Serializer[Any]):
    state = one_of(["due", "reported", "confirmed"])
    amount_fen = serializers.IntegerField()
    items = DueItemOut(many=True)
    channel = serializers.CharField()
    reference = serializers.CharField()
    due_from = serializers.DateTimeField()
    reported_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)


class InvoiceOut(serializers.Serializer[Any]):
    kind = one_of(INVOICE_KINDS)
    title = serializers.CharField()
    tax_code = serializers.CharField()
    email = serializers.EmailField()
    amount_fen = serializers.IntegerField()
    state = one_of(["requested", "issued"])
    number = serializers.CharField()
    requested_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField(allow_null=True)


class PaidIn(serializers.Serializer[Any]):
    channel = serializers.CharField(max_length=32)
    reference = serializers.CharField(max_length=100)


class InvoiceIn(serializers.Serializer[Any]):
    kind = one_of(INVOICE_KINDS)
    title = serializers.CharField(max_length=200)
    tax_code = serializers.CharField(max_length=20)
    email = serializers.EmailField()


class InvoiceNumberIn(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=20)


class ReportPaid(Resource):
    @operation(
        "Say that one has paid, outside the platform",
        reads=PaidIn,
        ok=SettlementOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        return Response(
            SettlementOut(settlements.report_paid(code, **self.read(PaidIn), by=self.actor, at=self.at)).data
        )


class ConfirmPaid(Resource):
    @operation("Say that the money arrived", ok=SettlementOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return Response(SettlementOut(settlements.confirm_paid(code, by=self.actor, at=self.at)).data)


class Invoice(Resource):
    @operation(
        "Ask the provider for an invoice",
        reads=InvoiceIn,
        ok=InvoiceOut,
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        made = settlements.request_invoice(code, **self.read(InvoiceIn), by=self.actor, at=self.at)
        return Response(InvoiceOut(made).data, status=201)


class InvoiceIssued(Resource):
    @operation(
        "Write down the number of the issued invoice",
        reads=InvoiceNumberIn,
        ok=InvoiceOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        made = settlements.record_invoice(code, **self.read(InvoiceNumberIn), by=self.actor, at=self.at)
        return Response(InvoiceOut(made).data)


urlpatterns = [
    path("orders/<uuid:code>/paid", ReportPaid.as_view()),
    path("orders/<uuid:code>/paid/confirm", ConfirmPaid.as_view()),
    path("orders/<uuid:code>/invoice", Invoice.as_view()),
    path("orders/<uuid:code>/invoice/issued", InvoiceIssued.as_view()),
]

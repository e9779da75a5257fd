"""Bookings, milestones and deliveries: the parts of an order, moved one by one; and the free hours of a listing."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.deal_parts import BookingOut, DeliveryOut, MilestoneOut, OptionalReasonIn, SlotIn, slots_of
from api.v1.fields import Day, Whole
from api.v1.files import WORK, StoredFile
from api.v1.pagination import paged
from api.v1.permissions import AnyoneReads
from api.v1.resource import Resource
from api.v1.schema import operation
from common.parsers import JSONBodyParser
from marketplace.core.opening import SHANGHAI
from marketplace.selectors import bookings as booking_reads
from marketplace.selectors import milestones as milestone_reads
from marketplace.selectors import slots as slot_reads
from marketplace.services import bookings, deliveries, milestones


class ReserveIn(serializers.Serializer[Any]):
    slots = serializers.ListField(child=SlotIn(), min_length=1, max_length=50)


class FinishIn(serializers.Serializer[Any]):
    used_s = Whole(required=False, max_value=30 * 86_400, help_text="From a meter; else the time since the start.")


class WhyIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class SubmitIn(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class SubmitFormIn(SubmitIn):
    file = serializers.FileField(required=False, help_text="JPEG, PNG, WebP or PDF, up to 20 MB.")


class ShipIn(serializers.Serializer[Any]):
    waybill = serializers.CharField(max_length=100, allow_blank=True, default="")


class AcceptDeliveryIn(serializers.Serializer[Any]):
    quantity = Whole(required=False, help_text="The good part of it; all when left out.")


class CalendarQuery(serializers.Serializer[Any]):
    first = Day(required=False, help_text="Shanghai day; today when left out.")
    days = serializers.IntegerField(min_value=1, max_value=31, default=7)


class CellOut(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["free", "taken", "closed", "past"])


class DayOut(serializers.Serializer[Any]):
    date = serializers.DateField()
    cells = CellOut(many=True)


class Calendar(Resource):
    permission_classes = [AnyoneReads]

    @operation("Show which hours of a listing are free", ok=DayOut(many=True), query=CalendarQuery, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        asked = self.query(CalendarQuery)
        listing = slot_reads.listing(code, viewer=self.actor)
        first = asked.get("first") or self.at.astimezone(SHANGHAI).date()
        return Response(DayOut(slot_reads.calendar(listing, first, days=asked["days"], at=self.at), many=True).data)


class Bookings(Resource):
    @operation("List the bookings of both sides of one's deals, latest first", ok=BookingOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, booking_reads.visible_to(self.actor), BookingOut)


class _Part(Resource):
    def shown(self, serializer: Any, part: Any) -> Response:
        return Response(serializer(part, context={"request": self.request}).data)


class Booking(_Part):
    @operation("Show a booking", ok=BookingOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return self.shown(BookingOut, booking_reads.get(code, viewer=self.actor))


class Reserve(Resource):
    @operation(
        "Choose times under an agreed order",
        reads=ReserveIn,
        ok=BookingOut(many=True),
        status=201,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        slots = slots_of(self.read(ReserveIn)["slots"])
        made = bookings.reserve(code, slots, by=self.actor, at=self.at)
        return Response(BookingOut(made, many=True, context={"request": request}).data, status=201)


class StartBooking(_Part):
    @operation("Begin a use", ok=BookingOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(BookingOut, bookings.start(code, by=self.actor, at=self.at))


class FinishBooking(_Part):
    @operation("End a use", reads=FinishIn, ok=BookingOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(BookingOut, bookings.finish(code, **self.read(FinishIn), by=self.actor, at=self.at))


class MissBooking(_Part):
    @operation("Record that nobody came", ok=BookingOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(BookingOut, bookings.miss(code, by=self.actor, at=self.at))


class CancelBooking(_Part):
    @operation("Give a time back", reads=OptionalReasonIn, ok=BookingOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(BookingOut, bookings.cancel(code, **self.read(OptionalReasonIn), by=self.actor, at=self.at))


class SubmitMilestone(_Part):
    parser_classes = [JSONBodyParser, MultiPartParser]

    @operation(
        "Hand a part in",
        reads={"application/json": SubmitIn, "multipart/form-data": SubmitFormIn},
        ok=MilestoneOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        read = self.read(SubmitIn, form=SubmitFormIn)
        file = read.get("file")
        upload = file.read() if file else None
        name = file.name if file else ""
        done = milestones.submit(code, note=read["note"], upload=upload, upload_name=name, by=self.actor, at=self.at)
        return self.shown(MilestoneOut, done)


class AcceptMilestone(_Part):
    @operation("Accept a part", ok=MilestoneOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(MilestoneOut, milestones.accept(code, by=self.actor, at=self.at))


class AskRework(_Part):
    @operation("Send a part back", reads=WhyIn, ok=MilestoneOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(MilestoneOut, milestones.ask_rework(code, **self.read(WhyIn), by=self.actor, at=self.at))


class MilestoneFile(StoredFile):
    @operation("Fetch what was handed in", ok=WORK, problems=(404,))
    def get(self, request: Request, code: UUID) -> FileResponse:
        found = milestone_reads.with_file(code, viewer=self.actor)
        return self.sent(found.file, name=found.file_name)


class ShipDelivery(_Part):
    @operation("Send a consignment", reads=ShipIn, ok=DeliveryOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(DeliveryOut, deliveries.ship(code, **self.read(ShipIn), by=self.actor, at=self.at))


class AcceptDelivery(_Part):
    @operation(
        "Accept a consignment or the good part of it",
        reads=AcceptDeliveryIn,
        ok=DeliveryOut,
        problems=(404, 409),
        idempotent=True,
    )
    def post(self, request: Request, code: UUID) -> Response:
        read = self.read(AcceptDeliveryIn)
        return self.shown(DeliveryOut, deliveries.accept(code, **read, by=self.actor, at=self.at))


class ReturnDelivery(_Part):
    @operation("Send a consignment back", reads=WhyIn, ok=DeliveryOut, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        return self.shown(DeliveryOut, deliveries.send_back(code, **self.read(WhyIn), by=self.actor, at=self.at))


urlpatterns = [
    path("listings/<uuid:code>/calendar", Calendar.as_view()),
    path("bookings", Bookings.as_view()),
    path("bookings/<uuid:code>", Booking.as_view()),
    path("bookings/<uuid:code>/start", StartBooking.as_view()),
    path("bookings/<uuid:code>/finish", FinishBooking.as_view()),
    path("bookings/<uuid:code>/miss", MissBooking.as_view()),
    path("bookings/<uuid:code>/cancel", CancelBooking.as_view()),
    path("orders/<uuid:code>/bookings", Reserve.as_view()),
    path("milestones/<uuid:code>/submit", SubmitMilestone.as_view()),
    path("milestones/<uuid:code>/accept", AcceptMilestone.as_view()),
    path("milestones/<uuid:code>/ask_rework", AskRework.as_view()),
    path("milestones/<uuid:code>/file", MilestoneFile.as_view()),
    path("deliveries/<uuid:code>/ship", ShipDelivery.as_view()),
    path("deliveries/<uuid:code>/accept", AcceptDelivery.as_view()),
    path("deliveries/<uuid:code>/return", ReturnDelivery.as_view()),
]

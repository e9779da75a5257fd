"""The parts of an order as the API shows them, and how slots are read."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from api.v1.fields import Instant
from marketplace.core.booking_states import BookingState
from marketplace.core.delivery_states import DeliveryState
from marketplace.core.milestone_states import MilestoneState
from marketplace.core.parts import Slot
from marketplace.selectors import orders as order_reads


class PartyOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    name = serializers.CharField()


class _PartOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    moves = serializers.SerializerMethodField(help_text="What the caller may do with it now.")

    def get_moves(self, part: Any) -> list[str]:
        return order_reads.part_moves(part, self.context["request"]._request.actor)


class BookingOut(_PartOut):
    order = serializers.UUIDField(source="order.code")
    listing = serializers.UUIDField(source="listing.code")
    state = serializers.ChoiceField(choices=[state.value for state in BookingState])
    start = serializers.DateTimeField(source="period.lower")
    end = serializers.DateTimeField(source="period.upper")
    hours = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    used_s = serializers.IntegerField(allow_null=True, help_text="Metered seconds.")
    metered_by = serializers.CharField()


class MilestoneOut(_PartOut):
    ordinal = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in MilestoneState])
    due_at = serializers.DateTimeField()
    amount_fen = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    submission_note = serializers.CharField()
    file_name = serializers.CharField()
    file_sha256 = serializers.CharField()
    accept_by = serializers.DateTimeField(allow_null=True, help_text="Silence until then counts as acceptance.")
    accepted_at = serializers.DateTimeField(allow_null=True)


class DeliveryOut(_PartOut):
    ordinal = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[state.value for state in DeliveryState])
    start = serializers.DateTimeField(source="period.lower")
    end = serializers.DateTimeField(source="period.upper")
    quantity = serializers.IntegerField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    waybill = serializers.CharField()
    accept_by = serializers.DateTimeField(allow_null=True, help_text="Silence until then counts as acceptance.")
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_quantity = serializers.IntegerField(allow_null=True)


class SlotIn(serializers.Serializer[Any]):
    start = Instant()
    end = Instant()


class OptionalReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


def slots_of(read: Iterable[dict[str, Any]]) -> tuple[Slot, ...]:
    """Return the slots of a valid body."""
    return tuple(Slot(slot["start"], slot["end"]) for slot in read)

"""What is known about a party, fact by fact, and what the party says against a fact."""

import uuid

from django.db import models
from django.db.models import F, Q

from credit.core.kinds import EventKind, ObjectionState, Source


class CreditEvent(models.Model):
    """One fact about one party from one source; a trigger refuses every change and removal."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="credit_events")
    kind = models.CharField(max_length=32, choices=[(k, k.name) for k in EventKind])
    source = models.CharField(max_length=16, choices=[(s, s.name) for s in Source])
    source_code = models.CharField(max_length=64)  # an order's code, a document number: it names, it does not tell
    basis = models.CharField(max_length=200, blank=True, default="")  # the rule or law behind it, where there is one
    value = models.FloatField(null=True)  # 0 bad to 1 good, only for ratings
    weight = models.FloatField(default=1.0)  # evidence weight under the rule in force when it was recorded
    counterparty = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    effect_until = models.DateTimeField(null=True)  # the effect ends here by itself; null means that it only fades
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="credit_event_reported_once", fields=["kind", "source", "source_code", "organisation"]
            ),
            models.CheckConstraint(name="credit_event_kind_known", condition=Q(kind__in=sorted(EventKind))),
            models.CheckConstraint(name="credit_event_source_known", condition=Q(source__in=sorted(Source))),
            models.CheckConstraint(
                name="credit_event_value_in_range", condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=1)
            ),
            models.CheckConstraint(name="credit_event_weight_positive", condition=Q(weight__gt=0)),
            models.CheckConstraint(
                name="credit_event_effect_ends_later",
                condition=Q(effect_until__isnull=True) | Q(effect_until__gt=F("occurred_at")),
            ),
        ]
        indexes = [models.Index(name="credit_event_by_party", fields=["organisation", "occurred_at", "id"])]


class Objection(models.Model):
    """A party disputes a fact about it; while it is upheld, the fact has no effect. A person decides."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.OneToOneField(CreditEvent, on_delete=models.PROTECT, related_name="objection")
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in ObjectionState], default=ObjectionState.OPEN)
    reason = models.TextField()
    answer = models.TextField(blank=True, default="")
    filed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="objection_state_known", condition=Q(state__in=sorted(ObjectionState))),
            models.CheckConstraint(
                name="objection_decided_by_a_person",
                condition=Q(state=ObjectionState.OPEN, decided_by__isnull=True)
                | (~Q(state=ObjectionState.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]


class RingAlert(models.Model):
    """A group of raters that agrees more than chance allows; damped until a person lifts or confirms it."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    found_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ring_alert_decided_by_a_person",
                condition=Q(confirmed_at__isnull=True, lifted_at__isnull=True) | Q(decided_by__isnull=False),
            ),
        ]


class RingMember(models.Model):
    """One rater of a suspected ring."""

    alert = models.ForeignKey(RingAlert, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="ring_member_once", fields=["alert", "organisation"])]

"""A demand: one need with its limits, the legs of a bundle, and its versions."""

import uuid

from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import Q

from marketplace.core.demand_states import DEMAND, DemandState


class DemandQuerySet(models.QuerySet["Demand"]):
    def of_organisation(self, organisation_id: int | None) -> "DemandQuerySet":
        return self.filter(owner_id=organisation_id)

    def published(self) -> "DemandQuerySet":
        return self.filter(state=DemandState.PUBLISHED)

    def joined(self) -> "DemandQuerySet":
        return self.select_related("owner").prefetch_related("legs")


class Demand(models.Model):
    """What one party needs; the budget is the consumer's own secret and only bounds what is proposed."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="demands")
    direction = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in DemandState], default=DEMAND.initial)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=8000)
    attributes = models.JSONField(default=dict)
    attributes_version = models.PositiveSmallIntegerField(default=1)
    quantity = models.PositiveBigIntegerField(default=1)  # in `unit`
    unit = models.CharField(max_length=32)  # one of the direction's units
    budget_fen = models.PositiveBigIntegerField(null=True)  # most the consumer pays per unit; null: open to quotes
    is_whole = models.BooleanField(default=False)  # all of it or nothing
    max_suppliers = models.PositiveSmallIntegerField(default=1)
    period = DateTimeRangeField(null=True)  # from the earliest begin to the latest end, half-open
    place = models.PointField(srid=4326, geography=True, null=True, spatial_index=False)
    radius_m = models.PositiveIntegerField(null=True)  # around `place`; null: anywhere
    address = models.CharField(max_length=240, blank=True)
    division_code = models.CharField(max_length=6, blank=True)  # GB/T 2260
    industry_code = models.CharField(max_length=8, blank=True)  # GB/T 4754, with its section letter
    deadline_at = models.DateTimeField(null=True)  # answers are taken until then
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    search_text = models.TextField(blank=True)  # words, segmented, one blank between them
    search = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    import_run = models.ForeignKey(
        "marketplace.ImportRun", on_delete=models.PROTECT, null=True, related_name="demands", db_index=False
    )

    objects = DemandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="demand_state_known", condition=Q(state__in=sorted(DemandState))),
            models.CheckConstraint(name="demand_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="demand_wants_a_supplier", condition=Q(max_suppliers__gt=0)),
            models.CheckConstraint(
                name="demand_period_not_empty", condition=Q(period__isnull=True) | Q(period__isempty=False)
            ),
            models.CheckConstraint(
                name="demand_published_has_date",
                condition=Q(published_at__isnull=False) | Q(state__in=[DemandState.DRAFT, DemandState.CLOSED]),
            ),
            models.CheckConstraint(
                name="demand_radius_around_a_place", condition=Q(radius_m__isnull=True) | Q(place__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="demand_by_owner", fields=["owner", "-changed_at"]),
            models.Index(name="demand_new", fields=["-published_at", "-id"], condition=Q(state="published")),
            models.Index(
                name="demand_division",
                fields=["direction", "division_code"],
                opclasses=["varchar_ops", "varchar_pattern_ops"],
                condition=Q(state="published"),
            ),
            GistIndex(name="demand_place", fields=["place"], condition=Q(state="published")),
            GinIndex(name="demand_words", fields=["search"], condition=Q(state="published")),
            # services.demands.expire_due
            models.Index(name="demand_deadline", fields=["deadline_at"], condition=Q(state="published")),
            models.Index(name="demand_import", fields=["import_run"], condition=Q(import_run__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title


class DemandLeg(models.Model):
    """One part of a bundle, wanted together with the others or not at all."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="legs")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=64)
    attributes = models.JSONField(default=dict)  # of the direction's leg schema
    quantity = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=32)
    budget_fen = models.PositiveBigIntegerField(null=True)  # most the consumer pays per unit of this leg

    class Meta:
        constraints = [
            models.UniqueConstraint(name="demand_leg_ordinal_once", fields=["demand", "ordinal"]),
            models.CheckConstraint(name="demand_leg_quantity_positive", condition=Q(quantity__gt=0)),
        ]


class DemandVersion(models.Model):
    """What a demand said from one change to the next; rows are only ever added."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()  # every public column, the attributes and the legs
    made_at = models.DateTimeField()
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="demand_version_once", fields=["demand", "version"])]


class DemandStep(models.Model):
    """One move of a demand; rows are only ever added."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=16)
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)
    at = models.DateTimeField()
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

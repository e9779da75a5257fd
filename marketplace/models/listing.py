"""A listing: one offer of idle capacity, what describes it, its versions and its files."""

import uuid

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.fields.json import KeyTextTransform

from marketplace.core.listing_states import LISTING, ListingState
from marketplace.directions import DIRECTIONS, Direction, narrowing


def class_of(direction: Direction, attributes: str = "attributes") -> Func:
    """Return the class of an offer of `direction`, whose attributes stand in the column `attributes`."""
    return Func(KeyTextTransform(narrowing(direction), attributes), Value("."), Value(1), function="split_part")


def _family(direction: Direction) -> Func:
    parts = (Value(f"{direction.code}/"), F("unit"), Value("/"), class_of(direction))
    return Func(*parts, template="%(expressions)s", arg_joiner=" || ", output_field=models.TextField())


class ListingQuerySet(models.QuerySet["Listing"]):
    def of_organisation(self, organisation_id: int | None) -> "ListingQuerySet":
        return self.filter(owner_id=organisation_id)

    def published(self) -> "ListingQuerySet":
        return self.filter(state=ListingState.PUBLISHED)

    def joined(self) -> "ListingQuerySet":
        return self.select_related("owner")


class Listing(models.Model):
    """What one party offers; what its direction alone knows stands in `attributes`, the rest in real columns."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="listings")
    direction = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in ListingState], default=LISTING.initial)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=240, blank=True)
    description = models.TextField(blank=True, max_length=8000)
    attributes = models.JSONField(default=dict)
    attributes_version = models.PositiveSmallIntegerField(default=1)
    # On the spheroid, so that distances are metres; null where the work is done at a distance.
    place = models.PointField(srid=4326, geography=True, null=True, spatial_index=False)
    address = models.CharField(max_length=240, blank=True)
    division_code = models.CharField(max_length=6, blank=True)  # GB/T 2260
    industry_code = models.CharField(max_length=8, blank=True)  # GB/T 4754, with its section letter
    unit = models.CharField(max_length=32)  # one of the direction's units
    price_fen = models.PositiveBigIntegerField(null=True)  # per unit, tax included; null: by quote
    reserve_price_fen = models.PositiveBigIntegerField(null=True)  # least the provider takes; nobody else sees it
    setup_fee_fen = models.PositiveBigIntegerField(default=0)  # once per order
    minimum_lot = models.PositiveBigIntegerField(default=1)  # in `unit`
    capacity_per_week = models.PositiveBigIntegerField(null=True)  # in `unit`; null: opening hours alone decide
    lead_time_days = models.PositiveSmallIntegerField(default=0)
    valid_until = models.DateField(null=True)  # last day of the licence or certificate it rests on
    is_allotted = models.BooleanField(default=False)  # match rounds alone give it away; else first come, first served
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    # The provider's score in thousandths, copied from the credit ledger so that search can order by it.
    standing = models.PositiveSmallIntegerField(default=500)
    # A fixed draw in [0, 2**31) that orders results without regard to who looks or who pays.
    lottery = models.PositiveIntegerField()
    search_text = models.TextField(blank=True)  # words of all the above, segmented, one blank between them
    search = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    # Direction, unit and class while it is published; no offer fits a need of another family.
    family = models.GeneratedField(
        expression=Case(*(When(state="published", direction=each.code, then=_family(each)) for each in DIRECTIONS)),
        output_field=models.TextField(null=True),
        db_persist=True,
    )
    import_run = models.ForeignKey(
        "marketplace.ImportRun", on_delete=models.PROTECT, null=True, related_name="listings", db_index=False
    )

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="listing_state_known", condition=Q(state__in=sorted(ListingState))),
            models.CheckConstraint(
                name="listing_reserve_up_to_price",
                condition=Q(reserve_price_fen__isnull=True)
                | Q(price_fen__isnull=True)
                | Q(reserve_price_fen__lte=F("price_fen")),
            ),
            models.CheckConstraint(name="listing_minimum_lot_positive", condition=Q(minimum_lot__gt=0)),
            models.CheckConstraint(
                name="listing_published_has_date",
                condition=Q(published_at__isnull=False) | Q(state__in=[ListingState.DRAFT, ListingState.CLOSED]),
            ),
        ]
        indexes = [
            models.Index(name="listing_by_owner", fields=["owner", "-changed_at"]),
            # selectors.search: one index for each order, over what is published
            models.Index(name="listing_new", fields=["-published_at", "-id"], condition=Q(state="published")),
            models.Index(name="listing_price", fields=["price_fen", "id"], condition=Q(state="published")),
            models.Index(name="listing_standing", fields=["-standing", "id"], condition=Q(state="published")),
            models.Index(name="listing_lottery", fields=["lottery", "id"], condition=Q(state="published")),
            models.Index(
                name="listing_division",
                fields=["direction", "division_code"],
                opclasses=["varchar_ops", "varchar_pattern_ops"],
                condition=Q(state="published"),
            ),
            # As an expression, for Django forgets the condition of an index on a place alone.
            GistIndex(F("place"), name="listing_place", condition=Q(state="published")),
            # selectors.nearby: all offers of some families
            models.Index(name="listing_family", fields=["family"], condition=Q(family__isnull=False)),
            GinIndex(name="listing_words", fields=["search"], condition=Q(state="published")),
            GinIndex(
                name="listing_attributes",
                fields=["attributes"],
                opclasses=["jsonb_path_ops"],
                condition=Q(state="published"),
            ),
            # the nightly look for what has run out
            models.Index(name="listing_valid_until", fields=["valid_until"], condition=Q(state="published")),
            # the undoing of an import
            models.Index(name="listing_import", fields=["import_run"], condition=Q(import_run__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def floor_fen(self) -> int | None:
        """The least price per unit the provider takes; None where only a quote can tell."""
        return self.price_fen if self.reserve_price_fen is None else self.reserve_price_fen


class ListingVersion(models.Model):
    """What a listing said from one change to the next; rows are only ever added."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()  # every public column and the attributes
    made_at = models.DateTimeField()
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="listing_version_once", fields=["listing", "version"])]


class ListingStep(models.Model):
    """One move of a listing; rows are only ever added."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=16)
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)
    at = models.DateTimeField()
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)


class ListingPhoto(models.Model):
    """A picture of what is offered, re-encoded on upload."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="photos")
    file = models.ImageField(upload_to="listings/photos/%Y/%m/", width_field="width", height_field="height")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=120, blank=True)
    ordinal = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="listing_photo_ordinal_once", fields=["listing", "ordinal"])]


class ListingDocument(models.Model):
    """A data sheet, certificate or price list that belongs to a listing."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="documents")
    file = models.FileField(upload_to="listings/documents/%Y/%m/")
    title = models.CharField(max_length=120)
    content_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(default=True)  # else only the owner and staff read it
    added_at = models.DateTimeField()

"""What the live market would propose if it had to propose now."""

from django.db import models
from django.db.models import F, Q


class TentativeQuerySet(models.QuerySet["TentativeDeal"]):
    def of_organisation(self, organisation_id: int | None) -> "TentativeQuerySet":
        return self.filter(Q(consumer_id=organisation_id) | Q(provider_id=organisation_id))

    def joined(self) -> "TentativeQuerySet":
        return self.select_related("demand", "listing", "consumer", "provider")


class TentativeDeal(models.Model):
    """A deal of the best plan of this moment; rewritten by one process as the market moves, promised to nobody."""

    demand = models.OneToOneField("marketplace.Demand", on_delete=models.CASCADE, related_name="+")
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.CASCADE, related_name="+")
    consumer = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    provider = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    direction = models.CharField(max_length=32)
    quantity = models.PositiveBigIntegerField()  # in `unit`
    unit = models.CharField(max_length=32)
    unit_price_fen = models.PositiveBigIntegerField()
    setup_fen = models.PositiveBigIntegerField(default=0)
    # Any price in this range supports the plan. The ends follow from limits and reserves, so nobody is shown them.
    low_unit_price_fen = models.PositiveBigIntegerField()
    high_unit_price_fen = models.PositiveBigIntegerField()
    since = models.DateTimeField()  # when these two came together
    commit_at = models.DateTimeField()  # when it is proposed, if nothing better comes before
    # Somebody would rather have it proposed at once.
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, null=True, related_name="+")

    objects = TentativeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tentative_price_in_range",
                condition=Q(unit_price_fen__gte=F("low_unit_price_fen"))
                & Q(unit_price_fen__lte=F("high_unit_price_fen")),
            ),
            models.CheckConstraint(name="tentative_not_with_oneself", condition=~Q(consumer=F("provider"))),
            models.CheckConstraint(name="tentative_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="tentative_asked_by_a_side",
                condition=Q(asked_at=None, asked_by=None)
                | (Q(asked_at__isnull=False) & (Q(asked_by=F("consumer")) | Q(asked_by=F("provider")))),
            ),
        ]
        indexes = [
            models.Index(name="tentative_by_consumer", fields=["consumer", "since"]),
            models.Index(name="tentative_by_provider", fields=["provider", "since"]),
        ]

    def party_ids(self) -> tuple[int, int]:
        return (self.consumer_id, self.provider_id)

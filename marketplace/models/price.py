"""The public price index: figures made once for each quarter and kept, and nothing that is withheld."""

from django.db import models
from django.db.models import F, Q

from marketplace.core.prices import NATION


class PriceRelease(models.Model):
    """That the figures of a quarter are made, when and by which thresholds; never made again.

    A second look, after an order more or less, would give that order away.
    """

    quarter = models.DateField(primary_key=True)  # its first day
    method = models.JSONField()
    made_at = models.DateTimeField()


class PriceFigure(models.Model):
    """What was paid for a unit of one class in a quarter, in a city or the whole country; all of it is public."""

    release = models.ForeignKey(PriceRelease, on_delete=models.PROTECT, related_name="figures", db_index=False)
    direction = models.CharField(max_length=32)
    class_code = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    division_code = models.CharField(max_length=6)  # a city (GB/T 2260), or 000000 for the whole country
    n_orders = models.PositiveIntegerField()  # rounded
    lower_fen = models.PositiveBigIntegerField()
    median_fen = models.PositiveBigIntegerField()
    upper_fen = models.PositiveBigIntegerField()
    change_percent = models.IntegerField(null=True)  # of the median against the quarter before
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # selectors.prices reads by the same columns in the same order
            models.UniqueConstraint(
                name="price_figure_once", fields=["direction", "class_code", "unit", "division_code", "release"]
            ),
            models.CheckConstraint(
                name="price_figure_quartiles_in_order",
                condition=Q(lower_fen__lte=F("median_fen"), upper_fen__gte=F("median_fen")),
            ),
        ]

    @property
    def is_of_city(self) -> bool:
        return self.division_code != NATION

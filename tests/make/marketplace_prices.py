"""Figures of the price index, with fixed boring defaults."""

from datetime import date

from marketplace.models import PriceFigure, PriceRelease
from tests.make.accounts import MONDAY_9AM


def price_figure(quarter: date = date(2026, 1, 1), **fields) -> PriceFigure:
    """A public figure about metal cutting by the hour in the whole country: 91 yuan, between 78 and 260."""
    release, _ = PriceRelease.objects.get_or_create(quarter=quarter, defaults={"method": {}, "made_at": MONDAY_9AM})
    defaults = {
        "direction": "equipment",
        "class_code": "cutting",
        "unit": "machine_hour",
        "division_code": "000000",
        "n_orders": 25,
        "lower_fen": 7_800,
        "median_fen": 9_100,
        "upper_fen": 26_000,
        "change_percent": -3,
    }
    return PriceFigure.objects.create(release=release, **(defaults | fields))

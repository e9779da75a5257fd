"""Make the figures of the price index, once for each quarter."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from marketplace.core.prices import METHOD, publish
from marketplace.core.quarters import before, ripe
from marketplace.models import PriceFigure, PriceRelease
from marketplace.selectors import price_tally
from marketplace.selectors.price_tally import Family


def release_ripe(*, at: datetime) -> list[date]:
    """Make the figures of every quarter that may be public and has none yet; return the quarters made, oldest first."""
    quarters = ripe(at)
    made = set(PriceRelease.objects.filter(quarter__in=quarters).values_list("quarter", flat=True))
    return [quarter for quarter in quarters if quarter not in made and _release(quarter, at)]


@transaction.atomic
def _release(quarter: date, at: datetime) -> bool:
    """Make one quarter's figures; False where another has just done so."""
    release, is_new = PriceRelease.objects.get_or_create(
        quarter=quarter, defaults={"method": asdict(METHOD), "made_at": at}
    )
    if not is_new:
        return False
    medians_fen: dict[Family, dict[str, int]] = {}
    for figure in PriceFigure.objects.filter(release=before(quarter)):
        family = Family(figure.direction, figure.class_code, figure.unit)
        medians_fen.setdefault(family, {})[figure.division_code] = figure.median_fen
    PriceFigure.objects.bulk_create(
        PriceFigure(release=release, **family._asdict(), **asdict(figure))
        for family, cells in sorted(price_tally.of_quarter(quarter).items())
        for figure in publish(cells, medians_fen.get(family, {}))
    )
    return True

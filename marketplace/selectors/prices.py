"""The public price index as anyone reads it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from marketplace.core.prices import NATION
from marketplace.core.quarters import first_day
from marketplace.models import PriceFigure, PriceRelease


def published(
    *, direction: str = "", class_code: str = "", unit: str = "", division_code: str = "", quarter: str = ""
) -> QuerySet[PriceFigure]:
    """Return the public figures that are asked for, the newest quarter first; an empty wish asks for all.

    Raises:
        ValueError: `quarter` is none.
    """
    wishes = {
        "direction": direction,
        "class_code": class_code,
        "unit": unit,
        "division_code": division_code,
        "release": quarter and first_day(quarter),
    }
    figures = PriceFigure.objects.filter(**{name: wish for name, wish in wishes.items() if wish})
    return figures.order_by("-release", "direction", "class_code", "unit", "division_code")


def newest_quarter() -> date | None:
    """Return the first day of the last quarter whose figures are made."""
    return PriceRelease.objects.order_by("-quarter").values_list("quarter", flat=True).first()


def cells(direction: str) -> Sequence[tuple[str, str, str]]:
    """Return class, unit and division of every cell of a direction that has a public figure in any quarter."""
    found = PriceFigure.objects.filter(direction=direction).order_by("class_code", "unit", "division_code")
    return list(found.values_list("class_code", "unit", "division_code").distinct())


def usual(family: str | None, division_code: str) -> PriceFigure | None:
    """Return the newest figure for a listing's family: of the provider's city where that is public, else the country's.

    Args:
        family: as a listing has it, direction/unit/class; None where it has none.
        division_code: where the provider is; empty where nobody knows.
    """
    if family is None:
        return None
    direction, unit, class_code = family.split("/")
    figures = PriceFigure.objects.filter(
        direction=direction, class_code=class_code, unit=unit, division_code__in=(NATION, f"{division_code[:4]}00")
    )
    return figures.order_by("-release", "-division_code").first()


def is_told(direction: str) -> bool:
    """Tell whether anything is public about what the direction costs."""
    return PriceFigure.objects.filter(direction=direction).exists()

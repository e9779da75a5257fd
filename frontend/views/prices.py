"""What capacity costs: the public price index, as a table of a direction and as the history of one class."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.price_chart import HEIGHT, WIDTH, chart
from frontend.words import place
from marketplace.core.prices import METHOD, NATION
from marketplace.core.quarters import KEPT, up_to, written
from marketplace.directions import CODES, DIRECTIONS, Direction, classes, direction
from marketplace.selectors import prices

Cells = Sequence[tuple[str, str, str]]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("direction", "")
    kind = direction(asked if asked in CODES else CODES[0])
    cells = prices.cells(kind.code)
    class_code, unit = _family(kind, request.GET.get("family", ""))
    cities = sorted({division for _, _, division in cells} - {NATION})
    city = city if (city := request.GET.get("city", "")) in cities else NATION
    newest = prices.newest_quarter()
    context = {
        "directions": DIRECTIONS,
        "direction": kind,
        "families": _families(kind, cells),
        "class_code": class_code,
        "class_name": classes(kind).get(class_code),
        "unit": unit,
        "family": f"{class_code}/{unit}" if class_code else "",
        "cities": [(code, place(code)) for code in cities],
        "city": city,
        "place": "" if city == NATION else place(city),
        "newest": newest,
        "quarter": newest and written(newest),
        "method": METHOD,
        "section": "prices",
    }
    if newest and class_code:
        figures = prices.published(direction=kind.code, class_code=class_code, unit=unit, division_code=city)[:KEPT]
        context |= _history(figures, newest)
    elif newest:
        figures = prices.published(direction=kind.code, division_code=city, quarter=written(newest))
        context["rows"] = [(classes(kind).get(figure.class_code), figure) for figure in figures]
    return render(request, "prices/page.html", context)


def _family(kind: Direction, asked: str) -> tuple[str, str]:
    """Return class and unit as "class/unit" names them; nothing where the direction has no such."""
    class_code, _, unit = asked.partition("/")
    return (class_code, unit) if class_code in classes(kind) and unit in kind.units else ("", "")


def _families(kind: Direction, cells: Cells) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Return value, class and unit of what can be chosen: first what has figures, then every class that has none."""
    told = dict.fromkeys((class_code, unit) for class_code, unit, _ in cells)
    named = {class_code for class_code, _ in told}
    untold = [(code, kind.unit) for code in classes(kind) if code not in named]

    def shown(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
        return [(f"{code}/{unit}", str(classes(kind).get(code, code)), unit) for code, unit in pairs]

    return shown(told), shown(untold)


def _history(figures: Iterable[Any], newest: date) -> dict[str, Any]:
    """Return the last quarters with and without a figure, and their drawing where there is any."""
    quarters = up_to(newest)
    by_quarter = {figure.release_id: figure for figure in figures if figure.release_id in quarters}
    return {
        "history": [(written(quarter), by_quarter.get(quarter)) for quarter in reversed(quarters)],
        "latest": by_quarter.get(newest),
        "chart": chart(by_quarter, quarters) if by_quarter else None,
        "is_demo": any(figure.is_demo for figure in by_quarter.values()),
        "width": WIDTH,
        "height": HEIGHT,
    }

"""Pages about match rounds: what a round's gap is made of, and where what was offered was scarce."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.reference import divisions
from marketplace.core.prices import ELSEWHERE
from marketplace.directions import CODES, DIRECTIONS, Direction, classes, direction
from matching.core.scarcity import METHOD, NATION, Figure
from matching.selectors.supervised import RECENT
from supervision.core.reader import Reader, Scope
from supervision.pages import charts
from supervision.pages.entry import for_officers, now
from supervision.pages.views import shown
from supervision.services import rounds

# Premiums in percent of the price from which on a place is coloured as scarcer.
LEVELS = (1, 5, 10)


@require_GET
@for_officers(Scope.MARKET)
def claims(request: HttpRequest, reader: Reader, code: UUID) -> HttpResponse:
    """The terms of a round's gap: how many could complain, about how much, and the largest of them."""
    found = rounds.terms(reader, code, at=now())
    largest = [{**row, "place": charts.place_name(row["division_code"])} for row in found.largest]
    return shown(request, reader, "claims", "rounds", sums=found.sums, largest=largest, code=code)


@require_GET
@for_officers(Scope.MARKET)
def scarcity(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Where more was wanted than there was, by class: a table, and a map beside it."""
    asked = request.GET.get("direction", "")
    kind = direction(asked if asked in CODES else CODES[0])
    figures = rounds.scarcity(reader, kind.code, at=now())
    return shown(
        request,
        reader,
        "scarcity",
        "scarcity",
        directions=DIRECTIONS,
        direction=kind,
        rows=rows(kind, figures),
        map=points(kind, figures),
        method=METHOD,
        days=RECENT.days,
    )


def rows(kind: Direction, figures: Sequence[tuple[str, Figure]]) -> list[dict[str, Any]]:
    """Return the table: of each class the country first, then its cities, the scarcest first."""
    names = classes(kind)
    found = [
        {
            "class_name": names.get(class_code, class_code),
            "class_code": class_code,
            "place": _place(figure.city_code),
            "is_country": figure.city_code == NATION,
            "figure": figure,
            "level": level(figure),
        }
        for class_code, figure in figures
    ]
    return sorted(found, key=lambda row: (row["class_code"], not row["is_country"], -row["figure"].premium_percent))


def points(kind: Direction, figures: Sequence[tuple[str, Figure]]) -> Mapping[str, Any]:
    """Return the map: one mark per city, with the premium of its scarcest class and all others in the note."""
    names, of_city = classes(kind), dict[str, list[tuple[str, Figure]]]()
    for class_code, figure in figures:
        if figure.city_code not in {NATION, ELSEWHERE}:
            of_city.setdefault(figure.city_code, []).append((str(names.get(class_code, class_code)), figure))
    marks = []
    for city_code, told in sorted(of_city.items()):
        place = divisions.find(city_code)
        if place is None or place.lat is None or place.lng is None:
            continue
        scarcest = max((figure for _name, figure in told), key=lambda figure: figure.premium_percent)
        marks.append(
            {
                "code": city_code,
                "at": [place.lng, place.lat],
                "title": _place(city_code),
                "mark": f"{scarcest.premium_percent}%",
                "kind": f"scarce-{level(scarcest)}",
                "note": " · ".join(f"{name} {figure.premium_percent}%" for name, figure in told),
            }
        )
    return {"points": marks}


def level(figure: Figure) -> int:
    """Return how scarce: 0 for plenty, up to 3."""
    return sum(figure.premium_percent >= least for least in LEVELS)


def _place(city_code: str) -> str:
    return _("No city given") if city_code == ELSEWHERE else charts.place_name(city_code)

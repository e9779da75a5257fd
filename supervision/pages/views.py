"""The officer's pages: one read each, through the services that the API calls too."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from marketplace.directions import DIRECTIONS
from supervision.core import months
from supervision.core.cursor import MAX_LENGTH
from supervision.core.disclosure import ALL
from supervision.core.fields import Kind
from supervision.core.indicators import BY_CODE, INDICATORS
from supervision.core.reader import Reader, Scope
from supervision.core.resources import BY_NAME, RESOURCES
from supervision.pages import charts, words
from supervision.pages.entry import actor, for_officers, now, reader_or_none
from supervision.selectors import agencies, read_log
from supervision.services import feeds, overview, quality, statistics
from supervision.services.cursors import CursorRefused
from supervision.services.feeds import Query

ROWS_SHOWN = 50
READS_SHOWN = 100


def shown(request: HttpRequest, reader: Reader, template: str, tab: str, **context: Any) -> HttpResponse:
    """Render an officer's page with its tabs."""
    agency = agencies.of_reader(reader)
    places = [charts.place_name(code) for code in agency.division_codes]
    common = {
        "agency": agency,
        "places": places,
        "tab": tab,
        "tabs": {scope.name.lower(): reader.may(scope) for scope in Scope},
        "resources": [(r, words.named(r)) for r in RESOURCES if reader.may(r.scope)],
        "section": "supervision",
    }
    return render(request, f"supervision/{template}.html", common | context)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The territory at a glance for officers; for everybody else, who supervises and what they read."""
    reader = reader_or_none(request)
    if reader is None:
        return public(request)
    found = overview.read(reader, at=now())
    directions, places = charts.by_direction(found.activity), charts.by_division(found.activity)
    return shown(
        request,
        reader,
        "home",
        "home",
        counts=found.counts,
        directions=directions,
        divisions=places,
        chart=charts.direction_bars(directions),
        map=charts.map_points(places),
    )


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """Which authorities read, where, what, on which basis and how often; operators also see the reads themselves."""
    entries = [
        {
            "agency": agency,
            "places": [charts.place_name(code) for code in agency.division_codes],
            "resources": [words.named(r) for r in RESOURCES if r.scope in agency.scopes],
        }
        for agency in agencies.admitted()
    ]
    newest = words.told(read_log.of_all(actor(request))[:READS_SHOWN])
    return render(request, "supervision/public.html", {"entries": entries, "reads": newest, "section": "supervision"})


@require_GET
@for_officers(Scope.STATS)
def statistics_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    at = now()
    published = months.published(at)
    indicator = BY_CODE.get(request.GET.get("indicator", ""), INDICATORS[0])
    month = next((m for m in published if f"{m:%Y-%m}" == request.GET.get("month")), published[0])
    table = statistics.read(reader, indicator.code, month, at=at)
    values = {(cell["division_code"], cell["direction"]): cell["value"] for cell in table.cells}
    columns = [*(direction.code for direction in DIRECTIONS), ALL]
    divisions = sorted({cell["division_code"] for cell in table.cells})
    grid = [(charts.place_name(code), [values.get((code, column)) for column in columns]) for code in divisions]
    top = divisions[0] if divisions else ""
    return shown(
        request,
        reader,
        "statistics",
        "statistics",
        indicator=indicator,
        indicator_word=words.named(indicator),
        definition=indicator.definition_zh if words.named(indicator) == indicator.zh else indicator.definition_en,
        indicators=[(i.code, words.named(i)) for i in INDICATORS],
        month=month,
        months=published,
        method=table.method,
        directions=DIRECTIONS,
        grid=grid,
        has_figures=any(value is not None for value in values.values()),
        chart=charts.statistics_bars(table.cells, top),
        top=charts.place_name(top) if top else "",
    )


@require_GET
@for_officers(Scope.MARKET)
def rounds(request: HttpRequest, reader: Reader) -> HttpResponse:
    return shown(request, reader, "rounds", "rounds", rounds=overview.rounds(reader, at=now()))


@require_GET
@for_officers(Scope.COMPLAINTS)
def complaints(request: HttpRequest, reader: Reader) -> HttpResponse:
    at = now()
    return shown(request, reader, "complaints", "complaints", complaints=overview.complaints(reader, at=at), at=at)


@require_GET
@for_officers()
def rows(request: HttpRequest, reader: Reader, name: str) -> HttpResponse:
    """The feed of a resource as a table, oldest change first, with the fields that the API gives."""
    resource = BY_NAME.get(name)
    if resource is None or not reader.may(resource.scope):
        raise Http404
    query = Query(cursor=request.GET.get("cursor", "")[:MAX_LENGTH], limit=ROWS_SHOWN)
    try:
        page = feeds.read(reader, name, query, at=now())
    except CursorRefused as error:
        raise Http404 from error
    fields = [field for field in resource.fields if field.kind not in (Kind.FACTS, Kind.CELL, Kind.CODES)]
    chinese = words.named(resource) == resource.zh
    return shown(
        request,
        reader,
        "rows",
        "rows",
        resource=resource,
        word=words.named(resource),
        columns=[(field.name, field.zh if chinese else field.en) for field in fields],
        rows=[[(field, row[field.name]) for field in fields] for row in page.rows],
        page=page,
        is_continued=bool(query.cursor),
    )


@require_GET
@for_officers()
def quality_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    as_of, found = quality.read(reader, at=now())
    chinese = (get_language() or "zh").startswith("zh")
    entries = [
        {
            "word": words.named(BY_NAME[entry.resource]),
            "rows": entry.rows,
            "last_change": entry.last_change,
            "checks": [(check.aspect, check.zh if chinese else check.en, check.rows) for check in entry.checks],
        }
        for entry in found
    ]
    return shown(request, reader, "quality", "quality", as_of=as_of, entries=entries)

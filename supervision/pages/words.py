"""What supervision calls its own things on pages: levels, scopes, and what stands in the read log."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from marketplace.directions import CODES, direction
from supervision.core.fields import Resource
from supervision.core.indicators import BY_CODE, Indicator
from supervision.core.reader import Scope
from supervision.core.resources import BY_NAME
from supervision.models import Level, ReadLog
from supervision.pages import charts

Word = str | Promise

LEVELS: dict[str, Word] = {
    Level.NATION: _("Nation"),
    Level.PROVINCE: _("Province"),
    Level.CITY: _("City"),
    Level.COUNTY: _("County"),
}
SCOPES: dict[str, Word] = {
    Scope.STATS: _("Statistics, which show no single party"),
    Scope.PARTIES: _("Parties, under pseudonyms"),
    Scope.MARKET: _("Listings, demands and match rounds"),
    Scope.ORDERS: _("Orders and ratings"),
    Scope.COMPLAINTS: _("Complaints"),
    Scope.VERIFICATIONS: _("Identity verifications"),
    Scope.LOG: _("Its own read log"),
}
# What is read besides the resources.
READS: dict[str, Word] = {
    "overview": _("Dashboard"),
    "statistics": _("Statistics"),
    "quality": _("Data quality"),
    "rounds": _("Match rounds"),
    "claims": _("Gap of a match round, term by term"),
    "scarcity": _("Scarcity"),
    "complaints": _("Complaints"),
    "reads": _("Read log"),
    "changes": _("Changes"),
}


def named(entry: Resource | Indicator) -> str:
    """Return the name of a resource or indicator in the reader's language."""
    return entry.zh if (get_language() or "zh").startswith("zh") else entry.en


def place(code: str) -> str:
    return charts.place_name(code)


def read(resource: str) -> Word:
    """Name what was read."""
    return named(BY_NAME[resource]) if resource in BY_NAME else READS.get(resource, resource)


def told(reads: Iterable[ReadLog]) -> list[dict[str, Any]]:
    """Return each read with what was read and how it was narrowed, in words."""
    return [{"read": each, "what": read(each.resource), "asked": asked_for(each.query)} for each in reads]


def asked_for(query: Mapping[str, Any]) -> str:
    """Say how a read was narrowed; limits and positions in a list narrow nothing that matters to people."""
    said = []
    if "indicator" in query:
        found = BY_CODE.get(str(query["indicator"]))
        said.append(named(found) if found else str(query["indicator"]))
    if query.get("direction") in CODES:
        said.append(str(direction(str(query["direction"])).label))
    if "month" in query:
        said.append(str(query["month"])[:7])
    if query.get("open"):
        said.append(gettext("open ones only"))
    if query.get("division_code"):
        said.append(place(str(query["division_code"])))
    if query.get("continued") or query.get("cursor"):
        said.append(gettext("continued"))
    return " · ".join(said)

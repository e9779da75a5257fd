"""From the cells of one row to a listing or demand that can be written, or to what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point

from common.errors import Refused, gettext_noop
from common.reference import datum, divisions
from common.reference.datum import Degrees
from common.tables import normal
from marketplace.core import import_checks as checks
from marketplace.core.import_cells import CellError, Reader
from marketplace.core.import_states import ImportKind, RowState
from marketplace.directions import AttributesInvalid, direction
from marketplace.models import ImportRow, ImportRun
from marketplace.services import contents, import_columns
from marketplace.services.contents import DemandContent, ListingContent
from marketplace.services.import_columns import ATTRIBUTE

CHINA = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_MISSING = gettext_noop("This is needed.")
_OFF = gettext_noop("The place is not on the globe.")
_SWAPPED = gettext_noop("Latitude and longitude seem to be swapped.")
_SHIFT_CODES = frozenset({"shifted", "header_again"})
_AGAIN_CODES = frozenset({"twice", "there"})
_PLAIN_LISTING = (
    "title", "summary", "description", "unit", "address", "division_code", "industry_code", "price_fen",
    "reserve_price_fen", "setup_fee_fen", "minimum_lot", "capacity_per_week", "lead_time_days",
)  # fmt: skip
_PLAIN_DEMAND = (
    "title", "description", "unit", "address", "division_code", "industry_code", "quantity", "budget_fen", "radius_m",
)  # fmt: skip


@dataclass
class Plan:
    """How the rows of one run are read, and what was read so far."""

    run: ImportRun
    seen: checks.Seen = field(default_factory=checks.Seen)

    @cached_property
    def mapping(self) -> dict[str, int]:
        return {str(name): int(position) for name, position in self.run.mapping.items()}

    @cached_property
    def readers(self) -> dict[str, Reader]:
        return import_columns.readers(self.mapping, self.run.headers, self.run.kind, self.run.direction)

    @cached_property
    def targets(self) -> dict[str, import_columns.Target]:
        return {target.name: target for target in import_columns.targets(self.run.kind, self.run.direction)}

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(normal(name) for name in import_columns.known_names(self.run.kind, self.run.direction))

    @cached_property
    def typed(self) -> dict[int, Reader]:
        """Column -> reader, of the columns whose values show a shifted row."""
        return {self.mapping[name]: read for name, read in self.readers.items() if self.targets[name].is_typed}

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Target -> value for rows whose cell is empty; what cannot be read is left out, the form has said so."""
        found = {}
        for name, text in self.run.defaults.items():
            if name in self.targets and str(text):
                try:
                    found[name] = _storable(self.targets[name].read(str(text)))
                except CellError:
                    continue
        return found


def read(number: int, cells: list[str], plan: Plan) -> ImportRow:
    """Return the row as it would be imported: its state, values and every problem with its column."""
    row = ImportRow(run=plan.run, number=number, cells=cells)
    strange = checks.header_again(cells, plan.run.headers, plan.known) or checks.shifted(cells, plan.typed)
    if strange is not None:
        row.state = RowState.SUSPICIOUS
        row.problems = [_problem(None, strange)]
        return row
    values, errors = _values(cells, plan)
    doubts = [] if errors else _doubts(number, values, errors, plan)
    if not errors:
        errors += _refusals(values, plan)
    row.problems = [*errors, *doubts]
    row.values = {} if errors else values
    row.state = _state(errors, doubts)
    return row


def content_of(values: Mapping[str, Any], kind: str) -> ListingContent | DemandContent:
    """Return what the values of a row say, as the services take it."""
    attributes = {n.removeprefix(ATTRIBUTE): v for n, v in values.items() if n.startswith(ATTRIBUTE)}
    place = Point(values["lng"], values["lat"], srid=4326) if "lat" in values and "lng" in values else None
    if kind == ImportKind.LISTINGS:
        plain = {name: values[name] for name in _PLAIN_LISTING if name in values}
        until = date.fromisoformat(values["valid_until"]) if "valid_until" in values else None
        return ListingContent(**plain, attributes=attributes, place=place, valid_until=until)
    plain = {name: values[name] for name in _PLAIN_DEMAND if name in values}
    total_fen = values.get("total_fen", values.get("total_10k_fen"))
    if total_fen is not None and "budget_fen" not in plain:
        plain["budget_fen"] = total_fen // max(plain.get("quantity", 1), 1)
    if place is None:
        plain.pop("radius_m", None)
    return DemandContent(
        **plain, attributes=attributes, place=place, period=_period(values), deadline_at=_deadline(values)
    )


def _values(cells: Sequence[str], plan: Plan) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    values: dict[str, Any] = {"unit": direction(plan.run.direction).unit} | plan.defaults
    errors = []
    for name, column in plan.mapping.items():
        text = cells[column] if column < len(cells) else ""
        if not text:
            continue
        try:
            values[name] = _storable(plan.readers[name](text))
        except CellError as problem:
            errors.append(_problem(column, problem))
    for name, target in plan.targets.items():
        if target.is_required and values.get(name) in (None, "", []):
            errors.append(_problem(plan.mapping.get(name), CellError("missing", _MISSING), target=name))
    if "title" in values:
        values["title"] = values["title"][: contents.LONGEST_TITLE]
    for name, longest in (("summary", contents.LONGEST_SUMMARY), ("address", contents.LONGEST_ADDRESS)):
        if name in values:
            values[name] = values[name][:longest]
    return values, errors


def _doubts(number: int, values: dict[str, Any], errors: list[dict[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    """Return what is probably wrong; converts the place to WGS-84 on the way, and adds errors it finds there."""
    doubts = []
    column = plan.mapping.get("lat")
    lat, lng = values.get("lat"), values.get("lng")
    if lat is None or lng is None:
        values.pop("lat", None)
        values.pop("lng", None)
        lat = lng = None
    elif abs(lat) > 90:
        found = CellError("swapped", _SWAPPED) if abs(lng) <= 90 else CellError("off_the_globe", _OFF)
        errors.append(_problem(column, found))
        return []
    else:
        lat, lng = datum.to_wgs84(Degrees(lat, lng), plan.run.datum)
        values["lat"], values["lng"] = round(lat, 7), round(lng, 7)
        division = divisions.find(values.get("division_code", ""))
        near = (
            (division.lat, division.lng) if division and division.lat is not None and division.lng is not None else None
        )
        if found_place := checks.place(lat, lng, near=near):
            doubts.append(_problem(column, found_place))
    if again := plan.seen.again(number, values["title"], lat, lng):
        doubts.append(_problem(plan.mapping.get("title"), again))
    return doubts


def _refusals(values: Mapping[str, Any], plan: Plan) -> list[dict[str, Any]]:
    """Return why the services would not keep the row."""
    kind = direction(plan.run.direction)
    try:
        content = content_of(values, plan.run.kind)
        if isinstance(content, ListingContent):
            contents.listing_columns(content, kind)
        else:
            contents.demand_columns(content, kind)
    except AttributesInvalid as error:
        return [
            {"column": _column(plan, f"{ATTRIBUTE}{name}"), "target": f"{ATTRIBUTE}{name}", "code": "invalid",
             "message": "%(problem)s", "params": {"problem": sentences[0][:200]}}
            for name, sentences in error.errors.items()
        ]  # fmt: skip
    except Refused as error:
        params = {name: str(value) for name, value in error.params.items()}
        return [
            {"column": _column(plan, error.field), "target": error.field, "code": error.code,
             "message": error.message, "params": params}
        ]  # fmt: skip
    return []


def _column(plan: Plan, name: str) -> int | None:
    position = plan.mapping.get(name)
    return None if position is None else position + 1


def _problem(column: int | None, found: CellError, target: str = "") -> dict[str, Any]:
    return {
        "column": None if column is None else column + 1,
        "target": target,
        "code": found.code,
        "message": found.message,
        "params": {name: str(value) for name, value in found.params.items()},
    }


def _state(errors: Sequence[Mapping[str, Any]], doubts: Sequence[Mapping[str, Any]]) -> RowState:
    if any(error["code"] == "swapped" for error in errors):
        return RowState.SUSPICIOUS
    if errors:
        return RowState.FAULTY
    codes = {doubt["code"] for doubt in doubts}
    if codes - _AGAIN_CODES:
        return RowState.SUSPICIOUS
    return RowState.DUPLICATE if codes else RowState.READY


def _storable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _midnight(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), CHINA)


def _period(values: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Return the period; a month or day alone as start means that month, an end is the last day in it."""
    if "start" not in values or "end" not in values:
        return None
    start, end = _midnight(values["start"]), _midnight(values["end"]) + _DAY
    return (start, end) if start < end else None


def _deadline(values: Mapping[str, Any]) -> datetime | None:
    return _midnight(values["deadline"]) + _DAY if "deadline" in values else None

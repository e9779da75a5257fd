"""From the cells of one row to a listing or demand that can be written, or to what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.contrib.gis.geos import Point

from common.errors import Refused, gettext_noop
from common.reference import datum, divisions
from common.reference.datum import Degrees
from common.tables import normal
from marketplace.core import import_checks as checks
from marketplace.core.import_cells import CHINA, CellError, Reader
from marketplace.core.import_states import ImportKind, RowState
from marketplace.directions import AttributesInvalid, Direction, direction
from marketplace.models import ImportRow, ImportRun
from marketplace.services import contents, import_columns, import_values
from marketplace.services.contents import DemandContent, LegContent, ListingContent
from marketplace.services.import_columns import ATTRIBUTE, LEG, OUT_OF_RANGE, REFERENCE, Target
from marketplace.services.import_legs import Joining

_DAY = timedelta(days=1)
_MISSING = gettext_noop("This is needed.")
_UNFIT = gettext_noop("This does not fit the column: %(problem)s")
_OFF = gettext_noop("The place is not on the globe.")
_SWAPPED = gettext_noop("Latitude and longitude seem to be swapped.")
_AGAIN_CODES = frozenset({"twice", "there"})
_SHOWN_AT = {"period": "end", "place": "lat", "radius_m": "radius_km"}
_LONGEST = {
    "title": contents.LONGEST_TITLE, "summary": contents.LONGEST_SUMMARY, "address": contents.LONGEST_ADDRESS,
}  # fmt: skip
_PLAIN_LISTING = (
    "title", "summary", "description", "unit", "address", "division_code", "industry_code", "price_fen",
    "reserve_price_fen", "setup_fee_fen", "minimum_lot", "capacity_per_week", "lead_time_days",
)  # fmt: skip
_PLAIN_DEMAND = (
    "title", "description", "unit", "address", "division_code", "industry_code", "quantity", "budget_fen", "is_whole",
    "max_suppliers",
)  # fmt: skip


@dataclass
class Plan:
    """How the rows of one run are read, and what was read so far."""

    run: ImportRun
    seen: checks.Seen = field(default_factory=checks.Seen)

    @cached_property
    def direction(self) -> Direction:
        return direction(self.run.direction)

    @cached_property
    def has_legs(self) -> bool:
        """Whether a row is one leg of a demand, and not a whole one."""
        return self.run.kind == ImportKind.DEMANDS and self.direction.has_legs

    @cached_property
    def mapping(self) -> dict[str, int]:
        return {str(name): int(position) for name, position in self.run.mapping.items()}

    @cached_property
    def readers(self) -> dict[str, Reader]:
        return import_columns.readers(self.mapping, self.run.headers, self.run.kind, self.run.direction)

    @cached_property
    def targets(self) -> dict[str, Target]:
        return {target.name: target for target in import_columns.targets(self.run.kind, self.run.direction)}

    @cached_property
    def of_leg(self) -> dict[str, Target]:
        """The targets that a leg after the first one of its demand is read for."""
        return {name: target for name, target in self.targets.items() if target.is_of_leg}

    @cached_property
    def joining(self) -> Joining:
        whole = [c for name, c in self.mapping.items() if not self.targets[name].is_of_leg and name != REFERENCE]
        leg = [column for name, column in self.mapping.items() if self.targets[name].is_of_leg]
        return Joining(self.mapping.get(REFERENCE), whole, leg)

    @cached_property
    def own_headers(self) -> frozenset[str]:
        return frozenset(normal(header) for header in self.run.headers if header)

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
    """Return the row as it would be imported: its state, columns and every problem with its column."""
    row = ImportRow(run=plan.run, number=number, cells=cells)
    if again := checks.header_again(cells, plan.own_headers, plan.known):
        return _kept_out(row, again)
    errors, doubts = _joined(row, plan) if plan.has_legs else ([], [])
    is_whole = row.head in (None, number)
    values, found, wrong = _values(cells, plan, plan.targets if is_whole else plan.of_leg)
    if strange := checks.shifted(cells, plan.typed, wrong):
        row.head = plan.joining.named_in(cells) or row.head if plan.has_legs else None
        return _kept_out(row, strange)
    errors += found
    if is_whole and not errors:
        doubts += _doubts(number, values, errors, plan)
    columns: dict[str, Any] = {}
    if not errors:
        columns, found = _columns(values, plan, is_whole=is_whole)
        errors += found
    row.problems = [*errors, *doubts]
    row.values = {} if errors else columns
    row.state = _state(errors, doubts)
    return row


def _kept_out(row: ImportRow, why: CellError) -> ImportRow:
    row.state, row.problems = RowState.SUSPICIOUS, [_problem(None, why)]
    return row


def _joined(row: ImportRow, plan: Plan) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    errors, doubts = plan.joining.join(row)
    return [_problem(*error, target=REFERENCE) for error in errors], [_problem(*doubt) for doubt in doubts]


def _values(
    cells: Sequence[str], plan: Plan, targets: Mapping[str, Target]
) -> tuple[dict[str, Any], list[dict[str, Any]], list[int]]:
    """Return target -> value, what is wrong, and the typed columns whose cell could not be read."""
    values: dict[str, Any] = {name: value for name, value in plan.defaults.items() if name in targets}
    errors, wrong = [], []
    for name, column in plan.mapping.items():
        text = cells[column] if column < len(cells) else ""
        if not text or name not in targets:
            continue
        try:
            values[name] = _storable(plan.readers[name](text))
        except CellError as problem:
            errors.append(_problem(column, problem))
            if targets[name].is_typed and problem.code != OUT_OF_RANGE:
                wrong.append(column)
    told = {error["column"] for error in errors}
    for name, target in targets.items():
        if target.is_required and values.get(name) in (None, "", []) and name != REFERENCE:
            missing = _problem(plan.mapping.get(name), CellError("missing", _MISSING), target=name)
            if missing["column"] is None or missing["column"] not in told:
                errors.append(missing)
    for name, longest in _LONGEST.items():
        if name in values:
            values[name] = values[name][:longest]
    return values, errors, wrong


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


def _columns(values: Mapping[str, Any], plan: Plan, *, is_whole: bool) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the columns that the services would keep, or why they would not; this is the only check of the schema."""
    kind = plan.direction
    columns: dict[str, Any] = {}
    problems: list[dict[str, Any]] = []
    legs: list[LegContent] = []
    if plan.has_legs:
        legs = [_leg(values, kind)]
        try:
            columns["leg"] = import_values.kept(contents.leg_columns(legs[0], kind))
        except Refused as error:
            problems += _refusals(error, plan, prefix=LEG)
    if is_whole:
        try:
            columns |= import_values.kept(
                contents.listing_columns(_listing(values, kind), kind)
                if plan.run.kind == ImportKind.LISTINGS
                else contents.demand_columns(_demand(values, kind, legs), kind)
            )
        except Refused as error:
            problems += _refusals(error, plan)
    return columns, problems


def _listing(values: Mapping[str, Any], kind: Direction) -> ListingContent:
    plain = {"unit": kind.unit} | {name: values[name] for name in _PLAIN_LISTING if name in values}
    until = date.fromisoformat(values["valid_until"]) if "valid_until" in values else None
    return ListingContent(**plain, attributes=_attributes(values, ATTRIBUTE), place=_place(values), valid_until=until)


def _demand(values: Mapping[str, Any], kind: Direction, legs: Sequence[LegContent]) -> DemandContent:
    plain = {"unit": kind.unit} | {name: values[name] for name in _PLAIN_DEMAND if name in values}
    total_fen = values.get("total_fen", values.get("total_10k_fen"))
    if total_fen is not None and "budget_fen" not in plain:
        plain["budget_fen"] = total_fen // max(plain.get("quantity", 1), 1)
    if "bundles" in values:
        plain["quantity"] = values["bundles"]
    place = _place(values)
    if place is not None and "radius_km" in values:
        plain["radius_m"] = round(values["radius_km"] * 1000)
    return DemandContent(
        **plain, attributes=_attributes(values, ATTRIBUTE), place=place, period=_period(values),
        deadline_at=_deadline(values), legs=legs,
    )  # fmt: skip


def _leg(values: Mapping[str, Any], kind: Direction) -> LegContent:
    plain = {name: values[LEG + name] for name in ("title", "budget_fen") if LEG + name in values}
    return LegContent(
        **plain, unit=values.get(f"{LEG}unit", kind.unit), quantity=values.get(f"{LEG}quantity", 1),
        attributes=_attributes(values, LEG + ATTRIBUTE),
    )  # fmt: skip


def _attributes(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def _place(values: Mapping[str, Any]) -> Point | None:
    return Point(values["lng"], values["lat"], srid=4326) if "lat" in values and "lng" in values else None


def _refusals(error: Refused, plan: Plan, prefix: str = "") -> list[dict[str, Any]]:
    if isinstance(error, AttributesInvalid):
        return [
            {"column": _column(plan, f"{prefix}{ATTRIBUTE}{name}"), "target": f"{prefix}{ATTRIBUTE}{name}",
             "code": "invalid", "message": _UNFIT, "params": {"problem": sentences[0][:200]}}
            for name, sentences in error.errors.items()
        ]  # fmt: skip
    name = _SHOWN_AT.get(error.field, prefix + error.field)
    params = {key: str(value) for key, value in error.params.items()}
    return [
        {"column": _column(plan, name), "target": name, "code": error.code, "message": error.message, "params": params}
    ]


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


def _period(values: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Return the period; a month or day alone as start means that month, an end is the last day in it."""
    if "start" not in values or "end" not in values:
        return None
    return _moment(values["start"]), _moment(values["end"], is_end=True)


def _deadline(values: Mapping[str, Any]) -> datetime | None:
    return _moment(values["deadline"], is_end=True) if "deadline" in values else None


def _moment(text: str, *, is_end: bool = False) -> datetime:
    """Return the instant that a stored cell tells; a day alone ends at its midnight."""
    if "T" in text:
        return datetime.fromisoformat(text)
    return datetime.combine(date.fromisoformat(text), time(), CHINA) + (_DAY if is_end else timedelta(0))

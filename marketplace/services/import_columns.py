"""What the columns of an imported table can mean, and a guess from their headers."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from common.errors import gettext_noop
from common.reference import divisions, industries
from common.tables import normal
from marketplace.core import import_cells as cells
from marketplace.core.import_cells import CellError, Reader
from marketplace.core.import_states import ImportKind
from marketplace.directions import UNITS, Attributes, FieldSpec, Kind, Label, direction, fields

ATTRIBUTE = "a."
LEG = "leg."
REFERENCE = "reference"
OUT_OF_RANGE = "out_of_range"
_TEN_THOUSAND = ("万元", "10kcny", "10kyuan")
_FEN = ("_fen", "（分）", "(分)")


_PLAIN = Label("", "")


@dataclass(frozen=True)
class Target:
    """What a column can be: a name, labels, other names seen in tables, and how its cells are read.

    Attributes:
        is_typed: its values look different from those of other columns, so that they show a shifted row.
        hint: how its cells are written; empty for a plain text.
    """

    name: str
    label: Label
    others: tuple[str, ...]
    read: Reader
    is_required: bool = False
    is_typed: bool = False
    hint: Label = _PLAIN

    @property
    def names(self) -> tuple[str, ...]:
        return (
            self.name.removeprefix(LEG).removeprefix(ATTRIBUTE),
            self.label.zh,
            self.label.en,
            *self.others,
        )

    @property
    def is_of_leg(self) -> bool:
        """Every row of a demand says it anew, not its first row alone."""
        return self.name.startswith(LEG)


def _text(text: str) -> str:
    return text


def _target(name: str, zh: str, en: str, others: str, read: Reader = _text, **more: Any) -> Target:
    return Target(name, Label(zh, en), tuple(others.split()), read, **({"hint": _HINTS.get(read, _PLAIN)} | more))


def targets(kind: str, code: str) -> tuple[Target, ...]:
    """Return what the columns of a table of `kind` in a direction can mean, the common ones first."""
    return _targets(ImportKind(kind), code)


def guess(headers: Sequence[str], kind: str, code: str) -> dict[str, int]:
    """Return target -> column for every header that names a target; each column is used once."""
    positions: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        positions.setdefault(normal(header), []).append(position)
    found: dict[str, int] = {}
    for target in targets(kind, code):
        for name in target.names:
            free = [p for p in positions.get(normal(name), []) if p not in found.values()]
            if free:
                found[target.name] = free[0]
                break
    return found


def known_names(kind: str, code: str) -> list[str]:
    """Return every header that would be understood."""
    return [name for target in targets(kind, code) for name in target.names]


def readers(mapping: Mapping[str, int], headers: Sequence[str], kind: str, code: str) -> dict[str, Reader]:
    """Return how the cells of every mapped target are read; a column in 万元 or in fen is read as such."""
    known = {target.name: target.read for target in targets(kind, code)}
    found: dict[str, Reader] = {}
    for name, position in mapping.items():
        header = headers[position].casefold().replace(" ", "") if position < len(headers) else ""
        found[name] = known[name]
        if name.endswith("_fen") and any(sign in header for sign in _TEN_THOUSAND):
            found[name] = _ten_thousands
        elif name.endswith("_fen") and any(sign in header for sign in _FEN):
            found[name] = cells.positive
    return found


def fingerprint(headers: Sequence[str]) -> str:
    """Return what identifies a table by its headers, whatever their order or blanks."""
    return hashlib.sha256("\n".join(sorted({normal(h) for h in headers if h})).encode()).hexdigest()


def _ten_thousands(text: str) -> int:
    return cells.fen(text, times=10_000)


# --- readers that know our tables ----------------------------------------------------------------------


@lru_cache(maxsize=5_000)
def _division(text: str) -> str:
    bare = cells.clean(text)
    if bare.isdigit() and len(bare) in (2, 4, 6):
        bare = bare.ljust(6, "0")
        if divisions.is_known(bare):
            return bare
    found = divisions.by_name(bare)
    if found is None:
        raise CellError("unknown_division", gettext_noop("“%(text)s” names no division."), {"text": text[:40]})
    return found.code


@lru_cache(maxsize=5_000)
def _industry(text: str) -> str:
    bare = cells.clean(text).upper()
    if industries.is_known(bare):
        return bare
    found = industries.by_name(cells.clean(text))
    if found is None:
        raise CellError("unknown_industry", gettext_noop("“%(text)s” names no industry."), {"text": text[:40]})
    return found.code


def _unit(code: str) -> dict[str, Any]:
    """Return how the units of a direction are read, and which they are."""
    units = [UNITS[unit] for unit in direction(code).units]
    hint = Label("、".join(unit.zh for unit in units), ", ".join(unit.en for unit in units))
    return {"read": _unit_reader(code), "hint": hint}


def _unit_reader(code: str) -> Reader:
    options = {name.casefold(): unit for unit in direction(code).units for name in _unit_names(unit)}
    return cells.choice(options)


def _unit_names(unit: str) -> tuple[str, ...]:
    extra = {"machine_hour": ("小时", "h", "hour"), "piece": ("个", "只", "pcs"), "t": ("t",), "m2": ("平米", "㎡")}
    return (unit, UNITS[unit].zh, UNITS[unit].en, *extra.get(unit, ()))


def _kilometres(text: str) -> float:
    return float(cells.decimal(text))


_MONEY = Label(
    "元，如 120.50；列名带“万元”的按万元读", "Yuan, such as 120.50; in 10,000 yuan where the header says 万元"
)
_WHOLE = Label("整数，如 200 或 3万", "A whole number, such as 200")
_DEGREES = Label("十进制度数，如 24.4798", "Decimal degrees, such as 24.4798")
_WHEN = Label("如 2026-03-02、2026年3月 或 2026-03-02 14:30", "Such as 2026-03-02 or 2026-03-02 14:30")
_HINTS: Mapping[Reader, Label] = {
    cells.fen: _MONEY,
    cells.positive: _WHOLE,
    cells.day: Label("如 2026-03-02 或 2026年3月2日", "Such as 2026-03-02"),
    cells.begin: _WHEN,
    cells.end: _WHEN,
    cells.flag: Label("是或否", "yes or no"),
    _division: Label("名称或 GB/T 2260 代码，如 厦门市湖里区 或 350206", "Name or GB/T 2260 code, such as 350206"),
    _industry: Label("名称或 GB/T 4754 代码，如 C3421", "Name or GB/T 4754 code, such as C3421"),
    _kilometres: Label("公里，如 20", "Kilometres, such as 20"),
    _ten_thousands: Label("万元，如 65", "In 10,000 yuan, such as 65"),
}
_PLACES = (
    _target("lat", "纬度", "Latitude", "lat latitude y", cells.degrees(180), is_typed=True, hint=_DEGREES),
    _target("lng", "经度", "Longitude", "lng lon long longitude x", cells.degrees(180), is_typed=True, hint=_DEGREES),
    _target("address", "地址", "Address", "地点 所在地 详细地址 address location 安放地点"),
    _target("division_code", "行政区划", "Division", "区划代码 所在区 地区 区县 城市 地市 city", _division),
    _target("industry_code", "行业", "Industry", "行业代码 行业类别", _industry),
)


@cache
def _targets(kind: ImportKind, code: str) -> tuple[Target, ...]:
    if kind == ImportKind.LISTINGS:
        return (*_listing_targets(code), *_PLACES, *_attribute_targets(direction(code).offer))
    found = (*_demand_targets(code), *_PLACES, *_attribute_targets(direction(code).need))
    leg = direction(code).leg
    if leg is None:
        return found
    whole = tuple(target for target in found if target.name not in _COUNTED)
    return (_REFERENCE, *whole, _BUNDLE_BUDGET, _BUNDLES, *_leg_targets(code), *_attribute_targets(leg, LEG))


def _listing_targets(code: str) -> tuple[Target, ...]:
    typed: Any = {"is_typed": True}
    return (
        _target(
            "title",
            "标题",
            "Title",
            "名称 设备名称 仪器名称 产品名称 服务名称 name 工厂名称 项目名称",
            is_required=True,
        ),
        _target("summary", "摘要", "Summary", "简介 概述"),
        _target("description", "描述", "Description", "说明 详细说明 备注 notes"),
        _target("unit", "计量单位", "Unit", "单位 计价单位", **_unit(code)),
        _target("price_fen", "单价", "Price", "价格 单价元 收费标准 报价 pricecny rate", cells.fen, **typed),
        _target("reserve_price_fen", "底价", "Reserve price", "最低价 保留价 reservepricecny", cells.fen, **typed),
        _target("setup_fee_fen", "开机费", "Setup fee", "准备费 setupfeecny", cells.fen, **typed),
        _target("minimum_lot", "起订量", "Minimum lot", "最小批量 moq 起租时长", cells.positive, **typed),
        _target(
            "capacity_per_week", "每周产能", "Capacity per week", "周产能 每周可用量 quota", cells.positive, **typed
        ),
        _target("lead_time_days", "备货期", "Lead time", "交期 交货期 提前期", cells.positive, **typed),
        _target("valid_until", "有效期至", "Valid until", "到期日 截止日期 许可证有效期", cells.day, **typed),
    )


def _demand_targets(code: str) -> tuple[Target, ...]:
    typed: Any = {"is_typed": True}
    return (
        _target("title", "标题", "Title", "需求名称 采购项目名称 项目名称 名称 任务名称 name taskid", is_required=True),
        _target("description", "描述", "Description", "采购需求概况 需求说明 说明 详细说明 备注"),
        _target("quantity", "数量", "Quantity", "需求量 采购数量", cells.positive, **typed),
        _target("unit", "计量单位", "Unit", "单位", **_unit(code)),
        _target(
            "budget_fen", "单价上限", "Budget per unit", "预算单价 最高单价 pricecny budgetcny", cells.fen, **typed
        ),
        _target("total_fen", "预算总额", "Total budget", "预算 预算金额 金额 采购预算 总价", cells.fen, **typed),
        _target("total_10k_fen", "预算总额（万元）", "Total budget, 10k CNY", "", _ten_thousands, **typed),
        _target("start", "最早开始", "Earliest", "开始日期 预计采购时间 预计时间 开工日期", cells.begin, **typed),
        _target("end", "最晚完成", "Latest", "结束日期 交付日期 交货日期", cells.end, **typed),
        _target("deadline", "应答截止", "Deadline", "截止日期 报价截止", cells.end, **typed),
        _target("radius_km", "半径（公里）", "Radius (km)", "范围", _kilometres, **typed),
        _target("max_suppliers", "最多供应商数", "At most so many suppliers", "供应商数上限", cells.positive, **typed),
        _target("is_whole", "须整单", "All or nothing", "整单", cells.flag),
    )


# In a table of legs these are the legs' own; the bundle is counted once.
_COUNTED = frozenset({"quantity", "unit", "budget_fen", "total_fen", "total_10k_fen", "is_whole"})
_REFERENCE = _target(REFERENCE, "需求编号", "Reference", "编号 项目编号 需求号 demand_code ref", is_required=True)
_BUNDLE_BUDGET = _target(
    "budget_fen",
    "整包预算上限",
    "Budget of the bundle",
    "总预算 预算总额 项目预算 budget_cny",
    cells.fen,
    is_typed=True,
)
_BUNDLES = _target("bundles", "套数", "Bundles", "", cells.positive, is_typed=True)


def _leg_targets(code: str) -> tuple[Target, ...]:
    typed: Any = {"is_typed": True}
    budget = "单价上限 预算单价 最高单价 leg_budget_cny"
    return (
        _target(f"{LEG}title", "环节名称", "Part", "分项名称 环节标题 leg_title", is_required=True),
        _target(f"{LEG}quantity", "数量", "Quantity", "需求量 采购数量 leg_quantity", cells.positive, **typed),
        _target(f"{LEG}unit", "计量单位", "Unit", "单位 leg_unit", **_unit(code)),
        _target(f"{LEG}budget_fen", "环节单价上限", "Budget per unit", budget, cells.fen, **typed),
    )


def _attribute_targets(schema: type[Attributes], prefix: str = "") -> tuple[Target, ...]:
    return tuple(
        Target(
            f"{prefix}{ATTRIBUTE}{spec.name}",
            spec.label,
            (),
            _attribute_reader(spec),
            is_required=spec.is_required,
            is_typed=spec.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE),
            hint=_hint(spec),
        )
        for spec in fields(schema)
    )


def _hint(spec: FieldSpec) -> Label:
    if spec.choices:
        zh, en = "、".join(label.zh for _, label in spec.choices), ", ".join(label.en for _, label in spec.choices)
        return Label(f"可选多项：{zh}", f"One or more of: {en}") if spec.kind == Kind.CHOICES else Label(zh, en)
    if spec.kind == Kind.TEXTS:
        return Label("多项之间用顿号或分号隔开", "Several, parted by semicolons")
    if spec.kind in (Kind.INTEGER, Kind.DECIMAL):
        return Label(f"数字 {spec.unit}".strip(), f"A number {spec.unit}".strip())
    known = {Kind.DATE: _HINTS[cells.day], Kind.FLAG: _HINTS[cells.flag]}
    return known.get(spec.kind, spec.help)


def _attribute_reader(spec: FieldSpec) -> Reader:
    options = {
        name.casefold(): value
        for value, label in spec.choices
        for name in (value, label.zh, label.en, label.zh.split("（")[0])
    }
    read: Mapping[Kind, Callable[[str], Any]] = {
        Kind.TEXT: _text,
        Kind.NOTE: _text,
        Kind.INTEGER: cells.whole,
        Kind.DECIMAL: lambda text: float(cells.decimal(text)),
        Kind.DATE: lambda text: cells.day(text).isoformat(),
        Kind.FLAG: cells.flag,
        Kind.CHOICE: cells.choice(options),
        Kind.CHOICES: cells.several(cells.choice(options)),
        Kind.TEXTS: cells.parts,
    }
    return _within(read[spec.kind], spec)


def _within(read: Callable[[str], Any], spec: FieldSpec) -> Reader:
    """Return a reader that also holds the limits of the schema, so that what it says is in the reader's language."""
    low = "−∞" if spec.minimum is None else f"{spec.minimum:g}"
    high = "∞" if spec.maximum is None else f"{spec.maximum:g}"

    def read_within(text: str) -> Any:
        value = read(text)
        if isinstance(value, str) and spec.max_length is not None and len(value) > spec.max_length:
            raise CellError(OUT_OF_RANGE, gettext_noop("At most %(most)s characters."), {"most": spec.max_length})
        if isinstance(value, int | float) and not isinstance(value, bool):
            too_low = spec.minimum is not None and value < spec.minimum
            if too_low or (spec.maximum is not None and value > spec.maximum):
                limits = {"least": low, "most": high}
                raise CellError(OUT_OF_RANGE, gettext_noop("Give a number from %(least)s to %(most)s."), limits)
        return value

    return read_within

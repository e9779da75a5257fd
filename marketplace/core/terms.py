"""The terms of a deal as one canonical value: what is hashed, and what people read in two languages."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from marketplace.core.cancellation import STARTED_PERCENT

SCHEMA = "yuli.agreement/1"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Side:
    """A party as the agreement names it."""

    code: str
    name: str
    credit_code: str = ""


@dataclass(frozen=True)
class PartTerms:
    """One slot, milestone or delivery: what, when, how much of the quantity or of the money."""

    kind: str
    start: str
    end: str
    quantity: int = 0
    amount_fen: int = 0
    title: str = ""


@dataclass(frozen=True)
class Terms:
    """Everything the two sides agree to; plain values only, times in UTC, money in fen."""

    order: str
    version: int
    direction: str
    title: str
    consumer: Side
    provider: Side
    listing: str
    listing_version: int
    quantity: int
    unit: str
    unit_price_fen: int
    setup_fen: int
    total_fen: int
    period_start: str
    period_end: str
    parts: Sequence[PartTerms]
    cancellation: Sequence[Mapping[str, int]]
    acceptance_days: int
    specification: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    bundle: str = ""
    schema: str = SCHEMA


def instant(at: datetime | None) -> str:
    """Return `at` as UTC to the second, RFC 3339; an empty string for None."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(terms: Terms) -> dict[str, Any]:
    """Return `terms` as JSON stores it."""
    value: dict[str, Any] = json.loads(canonical(terms))
    return value


def canonical(terms: Terms) -> str:
    """Return the one text that stands for `terms`: JSON with sorted keys, no blanks, in UTF-8."""
    return json.dumps(asdict(terms), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def local(text: str) -> str:
    """Return an instant of the terms as the clock in China shows it."""
    return datetime.fromisoformat(text).astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M") if text else ""


def text_zh(t: Terms, unit: str) -> str:
    """Return the agreement as people read it in Chinese, `unit` being the word for `t.unit`."""
    lines = [
        f"共享服务协议（第 {t.version} 版）",
        f"订单编号：{t.order}",
        "",
        f"需方：{_side(t.consumer, '统一社会信用代码')}",
        f"供方：{_side(t.provider, '统一社会信用代码')}",
        "",
        f"一、标的：{t.title}（供给 {t.listing}，第 {t.listing_version} 版）。",
        f"二、数量：{t.quantity} {unit}。",
        f"三、价款（含税）：单价 {yuan(t.unit_price_fen)} 元 × {t.quantity}，"
        f"开机费 {yuan(t.setup_fen)} 元，合计 {yuan(t.total_fen)} 元。除此之外不收取其他费用。",
        f"四、履行期间：{_period(t, '至', '由双方在协议达成后约定')}（北京时间）。",
        *[f"    {index}. {_part_zh(part, unit)}" for index, part in enumerate(t.parts, 1)],
        f"五、验收：供方交付后，需方应在 {t.acceptance_days} 日内验收或者提出异议；逾期未提出的，视为验收合格。",
        "六、取消："
        + "；".join(f"距开始不少于 {step['hours_before']} 小时，收取 {step['percent']}%" for step in t.cancellation)
        + f"；开始履行后，收取未验收部分的 {STARTED_PERCENT}%。供方取消的，需方不付费用，并记入供方信用台账。",
        "七、付款与发票：双方在平台之外直接结算，平台不收取、不保管任何一方的资金；供方依需方申请开具发票。",
        "八、争议：双方可先协商，也可在平台发起投诉与调解，或者依法申请仲裁、提起诉讼。",
    ]
    if t.bundle:
        lines.append(f"九、本协议为打包订单 {t.bundle} 的一个环节，各环节全部达成方才生效。")
    if t.note:
        lines += ["", f"备注：{t.note}"]
    return "\n".join(lines) + "\n"


def text_en(t: Terms, unit: str) -> str:
    """Return the agreement as people read it in English, `unit` being the word for `t.unit`."""
    lines = [
        f"Agreement on shared services (version {t.version})",
        f"Order: {t.order}",
        "",
        f"Consumer: {_side(t.consumer, 'unified social credit code')}",
        f"Provider: {_side(t.provider, 'unified social credit code')}",
        "",
        f"1. Subject: {t.title} (listing {t.listing}, version {t.listing_version}).",
        f"2. Quantity: {t.quantity} {unit}.",
        f"3. Price, tax included: CNY {yuan(t.unit_price_fen)} x {t.quantity}, setup CNY {yuan(t.setup_fen)}, "
        f"total CNY {yuan(t.total_fen)}. Nothing else is charged.",
        f"4. Time: {_period(t, 'to', 'to be fixed by both sides after agreement')} (Beijing time).",
        *[f"    {index}. {_part_en(part, unit)}" for index, part in enumerate(t.parts, 1)],
        f"5. Acceptance: the consumer accepts or objects within {t.acceptance_days} days of delivery; "
        "silence counts as acceptance.",
        "6. Cancelling: "
        + "; ".join(
            f"{step['hours_before']} hours or more before the start, {step['percent']}%" for step in t.cancellation
        )
        + f"; once begun, {STARTED_PERCENT}% of what is not yet accepted. "
        "When the provider cancels, the consumer pays nothing and the provider's credit ledger records it.",
        "7. Payment and invoice: directly between the two sides; the platform takes and keeps nobody's money. "
        "The provider issues an invoice on request.",
        "8. Disputes: by talking, by complaint and mediation on the platform, or by arbitration or in court by law.",
    ]
    if t.bundle:
        lines.append(f"9. This is one leg of bundle {t.bundle}; it takes effect only when all legs are agreed.")
    if t.note:
        lines += ["", f"Note: {t.note}"]
    return "\n".join(lines) + "\n"


def _side(side: Side, label: str) -> str:
    return f"{side.name} ({label} {side.credit_code})" if side.credit_code else side.name


def _period(t: Terms, to: str, open_text: str) -> str:
    return f"{local(t.period_start)} {to} {local(t.period_end)}" if t.period_start else open_text


def _part_zh(part: PartTerms, unit: str) -> str:
    when = f"{local(part.start)} 至 {local(part.end)}"
    if part.kind == "milestone":
        return f"里程碑“{part.title}”：{local(part.end)} 前交付，{yuan(part.amount_fen)} 元"
    return f"{'预约' if part.kind == 'booking' else '交付'} {when}：{part.quantity} {unit}"


def _part_en(part: PartTerms, unit: str) -> str:
    when = f"{local(part.start)} to {local(part.end)}"
    if part.kind == "milestone":
        return f'Milestone "{part.title}": due {local(part.end)}, CNY {yuan(part.amount_fen)}'
    return f"{part.kind.capitalize()} {when}: {part.quantity} {unit}"

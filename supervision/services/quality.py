"""How good the data is: complete, timely, plausible; said by the platform of itself and open to the authority."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.selectors import supervised as accounts
from governance.selectors import supervised as governance
from marketplace.selectors import supervised as marketplace
from matching.selectors import supervised as matching
from supervision.core.reader import Reader
from supervision.core.resources import RESOURCES
from supervision.selectors import feed
from supervision.services import reads


@dataclass(frozen=True)
class Check:
    """One thing that a row can lack or get wrong, and how many rows do."""

    code: str
    aspect: str  # completeness, timeliness or plausibility
    zh: str
    en: str
    rows: int


@dataclass(frozen=True)
class Quality:
    """The quality of one resource in the reader's territory."""

    resource: str
    rows: int
    last_change: datetime | None  # anywhere, not only in the territory
    checks: list[Check]


# count name -> (aspect, zh, en)
CHECKS = {
    "incomplete": ("completeness", "缺少区县或行业", "No division or no industry"),
    "no_division": ("completeness", "缺少区县", "No division"),
    "no_place": ("completeness", "没有位置", "No place"),
    "no_industry": ("completeness", "缺少行业", "No industry"),
    "no_period": ("completeness", "没有时间段", "No period"),
    "waiting": ("timeliness", "等待人工审核", "Waiting for a person's review"),
    "late": ("timeliness", "超过期限", "Past its deadline"),
    "over_the_law": ("timeliness", "超过法定期限", "Past the law's limit"),
    "licence_expired": ("timeliness", "许可过期仍在发布", "Published on an expired licence"),
    "zero_price": ("plausibility", "价格为零", "Price of zero"),
    "zero_budget": ("plausibility", "预算为零", "Budget of zero"),
    "zero_total": ("plausibility", "成立订单总价为零", "Agreed for nothing"),
    "in_the_future": ("plausibility", "时间在未来", "Dated in the future"),
    "agreed_before_proposed": ("plausibility", "成立早于提出", "Agreed before it was proposed"),
    "completed_before_agreed": ("plausibility", "完成早于成立", "Completed before it was agreed"),
    "closed_before_submitted": ("plausibility", "办结早于提交", "Closed before it was submitted"),
    "opened_before_submitted": ("plausibility", "公开早于提交", "Opened before it was submitted"),
    "decided_before_submitted": ("plausibility", "决定早于提交", "Decided before it was submitted"),
    "duplicate_agreement_hash": ("plausibility", "不同订单的协议哈希相同", "Two orders with the same agreement hash"),
    "unsound": ("plausibility", "证书不成立的轮次", "Rounds whose certificate does not hold"),
}


@transaction.atomic
def read(reader: Reader, *, at: datetime) -> tuple[datetime, list[Quality]]:
    """Return as of when the journal is complete, and the quality of every resource that the reader may read."""
    open_resources = [resource for resource in RESOURCES if reader.may(resource.scope)]
    counts = _counts({resource.name for resource in open_resources}, reader.territory.prefixes, at)
    found = [
        Quality(
            resource=resource.name,
            rows=counts[resource.name]["total"],
            last_change=feed.latest(resource.kind),
            checks=[Check(name, *CHECKS[name], rows) for name, rows in counts[resource.name].items() if name in CHECKS],
        )
        for resource in open_resources
    ]
    reads.record(reader, resource="quality", level="D1", query={}, rows=len(found), at=at)
    return feed.horizon().as_of, found


def _counts(names: Collection[str], prefixes: Collection[str], at: datetime) -> dict[str, dict[str, int]]:
    counters: dict[str, Callable[[], dict[str, int]]] = {
        "parties": lambda: accounts.count_parties(prefixes),
        "listings": lambda: marketplace.count_listings(prefixes, at),
        "demands": lambda: marketplace.count_demands(prefixes, at),
        "rounds": _rounds,
        "orders": lambda: marketplace.count_orders(prefixes, at),
        "ratings": lambda: governance.count_ratings(prefixes),
        "complaints": lambda: governance.count_complaints(prefixes, at),
        "verifications": lambda: accounts.count_verifications(prefixes),
    }
    return {name: counters[name]() for name in names}


def _rounds() -> dict[str, int]:
    counts = matching.count_rounds()
    return {**counts, "unsound": counts["total"] - counts["sound"]}

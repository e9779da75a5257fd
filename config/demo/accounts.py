"""The demo's accounts: one password for all, printed by `scripts/run` and shown on the log-in page of a demo."""

from dataclasses import dataclass

from accounts.core.actor import Role
from config.demo.parties import PartySeed

# It guards nothing: a demo holds no real data, and production refuses to load one.
PASSWORD = "yuli-demo-2026"  # noqa: S105
DOMAIN = "demo.example"

STAFF = (
    (f"operator@{DOMAIN}", "演示运营", (Role.OPERATOR,)),
    (f"reviewer@{DOMAIN}", "演示审核", (Role.REVIEWER,)),
    (f"mediator@{DOMAIN}", "演示调解", (Role.MEDIATOR,)),
)
NEWCOMER = f"newcomer@{DOMAIN}"
CONSUMER = f"consumer@{DOMAIN}"
# Number of the party that signs in as "consumer"; the first of each direction signs in under the direction's name.
CONSUMER_NUMBER = 6


@dataclass(frozen=True)
class AgencySeed:
    """A made-up authority with one officer."""

    email: str
    officer: str
    name: str
    level: str
    division_code: str


AGENCIES = (
    AgencySeed(f"regulator-xiamen@{DOMAIN}", "演示监管（厦门）", "厦门市演示监管机构", "city", "350200"),
    AgencySeed(f"regulator-chongqing@{DOMAIN}", "演示监管（重庆）", "重庆市演示监管机构", "province", "500000"),
)


def party_email(seed: PartySeed) -> str:
    """Return the address under which the owner of a demo party signs in."""
    if seed.number == CONSUMER_NUMBER:
        return CONSUMER
    return f"{seed.direction}{seed.number:02d}@{DOMAIN}"


def listed() -> list[tuple[str, str]]:
    """Return (what the account is, its address) of the accounts that show each role."""
    return [
        ("需方 consumer", CONSUMER),
        ("供方 科研仪器 instruments", f"instruments08@{DOMAIN}"),
        ("供方 知识技能 skills", f"skills11@{DOMAIN}"),
        ("供方 生产设备 equipment", f"equipment01@{DOMAIN}"),
        ("供方 生产资源 resources", f"resources14@{DOMAIN}"),
        ("供方 分散产能 capacity", f"capacity03@{DOMAIN}"),
        ("新用户，未核验 newcomer, unverified", NEWCOMER),
        *((f"{name} {roles[0]}", email) for email, name, roles in STAFF),
        *((f"{agency.officer} regulator", agency.email) for agency in AGENCIES),
    ]

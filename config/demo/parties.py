"""The demo's organisations: kinds, names and codes that say they are a demo."""

from dataclasses import dataclass
from random import Random

from accounts.core import credit_code
from config.demo.places import PLACES, Place, near

# (word in the name, kind, direction it mostly deals in, industry code of GB/T 4754)
TRADES = (
    ("精密机械", "enterprise", "equipment", "C3489"),
    ("模具", "enterprise", "equipment", "C3525"),
    ("数控加工", "enterprise", "capacity", "C3484"),
    ("注塑", "enterprise", "capacity", "C2929"),
    ("服装", "enterprise", "capacity", "C1819"),
    ("电子组装", "enterprise", "capacity", "C3989"),
    ("钣金", "enterprise", "equipment", "C3311"),
    ("材料分析测试中心", "institute", "instruments", "M7452"),
    ("大学分析测试平台", "university", "instruments", "P8341"),
    ("检测技术", "enterprise", "instruments", "M7452"),
    ("工业设计", "enterprise", "skills", "M7491"),
    ("知识产权服务", "enterprise", "skills", "M7520"),
    ("软件", "enterprise", "skills", "I6513"),
    ("装备制造集团", "enterprise", "resources", "C3421"),
    ("供应链", "enterprise", "resources", "L7224"),
    ("农机合作社", "cooperative", "equipment", "A0512"),
)
BRANDS = (
    "鹭江", "嘉陵", "筼筜", "缙云", "同集", "两江", "杏林",
    "歌乐", "五缘", "铜元", "环东", "蔡家", "马銮", "照母",
)  # fmt: skip
SIZES = ("micro", "small", "small", "medium", "large")


@dataclass(frozen=True)
class PartySeed:
    """What one demo organisation starts from."""

    number: int
    name: str
    kind: str
    size: str
    credit_code: str
    industry_code: str
    direction: str
    place: Place
    lng: float
    lat: float


def parties(count: int, random: Random) -> list[PartySeed]:
    """Return `count` organisations, spread over both cities and all trades; the same seed gives the same ones."""
    return [_party(number, random) for number in range(1, count + 1)]


def _party(number: int, random: Random) -> PartySeed:
    trade, kind, direction, industry = TRADES[(number - 1) % len(TRADES)]
    place = PLACES[(number * 7 + number // len(TRADES)) % len(PLACES)]  # every trade in both cities
    lng, lat = near(place, random)
    return PartySeed(
        number=number,
        name=f"{place.city}{random.choice(BRANDS)}{trade}（演示{number:02d}）",
        kind=kind,
        size=random.choice(SIZES),
        credit_code=demo_credit_code(number, place.division_code, kind),
        industry_code=industry,
        direction=direction,
        place=place,
        lng=lng,
        lat=lat,
    )


def demo_credit_code(number: int, division_code: str, kind: str) -> str:
    """Return a well-formed code whose body begins with DEM0, which no register hands out."""
    prefix = {"institute": "12", "university": "12", "cooperative": "93"}.get(kind, "91")
    body = f"DEM0{_base31(number)}"
    return credit_code.complete(f"{prefix}{division_code[:4]}00{body}{_body_check(body)}")


def _base31(number: int) -> str:
    text = ""
    for _ in range(4):
        number, rest = divmod(number, 31)
        text = credit_code.ALPHABET[rest] + text
    return text


def _body_check(body: str) -> str:
    """Return the ninth place of an organisation code (GB 11714: weights 3 7 9 10 5 8 4 2, modulus 11)."""
    values = (int(c) if c.isdecimal() else ord(c) - 55 for c in body)
    rest = 11 - sum(value * weight for value, weight in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))

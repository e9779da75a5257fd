"""Industries by GB/T 4754-2017 code, such as C3421 for metal-cutting machine tools."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "industries.csv"


@dataclass(frozen=True)
class Industry:
    """A section (one letter), division (two digits), group (three) or class (four)."""

    code: str
    name: str
    parent: str

    @property
    def level(self) -> int:
        return max(len(self.code) - 1, 1)


@cache
def all_industries() -> dict[str, Industry]:
    """Return every industry by its code, in order of code."""
    with _TABLE.open(newline="", encoding="utf-8") as file:
        return {row["code"]: Industry(row["code"], row["name"], row["parent"]) for row in csv.DictReader(file)}


def find(code: str) -> Industry | None:
    """Return the industry `code`; None where there is none."""
    return all_industries().get(code)


def is_known(code: str) -> bool:
    return code in all_industries()


def children(code: str = "") -> list[Industry]:
    """Return what lies directly in `code`; the sections for an empty one."""
    return [industry for industry in all_industries().values() if industry.parent == code]


def path(code: str) -> list[Industry]:
    """Return the industry and all above it, the section first; empty for an unknown code."""
    found: list[Industry] = []
    industry = find(code)
    while industry is not None:
        found.insert(0, industry)
        industry = find(industry.parent)
    return found


def by_name(name: str) -> Industry | None:
    """Return the only industry called exactly `name`, the finest level first; None when none or unclear."""
    found = [industry for industry in all_industries().values() if industry.name == name.strip()]
    finest = [industry for industry in found if industry.level == max(one.level for one in found)]
    return finest[0] if len(finest) == 1 else None

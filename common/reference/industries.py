"""Industries by GB/T 4754-2017 code, such as C3421 for metal-cutting machine tools."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "industries.csv"
_BROAD = 3  # places of a division's code, such as C34


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


def broad() -> list[Industry]:
    """Return the sections and divisions, in order of code: what fits into a list that nobody searches."""
    return [industry for industry in all_industries().values() if len(industry.code) <= _BROAD]


def matching(words: str, *, most: int) -> list[Industry]:
    """Return at most `most` industries whose code begins with `words` or whose name holds all of them, broad first."""
    parts = words.split()
    start = words.strip().upper()
    found = [
        industry
        for industry in all_industries().values()
        if industry.code.startswith(start) or (parts and all(part in industry.name for part in parts))
    ]
    return sorted(found, key=lambda industry: (len(industry.code), industry.code))[:most]

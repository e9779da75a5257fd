"""Numbers on documents that say who a person is: which document, and what is wrong with one."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
ADULT_YEARS = 18  # 民法典 art. 17; from 16 with own income (art. 18), which a person has to judge
WORKING_YEARS = 16
EARLIEST_BIRTH = date(1900, 1, 1)

# First two places of the division of birth (GB/T 2260), abolished ones included by their province.
PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71))
)
# Residents of Hong Kong, Macao and Taiwan with a residence permit carry numbers of the same build.
RESIDENCE_PERMITS = ("810000", "820000", "830000")


class Document(StrEnum):
    RESIDENT = "resident"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_PERMANENT = "foreign_permanent"
    HONG_KONG_MACAO_TRAVEL = "hong_kong_macao_travel"
    TAIWAN_TRAVEL = "taiwan_travel"
    PASSPORT = "passport"


class Fault(StrEnum):
    SHAPE = "shape"
    REGION = "region"
    BIRTH = "birth"
    CHECK = "check"
    AGE = "age"
    YOUNG = "young"  # 16 or 17: allowed with own income, which a person has to judge


@dataclass(frozen=True)
class Reading:
    document: Document
    born: date | None
    fault: Fault | None


_OTHERS = (
    (Document.HONG_KONG_MACAO_TRAVEL, re.compile(r"[HM]\d{8}(\d{2})?")),
    (Document.TAIWAN_TRAVEL, re.compile(r"\d{8}(\d{2})?")),
    (Document.PASSPORT, re.compile(r"[A-Z0-9]{6,12}")),
)


def normalise(text: str) -> str:
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return "".join(c for c in narrow.upper() if not c.isspace() and c not in "-()")


def check_character(first_17: str) -> str:
    """Return the 18th place (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return CHECKS[sum(int(c) * weight for c, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def read(number: str, today: date) -> Reading:
    """Tell which document a normalised `number` belongs to and what is wrong with it on the day `today`."""
    if re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        return _read_18(number, today)
    for document, pattern in _OTHERS:
        if pattern.fullmatch(number):
            return Reading(document, None, None)
    return Reading(Document.RESIDENT, None, Fault.SHAPE)


def _read_18(number: str, today: date) -> Reading:
    document = _document(number)
    born = _birth(number[6:14])
    if document is None:
        return Reading(Document.RESIDENT, born, Fault.REGION)
    if born is None or not EARLIEST_BIRTH <= born <= today:
        return Reading(document, None, Fault.BIRTH)
    if check_character(number[:17]) != number[17]:
        return Reading(document, born, Fault.CHECK)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < WORKING_YEARS:
        return Reading(document, born, Fault.AGE)
    return Reading(document, born, Fault.YOUNG if years < ADULT_YEARS else None)


def _document(number: str) -> Document | None:
    if number.startswith(RESIDENCE_PERMITS):
        return Document.RESIDENCE_PERMIT
    if number[0] == "9" and number[1:3] in PROVINCES:
        return Document.FOREIGN_PERMANENT
    return Document.RESIDENT if number[:2] in PROVINCES else None


def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def masked(number: str) -> str:
    """Return what is kept of a person's number: its last four places."""
    return "*" * max(0, len(number) - 4) + number[-4:]

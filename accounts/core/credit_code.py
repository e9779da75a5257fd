"""Unified social credit codes (GB 32100-2015): well-formed or not, and why not."""

from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
LENGTH = 18

# Place 1, the department that registers, and the kinds it registers at place 2 (GB 32100 table 1, with its amendments).
KINDS = {
    "1": "12349",  # 机构编制: organs, public institutions, bodies without their own register, others
    "2": "19",  # 外交: standing offices of foreign news media and others
    "3": "123459",  # 司法行政: law firms, notaries, legal service offices, forensic bodies, arbitration
    "4": "19",  # 文化: standing offices of foreign culture centres
    "5": "12349",  # 民政: social organisations, private non-enterprise units, foundations, grass-roots self-government
    "6": "129",  # 旅游: standing offices of foreign and of Hong Kong, Macao and Taiwan tourism
    "7": "129",  # 宗教: places of worship, religious schools
    "8": "19",  # 工会: trade unions
    "9": "1239",  # 工商 (market regulation): enterprises, sole proprietors, farmers' cooperatives, others
    "A": "19",  # 中央军委改革和编制办公室: army institutions
    "N": "1239",  # 农业: group, township and village level farm organisations, others
    "Y": "1",  # 其他
}


class Fault(StrEnum):
    """Why a text is no credit code."""

    LENGTH = "length"
    ALPHABET = "alphabet"
    DEPARTMENT = "department"
    DIVISION = "division"
    CHECK = "check"


def normalise(text: str) -> str:
    """Return `text` as codes are written: no blanks or dashes, capital letters, narrow characters."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return "".join(c for c in narrow.upper() if not c.isspace() and c not in "-·")


def check_character(first_17: str) -> str:
    """Return the 18th place that belongs to the first 17."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def complete(first_17: str) -> str:
    return first_17 + check_character(first_17)


def fault(code: str) -> Fault | None:
    """Tell what is wrong with a normalised `code`, None when it is well-formed.

    Source:
        GB 32100-2015: 31 symbols, weights 3^(i-1) mod 31, check value (31 - sum mod 31) mod 31.
    """
    if len(code) != LENGTH:
        return Fault.LENGTH
    if any(c not in ALPHABET for c in code):
        return Fault.ALPHABET
    if code[1] not in KINDS.get(code[0], ""):
        return Fault.DEPARTMENT
    if not code[2:8].isdecimal():
        return Fault.DIVISION
    if check_character(code[:17]) != code[17]:
        return Fault.CHECK
    return None


def is_valid(code: str) -> bool:
    return fault(code) is None

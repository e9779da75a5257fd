"""What people type into a cell, read as what it means; what cannot be read is a problem at that cell."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from common.errors import gettext_noop

_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$", re.IGNORECASE)
_DAY = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ t].*)?$", re.IGNORECASE)
_MONTH = re.compile(r"^(\d{4})[-/.年](\d{1,2})月?$")
_TIME = re.compile(
    r"^(\d{4}\D\d{1,2}\D\d{1,2}日?)[ t]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(z|[+-]\d{2}:\d{2})?$", re.IGNORECASE
)
_SPLIT = re.compile(r"[、,，;；\n|/]+")
_CURRENCY = re.compile(r"^(rmb|cny|￥|¥|人民币)|(元|圆|rmb|cny)(/.*)?$")
_YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "可", "支持"})
_NO = frozenset({"否", "无", "n", "no", "false", "0", "×", "x", "不", "不支持"})
_TIMES = {"亿": 100_000_000, "万": 10_000, "千": 1_000}
CHINA = ZoneInfo("Asia/Shanghai")
FEN = 100
MOST_FEN = 2**53 - 1


@dataclass
class CellError(Exception):
    """What is wrong with one cell.

    Attributes:
        code: a stable name; message: an English message id with params.
    """

    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


def clean(text: str) -> str:
    """Return a text with full-width digits and letters made plain, and no blanks around."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def decimal(text: str) -> Decimal:
    """Read a number such as 1,200.5, １２ or 3万; raises CellError."""
    bare = clean(text).replace(",", "").replace(" ", "")
    factor = 1
    while bare and bare[-1] in _TIMES:
        factor *= _TIMES[bare[-1]]
        bare = bare[:-1]
    if not _NUMBER.match(bare):
        raise CellError("not_a_number", gettext_noop("“%(text)s” is no number."), {"text": text[:40]})
    try:
        value = Decimal(bare) * factor
    except InvalidOperation as error:
        raise CellError("not_a_number", gettext_noop("“%(text)s” is no number."), {"text": text[:40]}) from error
    if abs(value) > Decimal(10) ** 18:
        raise CellError("too_large", gettext_noop("The number is too large."))
    return value


def whole(text: str) -> int:
    """Read a whole number; raises CellError."""
    value = decimal(text)
    if value != value.to_integral_value():
        raise CellError("not_whole", gettext_noop("“%(text)s” is no whole number."), {"text": text[:40]})
    return int(value)


def positive(text: str) -> int:
    value = whole(text)
    if value < 0:
        raise CellError("negative", gettext_noop("The number must not be negative."))
    return value


def fen(text: str, *, times: int = 1) -> int:
    """Read yuan as fen, rounded to the fen; `times` is 10,000 for a column in 万元. Raises CellError."""
    bare = _CURRENCY.sub("", clean(text).casefold().replace(" ", ""))
    value = int((decimal(bare) * times * FEN).to_integral_value())
    if not 0 <= value <= MOST_FEN:
        raise CellError("not_an_amount", gettext_noop("“%(text)s” is no amount of money."), {"text": text[:40]})
    return value


def day(text: str) -> date:
    """Read a day such as 2026-03-02, 2026/3/2 or 2026年3月2日; raises CellError."""
    found = _DAY.match(clean(text))
    try:
        if found and len(text) >= 8:
            return _plausible(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        pass
    raise CellError("not_a_day", gettext_noop("“%(text)s” is no date."), {"text": text[:40]})


def first_day(text: str) -> date:
    """Read a day, or a month such as 2026年3月 as its first day; raises CellError."""
    found = _MONTH.match(clean(text))
    if found and 1 <= int(found[2]) <= 12:
        return _plausible(date(int(found[1]), int(found[2]), 1))
    return day(text)


def last_day(text: str) -> date:
    """Read a day, or a month as its last day; raises CellError."""
    found = _MONTH.match(clean(text))
    if found and 1 <= int(found[2]) <= 12:
        month = int(found[1]) * 12 + int(found[2])
        return date.fromordinal(_plausible(date(month // 12, month % 12 + 1, 1)).toordinal() - 1)
    return day(text)


def begin(text: str) -> date | datetime:
    """Read when something begins: an instant where the cell tells the time, else the first day; raises CellError."""
    return _instant(text) or first_day(text)


def end(text: str) -> date | datetime:
    """Read when something ends: an instant where the cell tells the time, else the last day; raises CellError."""
    return _instant(text) or last_day(text)


def flag(text: str) -> bool:
    """Read yes or no; raises CellError."""
    bare = clean(text).casefold()
    if bare in _YES or bare in _NO:
        return bare in _YES
    raise CellError("not_yes_or_no", gettext_noop("“%(text)s” is neither yes nor no."), {"text": text[:40]})


def degrees(limit: float) -> Callable[[str], float]:
    """Return a reader of degrees up to `limit` either way."""

    def read(text: str) -> float:
        value = float(decimal(text))
        if abs(value) > limit:
            raise CellError("off_the_globe", gettext_noop("%(text)s degrees do not exist."), {"text": text[:40]})
        return value

    return read


def choice(options: Mapping[str, str]) -> Callable[[str], str]:
    """Return a reader of one of `options` (what may be written, in small letters -> stored value)."""

    def read(text: str) -> str:
        bare = clean(text).casefold()
        if bare not in options:
            raise CellError("unknown_choice", gettext_noop("“%(text)s” is none of the choices."), {"text": text[:40]})
        return options[bare]

    return read


def several(read: Callable[[str], str]) -> Callable[[str], list[str]]:
    """Return a reader of several values, parted by commas, semicolons, slashes or lines."""

    def read_all(text: str) -> list[str]:
        return list(dict.fromkeys(read(part) for part in parts(text)))

    return read_all


def parts(text: str) -> list[str]:
    """Return the entries of a list typed into one cell."""
    return [part.strip() for part in _SPLIT.split(text) if part.strip()]


def looks_like_flag(text: str) -> bool:
    return clean(text) in ("是", "否")


def _instant(text: str) -> datetime | None:
    """Return an instant; None for a day alone, as which a midnight without a zone counts: so Excel writes days."""
    found = _TIME.match(clean(text))
    if not found:
        return None
    on = day(found[1])
    try:
        at = datetime.fromisoformat(f"{on.isoformat()}T{found[2].zfill(5)}{found[3] or ''}")
    except ValueError:
        return None
    if at.tzinfo is None:
        return None if at.time() == time() else at.replace(tzinfo=CHINA)
    return at


def _plausible(found: date) -> date:
    if not 1900 <= found.year < 2200:
        raise CellError("not_a_day", gettext_noop("A date between the years 1900 and 2200 is meant."))
    return found


Reader = Callable[[str], object]
Row = Sequence[str]

"""Which contact data a message carries, hidden until the two sides have agreed."""

import re

HIDDEN = "［✱✱✱］"

_PATTERNS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # e-mail
    re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d){8}(?!\d)"),  # mobile, with or without blanks
    re.compile(r"(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)"),  # fixed line
    re.compile(r"(?<!\d)400[\s-]?\d{3}[\s-]?\d{4}(?!\d)"),  # service number
    re.compile(r"(?:微信|薇信|weixin|wechat|vx|v信|qq|扣扣)(?:号)?\s*[:：是为]?\s*[A-Za-z0-9_-]{5,20}", re.IGNORECASE),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
)
_WIDE = str.maketrans("０１２３４５６７８９＠．", "0123456789@.")


def mask(text: str) -> tuple[str, int]:
    """Return `text` with telephone numbers, mail addresses, accounts and links hidden, and how many there were.

    Full-width digits count as digits. A determined writer can still spell a number out: the aim is that
    nobody gives their number away by habit, not that nobody can.
    """
    masked, found = text.translate(_WIDE), 0
    for pattern in _PATTERNS:
        masked, count = pattern.subn(HIDDEN, masked)
        found += count
    return (masked, found) if found else (text, 0)

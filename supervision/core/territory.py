"""Which places an agency may read about: administrative divisions (GB/T 2260) by prefix."""

import re
from collections.abc import Collection
from dataclasses import dataclass

_DIVISION = re.compile(r"^\d{6}$")


@dataclass(frozen=True)
class Territory:
    """Prefixes of division codes; the empty prefix is the whole country, no prefix at all is nowhere."""

    prefixes: tuple[str, ...]

    def covers(self, division_code: str) -> bool:
        """Tell whether the place lies inside; a place without a code lies only in the whole country."""
        return any(division_code.startswith(prefix) for prefix in self.prefixes)

    def narrowed(self, division_code: str) -> "Territory":
        """Return the part of this territory that lies in `division_code`; nowhere when they do not meet."""
        wanted = prefix_of(division_code)
        if self.covers(wanted):
            return Territory((wanted,))
        return Territory(tuple(prefix for prefix in self.prefixes if prefix.startswith(wanted)))

    @property
    def is_nowhere(self) -> bool:
        return not self.prefixes


def prefix_of(division_code: str) -> str:
    """Return what all places in the division begin with: 350200 gives 3502, 000000 gives the empty prefix.

    Raises:
        ValueError: not six digits.
    """
    if not _DIVISION.match(division_code) or not division_code.isascii():
        raise ValueError(f"{division_code!r} is not a six-digit division code")
    for width in (0, 2, 4):
        if set(division_code[width:]) == {"0"}:
            return division_code[:width]
    return division_code


def territory(division_codes: Collection[str]) -> Territory:
    """Return the territory of the divisions, without those that lie in another of them."""
    prefixes = sorted({prefix_of(code) for code in division_codes})
    kept = [p for p in prefixes if not any(p != other and p.startswith(other) for other in prefixes)]
    return Territory(tuple(kept))

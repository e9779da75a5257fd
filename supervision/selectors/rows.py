"""The supervised rows of the other packages by kind, asked of the package that owns them."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from accounts.selectors import supervised as accounts
from credit.selectors import supervised as credit
from governance.selectors import supervised as governance
from marketplace.selectors import supervised as marketplace
from matching.selectors import supervised as matching
from supervision.core.territory import Territory

Row = Mapping[str, Any]
NEW = {"grade": "N", "rating_count": 0, "order_count": 0}


def by_id(kind: str, ids: Collection[int], territory: Territory) -> dict[int, Row]:
    """Return the rows of `kind` among `ids` that lie in the territory and that an authority may see at all."""
    return {row["pk"]: row for row in _SELECTORS[kind](ids, territory.prefixes)}


def _parties(ids: Collection[int], prefixes: Collection[str]) -> list[dict[str, Any]]:
    rows = accounts.parties(ids, prefixes)
    standings = credit.standings([row["pk"] for row in rows])
    return [{**row, **standings.get(row["pk"], NEW)} for row in rows]


def _rounds(ids: Collection[int], prefixes: Collection[str]) -> list[dict[str, Any]]:
    return matching.rounds(ids)  # about no party and no place


_SELECTORS: dict[str, Callable[[Collection[int], Collection[str]], list[dict[str, Any]]]] = {
    "party": _parties,
    "verification": accounts.verifications,
    "listing": marketplace.listings,
    "demand": marketplace.demands,
    "order": marketplace.orders,
    "rating": governance.ratings,
    "complaint": governance.complaints,
    "round": _rounds,
}

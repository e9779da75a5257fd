"""Everything a round decides on, as one value with one byte form: what is stored, hashed and replayed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from matching.core.columns import Table, column, packed, unpacked
from matching.core.problem import Ints, ints

FORMAT = 4


@dataclass(frozen=True)
class Parameters:
    """What an operator may set about a round; published with its result.

    Attributes:
        seed: decides ties, through a hash of it and each code; never the order of rows.
        radius_m: how far apart two places may be at most, in metres; 0 leaves it to each need.
        nearest: how many lots each leg of a need is compared with at first, the nearest first.
        widen: how often pairs beyond the nearest are let in where the prices say that they could gain.
        distance_weight_bp: share of the limit, in basis points, that a way of `distance_scale_m` or more costs.
        distance_scale_m: see there, in metres.
        quote_share_bp: what an offer by quote is taken to ask, as a share of the need's limit in basis points.
        time_limit_s: guard in seconds on one component with indivisible wishes.
        quota_by: whose share of each direction is bounded: "provider" or "zone" (the city); empty for nobody's.
        quota_share_bp: that share of all that is wanted, in basis points.
        entrant_bonus_bp: what a deal with a new entrant counts for beyond its worth when pairs are chosen, as a share
            of the need's limit in basis points; nobody pays it.
        entrant_floor_bp: the least share of the deals that new entrants should get, in basis points; 0 for none. The
            least bonus that reaches it then stands in `entrant_bonus_bp`.
        memory_bonus_bp: the same for a deal with a need, for each round in a row in which others gained more.
        memory_rounds: how many such rounds count at most.
        solver: what decides components without indivisible wishes: "kernels" of our own, or "scipy".
    """

    seed: str = "yuli"
    radius_m: int = 0
    nearest: int = 20
    widen: int = 8
    distance_weight_bp: int = 1_500
    distance_scale_m: int = 150_000
    quote_share_bp: int = 8_000
    time_limit_s: int = 20
    quota_by: str = ""
    quota_share_bp: int = 0
    entrant_bonus_bp: int = 0
    entrant_floor_bp: int = 0
    memory_bonus_bp: int = 0
    memory_rounds: int = 3
    solver: str = "kernels"


@dataclass(frozen=True, eq=False)
class Needs(Table):
    """One row per need; all sequences equally long.

    Attributes:
        code, version: public code and version that was read.
        posted: when it was published, in seconds since 1970.
        whole: 1 where all or nothing is wanted.
        max_suppliers: most partners wanted.
    """

    names: ClassVar = ("code",)

    code: Sequence[str] = ()
    version: Ints = column()
    posted: Ints = column()
    whole: Ints = column()
    max_suppliers: Ints = column()


@dataclass(frozen=True, eq=False)
class Legs(Table):
    """One row per leg, needs in order; most needs have a single leg without a name.

    Attributes:
        need: row of its need.
        name: which part of a bundle it is, else empty.
        quantity: units wanted.
        limit_fen: most the need would pay per unit.
    """

    names: ClassVar = ("name",)

    need: Ints = column()
    name: Sequence[str] = ()
    quantity: Ints = column()
    limit_fen: Ints = column()


@dataclass(frozen=True, eq=False)
class Lots(Table):
    """One row per lot: a listing with what it has left, or with what it has left in one week.

    Attributes:
        code, version: public code and version that was read.
        week: weeks since the Monday of 1 January 1970 where capacity is promised by the week, else -1.
        capacity: units left, or deals that can be made where a need makes one deal only.
        group: row of the group that shares a quota, else -1.
        asked_fen: listed price per unit, -1 for offers by quote; no proposal is dearer.
        min_units: smallest quantity it accepts.
        setup_fen: what one deal costs before the first unit.
    """

    names: ClassVar = ("code",)
    defaults: ClassVar = {"week": -1, "group": -1}

    code: Sequence[str] = ()
    version: Ints = column()
    capacity: Ints = column()
    asked_fen: Ints = column()
    min_units: Ints = column()
    setup_fen: Ints = column()
    week: Ints = column()
    group: Ints = column()


@dataclass(frozen=True, eq=False)
class Edges(Table):
    """One row per candidate pair that passed every hard filter.

    Attributes:
        leg, lot: rows of what it joins.
        reserve_fen: least the lot's provider takes from this need per unit.
        most_units: what the lot can give within the need's period; for a single deal, what one place can.
        fit_bp: fit of offer and need in basis points.
        distance_m: metres between them; 0 for work done at a distance.
        bonus_fen: what a unit counts for beyond its worth when pairs are chosen; nobody pays it.
    """

    defaults: ClassVar = {"bonus_fen": 0}

    leg: Ints = column()
    lot: Ints = column()
    reserve_fen: Ints = column()
    most_units: Ints = column()
    fit_bp: Ints = column()
    distance_m: Ints = column()
    bonus_fen: Ints = column()


@dataclass(frozen=True, eq=False)
class Section:
    """One direction's part of a market.

    Attributes:
        direction: the direction's code, a mere label here.
        one_deal_each: a need makes at most one deal in the round, for its whole quantity, and a lot's
            capacity counts deals.
        group_capacity: by group, units (or deals) that its lots give together at most.
    """

    direction: str
    one_deal_each: bool
    needs: Needs
    legs: Legs
    lots: Lots
    edges: Edges
    group_capacity: Ints = column()

    def __post_init__(self) -> None:
        object.__setattr__(self, "group_capacity", ints(self.group_capacity))


@dataclass(frozen=True, eq=False)
class Market:
    """All sections of one round and the parameters they are decided with."""

    parameters: Parameters = field(default_factory=Parameters)
    sections: tuple[Section, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the one byte form of this market: see `columns`."""
        return packed(self.content)

    @property
    def content(self) -> dict[str, Any]:
        """This market with its format, to be written in any form."""
        return {"format": FORMAT, **vars(self)}

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Market":
        """Return the market that `to_bytes` wrote.

        Raises:
            ValueError: it is of another format.
        """
        return cls.of(unpacked(stored))

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Market":
        """Return the market that `content` was written from.

        Raises:
            ValueError: it is of another format.
        """
        check_format(content)
        return cls(
            parameters=Parameters(**content["parameters"]),
            sections=tuple(
                Section(
                    direction=section["direction"],
                    one_deal_each=section["one_deal_each"],
                    needs=Needs(**section["needs"]),
                    legs=Legs(**section["legs"]),
                    lots=Lots(**section["lots"]),
                    edges=Edges(**section["edges"]),
                    group_capacity=section["group_capacity"],
                )
                for section in content["sections"]
            ),
        )


def check_format(content: Mapping[str, Any]) -> None:
    """Raise ValueError where something was stored in another format than that of now."""
    if content.get("format") != FORMAT:
        raise ValueError(f"Format {content.get('format')} is not readable here.")


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tie_key(seed: str, code: str) -> int:
    """Return the number that orders `code` among equals in a round with this seed."""
    digest = hashlib.blake2b(f"{seed}\n{code}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1

"""Everything a round decides on, as one value with one byte form: what is stored, hashed and replayed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = 2


@dataclass(frozen=True)
class Parameters:
    """What an operator may set about a round; published with its result.

    Attributes:
        seed: decides ties, through a hash of it and each code; never the order of rows.
        radius_m: how far apart two places may be at most, in metres; 0 leaves it to each need.
        nearest: how many lots each leg of a need is compared with, the nearest first.
        distance_weight_bp: share of the limit, in basis points, that a way of `distance_scale_m` or more costs.
        distance_scale_m: see there, in metres.
        quote_share_bp: what an offer by quote is taken to ask, as a share of the need's limit in basis points.
        time_limit_s: guard in seconds on one component with indivisible wishes.
        quota_by: whose share of each direction is bounded: "provider" or "zone" (the city); empty for nobody's.
        quota_share_bp: that share of all that is wanted, in basis points.
        solver: what decides components without indivisible wishes: "kernels" of our own, or "scipy".
    """

    seed: str = "yuli"
    radius_m: int = 0
    nearest: int = 20
    distance_weight_bp: int = 1_500
    distance_scale_m: int = 150_000
    quote_share_bp: int = 8_000
    time_limit_s: int = 20
    quota_by: str = ""
    quota_share_bp: int = 0
    solver: str = "kernels"


@dataclass(frozen=True)
class Needs:
    """One row per need; all sequences equally long.

    Attributes:
        code, version: public code and version that was read.
        posted: when it was published, in seconds since 1970.
        whole: 1 where all or nothing is wanted.
        max_suppliers: most partners wanted.
    """

    code: Sequence[str] = ()
    version: Sequence[int] = ()
    posted: Sequence[int] = ()
    whole: Sequence[int] = ()
    max_suppliers: Sequence[int] = ()


@dataclass(frozen=True)
class Legs:
    """One row per leg, needs in order; most needs have a single leg without a name.

    Attributes:
        need: row of its need.
        name: which part of a bundle it is, else empty.
        quantity: units wanted.
        limit_fen: most the need would pay per unit.
    """

    need: Sequence[int] = ()
    name: Sequence[str] = ()
    quantity: Sequence[int] = ()
    limit_fen: Sequence[int] = ()


@dataclass(frozen=True)
class Lots:
    """One row per lot: a listing with what it has left, or with what it has left in one week.

    Attributes:
        code, version: public code and version that was read.
        week: weeks since the Monday of 1 January 1970 where capacity is promised by the week, else -1.
        capacity: units left, or deals that can be made where a need makes one deal only.
        group: row of the group that shares a quota, else -1; empty without groups.
        asked_fen: listed price per unit, -1 for offers by quote; no proposal is dearer.
        min_units: smallest quantity it accepts.
        setup_fen: what one deal costs before the first unit.
    """

    code: Sequence[str] = ()
    version: Sequence[int] = ()
    capacity: Sequence[int] = ()
    asked_fen: Sequence[int] = ()
    min_units: Sequence[int] = ()
    setup_fen: Sequence[int] = ()
    week: Sequence[int] = ()
    group: Sequence[int] = ()


@dataclass(frozen=True)
class Edges:
    """One row per candidate pair that passed every hard filter.

    Attributes:
        leg, lot: rows of what it joins.
        reserve_fen: least the lot's provider takes from this need per unit.
        most_units: what the lot can give within the need's period; for a single deal, what one place can.
        fit_bp: fit of offer and need in basis points.
        distance_m: metres between them; 0 for work done at a distance.
    """

    leg: Sequence[int] = ()
    lot: Sequence[int] = ()
    reserve_fen: Sequence[int] = ()
    most_units: Sequence[int] = ()
    fit_bp: Sequence[int] = ()
    distance_m: Sequence[int] = ()


@dataclass(frozen=True)
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
    group_capacity: Sequence[int] = ()


@dataclass(frozen=True)
class Market:
    """All sections of one round and the parameters they are decided with."""

    parameters: Parameters = field(default_factory=Parameters)
    sections: tuple[Section, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the one byte form of this market: JSON with sorted keys and no blanks."""
        return as_bytes({"format": FORMAT, **vars(self)})

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Market":
        """Return the market that `to_bytes` wrote.

        Raises:
            ValueError: it is of another format.
        """
        content = content_of(stored)
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


def content_of(stored: bytes) -> dict[str, Any]:
    """Return what was stored in the format of now.

    Raises:
        ValueError: it is of another format.
    """
    content: dict[str, Any] = json.loads(stored)
    if content.get("format") != FORMAT:
        raise ValueError(f"Format {content.get('format')} is not readable here.")
    return content


def as_bytes(content: object) -> bytes:
    """Return the canonical JSON of `content`; of a value of this module, its fields by name."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=vars).encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tie_key(seed: str, code: str) -> int:
    """Return the number that orders `code` among equals in a round with this seed."""
    digest = hashlib.blake2b(f"{seed}\n{code}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1

"""Some components of a section as a section of their own: what a decision about them alone is stored with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from matching.core.build import Part
from matching.core.columns import Table
from matching.core.market import Section
from matching.core.problem import NONE, Ints, ints

T = TypeVar("T", bound=Table)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a section that belong to some of its components, in rising order."""

    needs: Ints
    lots: Ints
    edges: Ints


def rows_of(parts: Sequence[Part]) -> Rows:
    """Return the rows of these components of one section."""
    return Rows(*(_all_of([getattr(part, name) for part in parts]) for name in ("needs", "lots", "edges")))


def cut(section: Section, rows: Rows) -> Section:
    """Return the section of these rows alone; its components are the same as they are in the whole.

    Args:
        section: without quotas over groups of lots.
        rows: as of `rows_of`; every edge joins two of them.
    """
    legs = ints(np.flatnonzero(np.isin(section.legs.need, rows.needs)))
    kept_legs, edges = _taken(section.legs, legs), _taken(section.edges, rows.edges)
    return Section(
        direction=section.direction,
        one_deal_each=section.one_deal_each,
        needs=_taken(section.needs, rows.needs),
        legs=replace(kept_legs, need=_places(rows.needs, kept_legs.need)),
        lots=replace(_taken(section.lots, rows.lots), group=NONE),
        edges=replace(edges, leg=_places(legs, edges.leg), lot=_places(rows.lots, edges.lot)),
    )


def _all_of(rows: list[Ints]) -> Ints:
    return ints(np.unique(np.concatenate(rows)) if rows else NONE)


def _taken(table: T, rows: Ints) -> T:
    columns = {each.name: getattr(table, each.name) for each in fields(table)}
    return type(table)(
        **{
            name: [column[row] for row in rows.tolist()] if name in table.names else ints(column[rows])
            for name, column in columns.items()
        }
    )


def _places(rows: Ints, wanted: Ints) -> Ints:
    return ints(np.searchsorted(rows, wanted))

"""Rows that are legs: those of one reference make one demand, all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from common.errors import gettext_noop
from marketplace.core.import_cells import CellError, clean
from marketplace.core.import_states import RowState
from marketplace.models import ImportRow, ImportRun
from marketplace.services.contents import MOST_LEGS

_MISSING = gettext_noop("This is needed: it tells which rows make one demand.")
_DIFFERS = gettext_noop("Row %(number)s of the same demand says something else here.")
_TOO_MANY = gettext_noop("A bundle has at most %(most)s legs.")
_TWICE = gettext_noop("Row %(number)s is the same leg of the same demand.")
_FELLOW = gettext_noop("Another row of the same demand is not ready, and a demand is imported whole.")
_WORST_FIRST = (RowState.FAULTY, RowState.SUSPICIOUS, RowState.DUPLICATE, RowState.READY)


@dataclass
class Whole:
    """One demand as its rows are read.

    Attributes:
        number: of its first row.
        said: hash of what that row says in each column of the demand, 0 where it says nothing.
        legs: hash of a leg's cells -> its row.
    """

    number: int
    said: Sequence[int]
    n_rows: int = 0
    legs: dict[int, int] = field(default_factory=dict)


@dataclass
class Joining:
    """Finds to which demand each row belongs; keeps numbers, never cells.

    Attributes:
        reference: the column that names the demand, if there is one.
        whole, leg: the columns that speak of the demand and of the leg.
    """

    reference: int | None
    whole: Sequence[int]
    leg: Sequence[int]
    _by_reference: dict[str, Whole] = field(default_factory=dict)
    _last: Whole | None = None

    def join(self, row: ImportRow) -> tuple[list[tuple[int | None, CellError]], list[tuple[int | None, CellError]]]:
        """Set `row.head`; return errors and doubts, each with its column.

        A row without a reference belongs to the row above where it says nothing of a demand, as below merged cells.
        """
        said = [_mark(row.cells, column) for column in self.whole]
        name = clean(_cell(row.cells, self.reference))
        whole = self._by_reference.get(name) if name else None
        if whole is None and not name and not any(said):
            whole = self._last
        if whole is None:
            if not name:
                return [(self.reference, CellError("missing", _MISSING))], []
            whole = self._by_reference[name] = Whole(row.number, said)
        self._last = whole
        row.head = whole.number
        return self._compared(row, said, whole)

    def named_in(self, cells: Sequence[str]) -> int | None:
        """Return the first row of a demand that any of `cells` names; for rows whose cells stand in wrong columns."""
        named = (self._by_reference.get(clean(cell)) for cell in cells if cell)
        return next((whole.number for whole in named if whole is not None), None)

    def _compared(
        self, row: ImportRow, said: Sequence[int], whole: Whole
    ) -> tuple[list[tuple[int | None, CellError]], list[tuple[int | None, CellError]]]:
        errors: list[tuple[int | None, CellError]] = [
            (column, CellError("differs", _DIFFERS, {"number": whole.number}))
            for column, own, first in zip(self.whole, said, whole.said, strict=True)
            if own and own != first
        ]
        whole.n_rows += 1
        if whole.n_rows > MOST_LEGS:
            errors.append((self.reference, CellError("too_many_legs", _TOO_MANY, {"most": MOST_LEGS})))
            return errors, []
        leg = hash(tuple(_cell(row.cells, column) for column in self.leg))
        before = whole.legs.setdefault(leg, row.number)
        doubts: list[tuple[int | None, CellError]] = []
        if before != row.number:
            doubts.append((None, CellError("twice", _TWICE, {"number": before})))
        return errors, doubts


def share_fate(run: ImportRun) -> None:
    """Give every row of a demand the worst state among them; where one cannot be written, none can."""
    legs = run.rows.filter(head__isnull=False)
    for place, worst in enumerate(_WORST_FIRST[:-1]):
        fellows = legs.filter(head__in=legs.filter(state=worst).values("head"))
        fellows.filter(state=RowState.READY).update(state=worst, problems=[_fellow()])
        fellows.filter(state__in=_WORST_FIRST[place + 1 :]).update(state=worst)
    legs.filter(head__in=legs.filter(values={}).values("head")).update(values={})


def _fellow() -> Mapping[str, object]:
    return {"column": None, "target": "", "code": "fellow", "message": _FELLOW, "params": {}}


def _cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column] if column is not None and column < len(cells) else ""


def _mark(cells: Sequence[str], column: int) -> int:
    text = _cell(cells, column)
    return hash(text) or 1 if text else 0

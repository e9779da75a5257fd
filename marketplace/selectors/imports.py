"""A party's imports, their rows, and the file of what was wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts.core.actor import Actor
from marketplace import policies
from marketplace.core.import_states import CHOOSABLE, IMPORT, ImportKind, ImportParty, ImportState, RowState
from marketplace.models import ImportRow, ImportRun, Order


def mine(viewer: Actor) -> QuerySet[ImportRun]:
    """Return the imports of the party the viewer acts for, the newest first."""
    runs = ImportRun.objects.filter(owner_id=viewer.own_organisation_id).exclude(state=ImportState.DISCARDED)
    return runs.select_related("by_user").order_by("-created_at", "-id")


def get(code: UUID, *, viewer: Actor) -> ImportRun:
    """Return one import of the party; raises ImportRun.DoesNotExist."""
    return mine(viewer).get(code=code)


def open_moves(run: ImportRun, viewer: Actor) -> list[str]:
    """Return the steps the viewer may ask for now."""
    return IMPORT.open_moves(run.state, {ImportParty.OWNER} if policies.may_run_import(viewer, run) else set())


def rows(run: ImportRun, *, state: str = "") -> QuerySet[ImportRow]:
    """Return the rows of an import in order; only those of one state if asked."""
    found = run.rows.order_by("number")
    return found.filter(state=state) if state in set(RowState) else found


def sentences(row: ImportRow) -> list[tuple[int | None, str]]:
    """Return column (from 1) and sentence, in the reader's language, of each problem of a row."""
    return [(problem["column"], _(problem["message"]) % problem["params"]) for problem in row.problems]


@dataclass(frozen=True)
class ShownRow:
    """A row as its page shows it.

    Attributes:
        problems: (column from 1 or None, its header, sentence).
        cells: (header, text, whether something is wrong with it).
        is_choosable: it was kept out and can still be taken along.
    """

    number: int
    state: str
    problems: Sequence[tuple[int | None, str, str]]
    cells: Sequence[tuple[str, str, bool]]
    is_choosable: bool


def shown(run: ImportRun, row: ImportRow) -> ShownRow:
    """Return a row with the header of every cell."""
    told = sentences(row)
    wrong = {column for column, _sentence in told}
    headers = [*run.headers, *[""] * (len(row.cells) - len(run.headers))]
    cells = [*row.cells, *[""] * (len(run.headers) - len(row.cells))]
    return ShownRow(
        number=row.number,
        state=row.state,
        problems=[(column, headers[column - 1] if column else "", sentence) for column, sentence in told],
        cells=[(headers[n], cell, n + 1 in wrong) for n, cell in enumerate(cells)],
        is_choosable=row.state in CHOOSABLE - {RowState.READY} and bool(row.values),
    )


def counts(run: ImportRun) -> dict[str, int]:
    """Return how many rows are in each state now, the states without any left out."""
    found = dict(run.rows.values_list("state").annotate(Count("pk")).order_by())
    return {state: found[state] for state in RowState if state in found}


def loadable(run: ImportRun) -> dict[str, int]:
    """Return how many rows of each state could be imported."""
    rows = run.rows.filter(state__in=sorted(CHOOSABLE)).exclude(values={})
    return dict(rows.values_list("state").annotate(Count("pk")).order_by("state"))


def numbers(run: ImportRun, *, state: str) -> list[int]:
    """Return the numbers of the rows of one state that could be imported."""
    return list(run.rows.filter(state=state).exclude(values={}).order_by("number").values_list("number", flat=True))


def orders(run: ImportRun) -> QuerySet[Order]:
    """Return the orders that rest on what came of an import, the oldest first."""
    made = "listing" if run.kind == ImportKind.LISTINGS else "demand"
    return Order.objects.filter(**{f"{made}__import_run": run}).order_by("id")


def failure(run: ImportRun) -> str:
    """Return why the last step did not come to its end, in the reader's language; empty where it did."""
    return _(run.failure) if run.failure else ""


def error_file(run: ImportRun) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    """Return header and rows of all that is not ready: number, state, what is wrong, and the cells as they were."""
    width = len(run.headers)

    def lines() -> Iterator[Sequence[str]]:
        states = sorted({RowState.FAULTY, RowState.SUSPICIOUS, RowState.DUPLICATE})
        for row in run.rows.filter(state__in=states).order_by("number").iterator(chunk_size=1000):
            wrong = "; ".join(
                f"{run.headers[column - 1]}: {sentence}" if column and column <= width else sentence
                for column, sentence in sentences(row)
            )
            yield [str(row.number), row.state, wrong, *row.cells]

    return [_("Row"), _("State"), _("What is wrong"), *run.headers], lines()

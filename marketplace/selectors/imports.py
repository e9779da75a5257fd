"""A party's imports, their rows, and the file of what was wrong."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.core.actor import Actor
from marketplace import policies
from marketplace.core.import_states import IMPORT, ImportParty, ImportState, RowState
from marketplace.models import ImportRow, ImportRun


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

"""Give up the steps of imports that died on their way, so that their owner can take them again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from accounts.core.actor import SYSTEM
from common import audit, events
from common.db import try_advisory_lock
from common.errors import gettext_noop
from marketplace.core.import_states import IMPORT, RUNNING, STOPPED_AFTER, ImportParty, ImportState, RowState
from marketplace.models import ImportRun
from marketplace.services.imports import STEP

_CHECK = gettext_noop(
    "The check stopped before its end; nothing was imported. Check again, and if it stops again, split the table."
)
_COMMIT = gettext_noop(
    "The import stopped before its end, and none of these rows was imported. Import them again, or forget the import."
)
_AGAIN = gettext_noop(
    "The import stopped before its end, and none of these rows was imported; what was imported before stands. "
    "Import the rest again."
)
_UNDO = gettext_noop("Undoing stopped before its end, and nothing was taken back. Undo it again.")


def recover(*, queued: Collection[UUID], at: datetime) -> int:
    """Move every import back whose step nobody works at any more and nobody will; return how many.

    Args:
        queued: codes of the imports that a job waits for.
    """
    running = ImportRun.objects.filter(state__in=sorted(RUNNING)).exclude(code__in=queued)
    silent = running.annotate(since=Coalesce("begun_at", "created_at")).filter(since__lte=at - STOPPED_AFTER)
    return sum(_give_up(pk, at=at) for pk in list(silent.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _give_up(pk: int, *, at: datetime) -> bool:
    # Commit and undo hold the row until they end, a check holds the lock of its step: both let go when they die.
    run = ImportRun.objects.select_for_update(skip_locked=True).filter(pk=pk, state__in=sorted(RUNNING)).first()
    if run is None or not try_advisory_lock(STEP, pk):
        return False
    if (run.begun_at or run.created_at) > at - STOPPED_AFTER:
        return False  # asked for again in this moment
    move, run.failure = _way_back(run)
    if move == "fail":
        _forget_rows(run)
    run.state, run.n_done = IMPORT.target(run.state, move, {ImportParty.SYSTEM}), 0
    run.save()
    audit.record(f"import.{move}", run, by=SYSTEM, at=at)
    events.publish("import.stopped", audience=[run.owner_id], run=run.code)
    return True


def _way_back(run: ImportRun) -> tuple[str, str]:
    """Return the move and what to say. Commit and undo write all or nothing, so only earlier steps have left rows."""
    if run.state == ImportState.CHECKING:
        return "fail", _CHECK
    if run.state == ImportState.UNDOING:
        return "restore", _UNDO
    return ("restore", _AGAIN) if run.rows.filter(state=RowState.LOADED).exists() else ("abandon", _COMMIT)


def _forget_rows(run: ImportRun) -> None:
    """Take away what a check read before it died, as nobody could tell it from a whole table."""
    run.rows.all().delete()
    run.n_rows = run.n_ready = run.n_faulty = run.n_suspicious = run.n_duplicate = 0
    run.checked_at = None

"""Bring a table of listings or demands in: upload, map, check without effect, commit, undo."""

import hashlib
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.core.actor import SYSTEM, Actor
from common import audit, events, tables
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core.import_states import CHOOSABLE, IMPORT, RUNNING, ImportKind, ImportParty, ImportState, RowState
from marketplace.directions import direction
from marketplace.models import ColumnMapping, Demand, ImportRow, ImportRun, Listing
from marketplace.services import import_columns, import_rows, import_writing
from marketplace.services.import_rows import Plan

BATCH = 1_000
SHOWN_ROWS = 8
HEADER_WITHIN = 25
PROGRESS_LASTS_S = 3600
T = TypeVar("T")


class ImportRefused(Refused):
    """The import cannot take this step."""


def upload(
    content: bytes, filename: str, *, kind: str, direction_code: str, sheet: str = "", by: Actor, at: datetime
) -> ImportRun:
    """Keep a file, find its header row and guess its columns, from the last time if there was one.

    Raises:
        MayNotBind: `by` may not speak for a party.
        TableRefused: no table, broken, empty or too large.
    """
    owner_id = policies.require_binding(by)
    if len(content) > tables.MOST_BYTES:
        raise tables.TableRefused(gettext_noop("The file is larger than 20 MB; split it into several."), field="file")
    with _on_disk(content) as path:
        table = tables.inspect(path, sheet=sheet)
        first_rows = tables.first(table, HEADER_WITHIN + SHOWN_ROWS)
    known = import_columns.known_names(kind, direction_code)
    index = tables.header_row(first_rows[:HEADER_WITHIN], known)
    headers = tables.headers(first_rows, index)
    with transaction.atomic():
        run = ImportRun(
            owner_id=owner_id,
            by_user_id=by.user_id,
            kind=ImportKind(kind),
            direction=direction(direction_code).code,
            filename=Path(filename).name[:200],
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            file_format=table.format,
            encoding=table.encoding,
            sheet=table.sheet[:64],
            header_row=index + 1,
            headers=headers,
            samples=first_rows[index + 1 : index + 1 + SHOWN_ROWS],
            created_at=at,
        )
        _recall(run)
        run.file.save(f"{run.code}.{table.format}", ContentFile(content), save=False)
        run.save()
        audit.record("import.upload", run, by=by, at=at, rows_kind=kind)
    return run


@transaction.atomic
def set_mapping(
    code: UUID,
    mapping: Mapping[str, int],
    *,
    defaults: Mapping[str, str] | None = None,
    datum: str = "wgs84",
    by: Actor,
    at: datetime,
) -> ImportRun:
    """Say which column is what; it is remembered for the next table with these headers.

    Args:
        mapping: target -> position of its column.
        defaults: target -> text for rows whose cell is empty.

    Raises:
        ImportRun.DoesNotExist: no such import of the party.
        ImportRefused: a target or column that does not exist, or the import is running or done.
    """
    run = _own_locked(code, by=by)
    if run.state not in (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED):
        raise ImportRefused(gettext_noop("The columns can be changed before the import only."))
    known = {target.name for target in import_columns.targets(run.kind, run.direction)}
    unknown = set(mapping) - known | set(defaults or {}) - known
    if unknown or any(not 0 <= position < len(run.headers) for position in mapping.values()):
        raise ImportRefused(gettext_noop("There is no such column."), field=next(iter(sorted(unknown)), "mapping"))
    run.mapping, run.defaults, run.datum = dict(mapping), dict(defaults or {}), datum
    run.save(update_fields=["mapping", "defaults", "datum"])
    ColumnMapping.objects.update_or_create(
        organisation_id=run.owner_id,
        kind=run.kind,
        direction=run.direction,
        fingerprint=import_columns.fingerprint(run.headers),
        defaults={
            "mapping": {name: run.headers[position] for name, position in mapping.items()},
            "defaults": run.defaults,
            "datum": datum,
            "used_at": at,
        },
    )
    return run


def start(
    code: UUID, move: str, *, by: Actor, at: datetime, rows: Collection[int] = (), publish: bool = False
) -> ImportRun:
    """Ask for "check", "commit" or "undo"; a job does it, told by the event import.<move>.

    Args:
        rows: for commit, numbers of suspicious or duplicate rows to take along with those that are ready.
        publish: for commit, whether the rows are published at once.

    Raises:
        ImportRun.DoesNotExist: no such import of the party.
        TransitionRefused: not at this point.
        PublishingNeedsVerification: published rows are wanted and the party is not verified.
    """
    with transaction.atomic():
        run = begin(code, move, by=by, at=at, publish=publish)
        chosen = ",".join(map(str, sorted(rows)))
        events.publish(f"import.{move}", audience=[run.owner_id], run=run.code, rows=chosen, publish=int(publish))
    return run


@transaction.atomic
def begin(code: UUID, move: str, *, by: Actor, at: datetime, publish: bool = False) -> ImportRun:
    """Begin a step that the caller carries out itself with `check`, `commit` or `undo`; raises as `start`."""
    run = _own_locked(code, by=by)
    if publish:
        import_writing.check_publishable(run, at=at)
    run.state = IMPORT.target(run.state, move, {ImportParty.OWNER})
    run.n_done, run.failure = 0, ""
    run.save(update_fields=["state", "n_done", "failure"])
    audit.record(f"import.{move}", run, by=by, at=at)
    return run


def check(code: UUID, *, at: datetime) -> ImportRun:
    """Read every row of the file and say what would become of it; writes no listing and no demand.

    Memory is bounded by the batch, not by the file. May run twice: it begins by forgetting what it read before.
    """
    run = ImportRun.objects.select_related("owner").get(code=code)
    if run.state != ImportState.CHECKING:
        return run
    run.rows.all().delete()
    counts = dict.fromkeys(RowState, 0)
    try:
        with _file_on_disk(run) as path:
            table = tables.inspect(path, sheet=run.sheet)
            plan = Plan(run)
            _remember_own(plan)
            for batch in _batches(_data_rows(table, run.header_row)):
                read = [import_rows.read(number, cells, plan) for number, cells in batch]
                for row in read:
                    counts[RowState(row.state)] += 1
                with transaction.atomic():
                    ImportRow.objects.bulk_create(read)
                    run.n_done += len(read)
                    ImportRun.objects.filter(pk=run.pk).update(n_done=run.n_done)
                    events.publish("import.progress", audience=[run.owner_id], run=run.code)
    except tables.TableRefused as refusal:
        run.failure = refusal.message % refusal.params
        return _finish(run, "fail", at=at)
    run.n_rows = sum(counts.values())
    run.n_ready, run.n_faulty = counts[RowState.READY], counts[RowState.FAULTY]
    run.n_suspicious, run.n_duplicate = counts[RowState.SUSPICIOUS], counts[RowState.DUPLICATE]
    run.checked_at = at
    return _finish(run, "checked", at=at)


def commit(code: UUID, *, rows: Collection[int] = (), publish: bool = False, at: datetime) -> ImportRun:
    """Write the ready rows and the chosen ones, all in one transaction: either everything or nothing.

    May run twice: what is loaded is no longer ready.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).get(code=code)
        if run.state != ImportState.COMMITTING:
            return run
        wanted = run.rows.filter(state=RowState.READY)
        if rows:
            wanted = wanted | run.rows.filter(state__in=sorted(CHOOSABLE), number__in=list(rows))
        todo = wanted.exclude(values={}).order_by("number")
        done = 0
        for batch in _batches(todo.iterator(chunk_size=BATCH)):
            done += import_writing.write(run, batch, publish=publish, at=at)
            cache.set(_progress_key(run), done, PROGRESS_LASTS_S)
        run.n_done, run.n_loaded = done, run.n_loaded + done
        run.committed_at = at
        return _finish(run, "loaded", at=at)


def undo(code: UUID, *, at: datetime) -> ImportRun:
    """Take everything back that came of an import; what somebody has dealt with since is closed instead.

    `n_loaded` is then the number of those. May run twice: the second run finds nothing.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).get(code=code)
        if run.state != ImportState.UNDOING:
            return run
        run.n_loaded = import_writing.take_back(run, at=at)
        run.rows.filter(state=RowState.LOADED).update(state=RowState.UNDONE)
        run.undone_at = at
        return _finish(run, "undone", at=at)


@transaction.atomic
def discard(code: UUID, *, by: Actor, at: datetime) -> None:
    """Forget an import that was not carried out, with its rows and its file.

    Raises:
        ImportRun.DoesNotExist, TransitionRefused: no such import of the party, or it is carried out.
    """
    run = _own_locked(code, by=by)
    run.state = IMPORT.target(run.state, "discard", {ImportParty.OWNER})
    run.rows.all().delete()
    storage, name = run.file.storage, run.file.name
    transaction.on_commit(lambda: storage.delete(name))
    run.save(update_fields=["state"])
    audit.record("import.discard", run, by=by, at=at)


def progress(run: ImportRun) -> int:
    """Return how many rows the running step has passed."""
    return int(cache.get(_progress_key(run), run.n_done)) if run.state == ImportState.COMMITTING else run.n_done


# --- within ------------------------------------------------------------------------------------------


def _recall(run: ImportRun) -> None:
    """Map the columns as the party did last time, else by the names of the headers."""
    run.mapping = import_columns.guess(run.headers, run.kind, run.direction)
    last = ColumnMapping.objects.filter(
        organisation_id=run.owner_id,
        kind=run.kind,
        direction=run.direction,
        fingerprint=import_columns.fingerprint(run.headers),
    ).first()
    if last is not None:
        known = {target.name for target in import_columns.targets(run.kind, run.direction)}
        run.mapping = {n: run.headers.index(h) for n, h in last.mapping.items() if h in run.headers and n in known}
        run.defaults, run.datum = last.defaults, last.datum


def _remember_own(plan: Plan) -> None:
    model: Any = Listing if plan.run.kind == ImportKind.LISTINGS else Demand
    own = model.objects.filter(owner_id=plan.run.owner_id, direction=plan.run.direction).exclude(state="closed")
    for title, place in own.values_list("title", "place").iterator(chunk_size=BATCH):
        plan.seen.remember_own(title, place.y if place else None, place.x if place else None)


def _data_rows(table: tables.Table, header_row: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(tables.rows(table), start=1):
        if number > header_row and any(cells):
            yield number, cells


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(things)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _finish(run: ImportRun, move: str, *, at: datetime) -> ImportRun:
    run.state = IMPORT.target(run.state, move, {ImportParty.SYSTEM})
    run.save()
    audit.record(f"import.{move}", run, by=SYSTEM, at=at, loaded=run.n_loaded)
    events.publish(f"import.{run.state}", audience=[run.owner_id], run=run.code)
    return run


def _own_locked(code: UUID, *, by: Actor) -> ImportRun:
    run = ImportRun.objects.select_for_update().get(code=code)
    if not policies.may_run_import(by, run):
        raise ImportRun.DoesNotExist
    if run.state in RUNNING:
        raise ImportRefused(gettext_noop("A step of this import is running."), fix=gettext_noop("Wait until it ends."))
    return run


def _progress_key(run: ImportRun) -> str:
    return f"import.{run.code}"


@contextmanager
def _on_disk(content: bytes) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        yield Path(file.name)


@contextmanager
def _file_on_disk(run: ImportRun) -> Iterator[Path]:
    with run.file.open("rb") as stored, _on_disk(stored.read()) as path:
        yield path

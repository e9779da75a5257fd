"""Bring a table of listings or demands in: upload, map, check without effect, commit, undo."""

import hashlib
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.cache import cache
from django.core.files import File
from django.db import transaction
from django.db.models import Count

from accounts.core.actor import SYSTEM, Actor
from common import audit, events, tables
from common.db import copy_in, working
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core.import_states import CHOOSABLE, IMPORT, RUNNING, ImportKind, ImportParty, ImportState, RowState
from marketplace.directions import direction
from marketplace.models import ColumnMapping, Demand, ImportRow, ImportRun, Listing
from marketplace.services import import_columns, import_legs, import_rows, import_writing
from marketplace.services.import_rows import Plan
from marketplace.services.import_writing import BATCH

BLOCK = 1 << 20  # bytes of a file that are read at once
SHOWN_ROWS = 8
STEP = "import"  # names the lock that is held while a step runs
HEADER_WITHIN = 25
PROGRESS_LASTS_S = 3600


class ImportRefused(Refused):
    """The import cannot take this step."""


def upload(
    file: IO[bytes], filename: str, *, kind: str, direction_code: str, sheet: str = "", by: Actor, at: datetime
) -> ImportRun:
    """Keep a file, find its header row and guess its columns, from the last time if there was one.

    Raises:
        MayNotBind: `by` may not speak for a party.
        TableRefused: no table, broken, empty or too large.
    """
    owner_id = policies.require_binding(by)
    with _on_disk(iter(lambda: file.read(BLOCK), b"")) as kept:
        table = tables.inspect(kept.path, sheet=sheet)
        first_rows = tables.first(table, HEADER_WITHIN + SHOWN_ROWS)
        with transaction.atomic():
            run = _described(table, first_rows, kind=kind, direction_code=direction_code)
            run.owner_id, run.by_user_id, run.created_at = owner_id, by.user_id, at
            run.filename, run.size, run.sha256 = Path(filename).name[:200], kept.size, kept.sha256
            _recall(run)
            with kept.path.open("rb") as content:
                run.file.save(f"{run.code}.{table.format}", File(content), save=False)
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
    code: UUID,
    move: str,
    *,
    by: Actor,
    at: datetime,
    rows: Collection[int] = (),
    publish: bool = False,
    rest_only: bool = False,
) -> ImportRun:
    """Ask for "check", "commit" or "undo"; a job does it, told by the event import.<move>.

    Args:
        rows: for commit, numbers of suspicious or duplicate rows to take along with those that are ready.
        publish: for commit, whether the rows are published at once.
        rest_only: for undo, whether what has an order may stay, closed.

    Raises:
        ImportRun.DoesNotExist: no such import of the party.
        TransitionRefused: not at this point.
        PublishingNeedsVerification: published rows are wanted and the party is not verified.
        OrderRests: all is to be undone, and an order rests on some of it.
        ImportRefused: a step is running, or there is nothing to import.
    """
    with transaction.atomic():
        run = begin(code, move, by=by, at=at, publish=publish, rest_only=rest_only)
        if move == "commit" and not rows and not run.rows.filter(state=RowState.READY).exists():
            raise ImportRefused(
                gettext_noop("No row is ready, and none is chosen."),
                fix=gettext_noop("Mend the table and upload it anew, or choose rows that were kept out."),
            )
        chosen = ",".join(map(str, sorted(rows)))
        events.publish(f"import.{move}", audience=[run.owner_id], run=run.code, rows=chosen, publish=int(publish))
    return run


@transaction.atomic
def begin(
    code: UUID, move: str, *, by: Actor, at: datetime, publish: bool = False, rest_only: bool = False
) -> ImportRun:
    """Begin a step that the caller carries out itself with `check`, `commit` or `undo`; raises as `start`."""
    run = _own_locked(code, by=by)
    if publish:
        import_writing.check_publishable(run, at=at)
    run.state = IMPORT.target(run.state, move, {ImportParty.OWNER})
    if run.state == ImportState.UNDOING and not rest_only:
        import_writing.require_untouched(run)
    run.n_done, run.failure, run.begun_at = 0, "", at
    run.save(update_fields=["state", "n_done", "failure", "begun_at"])
    audit.record(f"import.{move}", run, by=by, at=at)
    return run


def check(code: UUID, *, at: datetime) -> ImportRun:
    """Read every row of the file and say what would become of it; writes no listing and no demand.

    Memory is bounded by the batch, not by the file. May run twice: it begins by forgetting what it read before.
    """
    with working(STEP, ImportRun.objects.values_list("pk", flat=True).get(code=code)):
        run = ImportRun.objects.select_related("owner").get(code=code)
        return _read_all(run, at=at) if run.state == ImportState.CHECKING else run


def _read_all(run: ImportRun, *, at: datetime) -> ImportRun:
    run.rows.all().delete()
    try:
        with _file_on_disk(run) as path:
            table = tables.inspect(path, sheet=run.sheet)
            plan = Plan(run)
            _remember_own(plan)
            read = (import_rows.read(number, cells, plan) for number, cells in _data_rows(table, run.header_row))
            for batch in _batches(read):
                with transaction.atomic():
                    copy_in(batch)
                    run.n_done += len(batch)
                    ImportRun.objects.filter(pk=run.pk).update(n_done=run.n_done)
                    events.publish("import.progress", audience=[run.owner_id], run=run.code)
    except tables.TableRefused as refusal:
        run.failure = refusal.message
        return _finish(run, "fail", at=at)
    with transaction.atomic():
        if plan.has_legs:
            import_legs.share_fate(run)
        counts = dict(run.rows.values_list("state").annotate(Count("pk")))
        run.n_rows = sum(counts.values())
        run.n_ready, run.n_faulty = counts.get(RowState.READY, 0), counts.get(RowState.FAULTY, 0)
        run.n_suspicious, run.n_duplicate = counts.get(RowState.SUSPICIOUS, 0), counts.get(RowState.DUPLICATE, 0)
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
            chosen = run.rows.filter(state__in=sorted(CHOOSABLE), number__in=list(rows))
            fellows = run.rows.filter(state__in=sorted(CHOOSABLE), head__in=chosen.values("head"))
            wanted = wanted | chosen | fellows
        order = ["head", "number"] if wanted.filter(head__isnull=False).exists() else ["number"]
        todo = wanted.exclude(values={}).order_by(*order)
        done = 0
        for batch in _batches(todo.iterator(chunk_size=BATCH)):
            done += import_writing.write(run, batch, publish=publish, at=at)
            _tell(run, done)
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
        run.n_loaded = import_writing.take_back(run, at=at, tell=lambda done: _tell(run, done))
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
    is_unseen = run.state in (ImportState.COMMITTING, ImportState.UNDOING)  # one transaction, nothing of it is visible
    return int(cache.get(_progress_key(run), run.n_done)) if is_unseen else run.n_done


# --- within ------------------------------------------------------------------------------------------


def _described(table: tables.Table, first_rows: list[list[str]], *, kind: str, direction_code: str) -> ImportRun:
    known = import_columns.known_names(kind, direction_code)
    index = tables.header_row(first_rows[:HEADER_WITHIN], known)
    headers = tables.headers(first_rows, index)
    if not any(any(row) for row in first_rows[index + 1 :]):
        raise tables.TableRefused(gettext_noop("There is no row below the headers."), field="file")
    return ImportRun(
        kind=ImportKind(kind),
        direction=direction(direction_code).code,
        file_format=table.format,
        encoding=table.encoding,
        sheet=table.sheet[:64],
        header_row=index + 1,
        headers=headers,
        samples=first_rows[index + 1 : index + 1 + SHOWN_ROWS],
    )


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


def _batches(rows: Iterable[ImportRow]) -> Iterator[list[ImportRow]]:
    """Yield the rows in batches that cut no demand in two."""
    batch: list[ImportRow] = []
    for row in rows:
        if len(batch) >= BATCH and (row.head is None or row.head != batch[-1].head):
            yield batch
            batch = []
        batch.append(row)
    if batch:
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


def _tell(run: ImportRun, done: int) -> None:
    cache.set(_progress_key(run), done, PROGRESS_LASTS_S)


@dataclass(frozen=True)
class _Kept:
    """A file on this machine's disk, where readers can go back and forth in it."""

    path: Path
    size: int  # bytes
    sha256: str


@contextmanager
def _on_disk(blocks: Iterable[bytes]) -> Iterator[_Kept]:
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile() as file:
        for block in blocks:
            size += len(block)
            if size > tables.MOST_BYTES:
                raise tables.TableRefused(tables.TOO_LARGE, field="file")
            digest.update(block)
            file.write(block)
        file.flush()
        yield _Kept(Path(file.name), size, digest.hexdigest())


@contextmanager
def _file_on_disk(run: ImportRun) -> Iterator[Path]:
    with run.file.open("rb") as stored, _on_disk(stored.chunks(BLOCK)) as kept:
        yield kept.path

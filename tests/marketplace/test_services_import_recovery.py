"""An import whose work died comes back to where its owner can take the step again, with nothing half-written."""

import io
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from marketplace import jobs
from marketplace.core.import_states import STOPPED_AFTER, ImportState, RowState
from marketplace.models import ImportRun, Listing, ListingVersion
from marketplace.selectors import imports as reads
from marketplace.services import import_recovery, imports
from tests import make
from tests.marketplace.import_tables import checked, committed, csv_bytes

AT = make.MONDAY_9AM
LATER = AT + STOPPED_AFTER
HEADERS = ["设备名称", "设备类型", "单价（元）"]
ROWS = [[f"机床{n}", "五轴加工中心", "180"] for n in range(4)]

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_commit_killed_after_its_first_batch_leaves_nothing_and_is_done_once_when_asked_again(monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 2)
    run, by = checked(csv_bytes(HEADERS, *ROWS))
    imports.start(run.code, "commit", by=by, at=AT)
    died = _killed_at(run.rows.get(number=4), lambda: imports.commit(run.code, at=AT))

    assert died
    assert import_recovery.recover(queued=[], at=LATER) == 1

    run.refresh_from_db()
    assert (run.state, run.n_loaded, run.n_done) == (ImportState.CHECKED, 0, 0)
    assert "none of these rows was imported" in run.failure
    assert (Listing.objects.count(), reads.counts(run)) == (0, {"ready": 4})
    assert reads.open_moves(run, by) == ["check", "commit", "discard"]

    done = committed(run, by)

    assert (done.state, done.n_loaded, done.failure) == (ImportState.COMMITTED, 4, "")
    assert (Listing.objects.count(), ListingVersion.objects.count()) == (4, 4)
    assert imports.commit(run.code, at=LATER).n_loaded == 4
    assert Listing.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_check_killed_after_its_first_batch_forgets_it_and_reads_all_when_asked_again(monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 2)
    run, by = checked(csv_bytes(HEADERS, *ROWS))
    imports.start(run.code, "check", by=by, at=AT)
    run.rows.all().delete()
    blocked = _row_beside(run, number=4)  # unseen by the check until it writes the same number
    died = _killed_while(blocked, lambda: imports.check(run.code, at=AT))

    assert died
    assert reads.counts(run) == {"ready": 2}  # what the first batch left
    assert import_recovery.recover(queued=[], at=LATER) == 1

    run.refresh_from_db()
    assert (run.state, run.n_rows, run.n_ready, run.checked_at) == (ImportState.FAILED, 0, 0, None)
    assert (reads.counts(run), reads.open_moves(run, by)) == ({}, ["check", "discard"])
    assert "Check again" in run.failure

    imports.start(run.code, "check", by=by, at=LATER)
    again = imports.check(run.code, at=LATER)

    assert (again.state, again.n_ready, again.failure) == (ImportState.CHECKED, 4, "")


def test_a_commit_of_the_rest_that_died_keeps_what_was_imported_before():
    run, by = checked(csv_bytes(HEADERS, *ROWS[:2], ROWS[0]))
    committed(run, by)
    imports.start(run.code, "commit", rows=[4], by=by, at=AT)

    import_recovery.recover(queued=[], at=LATER)

    run.refresh_from_db()
    assert (run.state, run.n_loaded, Listing.objects.count()) == (ImportState.COMMITTED, 2, 2)
    assert "what was imported before stands" in run.failure
    assert committed(run, by, rows=[4]).n_loaded == 3


def test_an_undo_that_died_took_nothing_back_and_can_be_asked_for_again():
    run, by = checked(csv_bytes(HEADERS, *ROWS))
    committed(run, by)
    imports.start(run.code, "undo", by=by, at=AT)

    import_recovery.recover(queued=[], at=LATER)

    run.refresh_from_db()
    assert (run.state, Listing.objects.count()) == (ImportState.COMMITTED, 4)
    assert "nothing was taken back" in run.failure
    imports.start(run.code, "undo", by=by, at=LATER)
    assert imports.undo(run.code, at=LATER).state == ImportState.UNDONE
    assert not Listing.objects.exists()


def test_a_step_is_left_alone_while_it_is_young_or_a_job_waits_for_it():
    run, by = checked(csv_bytes(HEADERS, *ROWS))
    imports.start(run.code, "commit", by=by, at=AT)

    assert import_recovery.recover(queued=[], at=LATER - timedelta(seconds=1)) == 0
    assert import_recovery.recover(queued=[run.code], at=LATER) == 0

    run.refresh_from_db()
    assert run.state == ImportState.COMMITTING


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "hold",
    [
        "SELECT pg_advisory_lock(hashtext('import'), {pk})",
        "SELECT 1 FROM marketplace_importrun WHERE id = {pk} FOR UPDATE",
    ],
    ids=["check", "commit"],
)
def test_a_step_is_left_alone_while_somebody_works_at_it(hold):
    run, by = checked(csv_bytes(HEADERS, *ROWS))
    imports.start(run.code, "commit", by=by, at=AT)
    worker = connection.copy()

    try:
        worker.set_autocommit(False)
        with worker.cursor() as cursor:
            cursor.execute(hold.format(pk=run.pk))
        assert import_recovery.recover(queued=[], at=LATER) == 0
    finally:
        _closed(worker)
    assert import_recovery.recover(queued=[], at=LATER) == 1


def test_the_clock_gives_up_a_dead_step_and_waits_for_a_queued_one():
    waiting, dead = _uploaded(), _uploaded()
    long_ago = timezone.now() - STOPPED_AFTER
    imports.start(waiting.code, "check", by=make.actor(waiting.owner), at=long_ago)
    imports.begin(dead.code, "check", by=make.actor(dead.owner), at=long_ago)  # as if its job had failed twice
    assert ProcrastinateJob.objects.filter(args__code=str(waiting.code), status="todo").count() == 1

    jobs.recover_imports(0)

    assert dict(ImportRun.objects.values_list("pk", "state")) == {
        dead.pk: ImportState.FAILED,
        waiting.pk: ImportState.CHECKING,
    }


def test_a_job_that_comes_late_finds_nothing_to_do():
    run, by = checked(csv_bytes(HEADERS, *ROWS))
    imports.start(run.code, "commit", by=by, at=AT)
    import_recovery.recover(queued=[], at=LATER)

    imports.commit(run.code, at=LATER)

    assert not Listing.objects.exists()
    assert set(run.rows.values_list("state", flat=True)) == {RowState.READY}


def _uploaded():
    content, by = csv_bytes(HEADERS, *ROWS), make.actor(make.organisation())
    return imports.upload(io.BytesIO(content), "表.csv", kind="listings", direction_code="equipment", by=by, at=AT)


# --- a worker that dies -------------------------------------------------------------------------------


def _killed_at(row, work):
    """Run `work` elsewhere until it waits for `row`, then end its connection; return what it raised."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM marketplace_importrow WHERE id = %s FOR UPDATE", [row.pk])
    return _killed_while(other, work)


def _row_beside(run, *, number):
    """Return a connection that has written a row of this number and not said so yet."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute(
            "INSERT INTO marketplace_importrow (run_id, number, state, cells, values, problems)"
            " VALUES (%s, %s, 'ready', '[]', '{}', '[]')",
            [run.pk, number],
        )
    return other


def _closed(worker):
    """Close a connection and wait until the server has let go of what it held."""
    pid = worker.connection.info.backend_pid
    worker.close()
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid])
            if not cursor.fetchall():
                return
        time.sleep(0.02)
    raise AssertionError("the server holds on to a closed connection")


def _killed_while(blocker, work):
    raised = []

    def worker():
        try:
            work()
        except (OperationalError, psycopg.OperationalError) as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=worker)
    thread.start()
    try:
        ended = False
        for _ in range(500):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                ended = bool(cursor.fetchall())
            if ended:
                break
            time.sleep(0.02)
        assert ended
    finally:
        thread.join(timeout=20)
        blocker.close()
    return raised

"""What PostgreSQL says when it refuses, its locks on things that are no row, and many rows written at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.contrib.gis.geos import GEOSGeometry
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)

_KNOWN = (BooleanField, CharField, DateTimeField, ForeignKey, IntegerField, TextField, UUIDField)


def violated_constraint(error: IntegrityError) -> str:
    """Return the name of the constraint that `error` broke, or an empty string."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag and diag.constraint_name) or ""


def advisory_lock(name: str, number: int) -> None:
    """Hold, until the running transaction ends, the one lock of this name and number; waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [name, number])


def try_advisory_lock(name: str, number: int) -> bool:
    """Take the lock of this name and number until the running transaction ends; False where another holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", [name, number])
        return bool(cursor.fetchone()[0])


@contextmanager
def own_session() -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """Yield a session beside the pool for locks over several transactions: they end with it, whatever happens."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as session:
        try:
            yield session
        finally:
            # The server learns of the end a moment after it; whoever comes next must not find the lock still held.
            with suppress(psycopg.Error):
                session.execute("SELECT pg_advisory_unlock_all()")


@contextmanager
def working(name: str, number: int) -> Iterator[None]:
    """Hold the lock of this name and number over several transactions; waits for it.

    Whoever fails to take it knows that the work goes on: a worker that dies loses its connection, and the lock with it.
    """
    with own_session() as session:
        session.execute("SELECT pg_advisory_lock(hashtext(%s), %s)", [name, number])
        yield


def copy_in(rows: Sequence[Model]) -> None:
    """Insert unsaved rows of one model by COPY, in a fraction of the time of `bulk_create`.

    Their keys are drawn beforehand and set on them; generated columns are left to the database.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if not field.generated]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
        prepare = [_preparing(field) for field in fields]
        names = [field.attname for field in fields]
        with cursor.copy(f"COPY {quoted(meta.db_table)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                values = row.__dict__
                copy.write_row([each(values[name]) for each, name in zip(prepare, names, strict=True)])


def _preparing(field: "Field[Any, Any]") -> Callable[[Any], Any]:
    """Return what makes values of a field ready for the database; those that psycopg knows pass as they are."""
    if isinstance(field, _KNOWN):
        return lambda value: value
    own = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up anew at every touch
    shared: dict[int, Any] = {}

    def prepared(value: Any) -> Any:
        # Taking a geometry apart is slow, and many rows share one.
        if not isinstance(value, GEOSGeometry):
            return field.get_db_prep_save(value, own)
        if id(value) not in shared:
            shared[id(value)] = field.get_db_prep_save(value, own)
        return shared[id(value)]

    return prepared


def update_in(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write the named columns of saved rows by one statement, in a fraction of the time of `bulk_update`."""
    if not rows:
        return
    meta = type(rows[0])._meta
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [meta.pk, *(by_name[name] for name in names)]
    quoted = connection.ops.quote_name
    columns = [quoted(str(field.column)) for field in fields]
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    sets = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quoted(meta.db_table)} AS old SET {sets} "  # noqa: S608  names come from the model
            f"FROM unnest({arrays}) AS new ({', '.join(columns)}) WHERE old.{columns[0]} = new.{columns[0]}",
            [[f.get_db_prep_save(getattr(row, f.attname), connection) for row in rows] for f in fields],
        )

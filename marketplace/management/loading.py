"""What the commands that load tables share: the party to load for, the importer's steps, the figures printed."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone

from accounts.core import credit_code
from accounts.core.actor import Actor
from accounts.core.parties import OrganisationKind
from accounts.selectors import actors, organisations, users
from accounts.services import demo
from accounts.services.demo import DemoParty
from common.errors import Refused
from marketplace.core.import_states import ImportState
from marketplace.models import ImportRun
from marketplace.services import imports

VERIFIED_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Source:
    """A table to load, and how it is to be understood where its headers do not say so.

    Attributes:
        mapping: target -> header texts, of which the first that is there counts; added to what the headers tell.
        defaults: target -> text for rows whose cell is empty.
    """

    filename: str
    content: IO[bytes]
    kind: str
    direction: str
    mapping: Mapping[str, Sequence[str]]
    defaults: Mapping[str, str]
    datum: str = "wgs84"


def party(code: str, *, name: str, number: int, at: datetime) -> Actor:
    """Return who loads: the owner of party `code`, else of a party made for real data, marked as demo."""
    if code:
        organisation = organisations.get(UUID(code))
        return _owner(organisation.pk, organisation.code)
    email = f"real-data-{number}@yuli.test"
    user = users.by_email(email)
    if user is None:
        made = DemoParty(
            email=email,
            name=name,
            kind=OrganisationKind.PUBLIC,
            credit_code=credit_code.complete(f"12350200{900000000 + number:09d}"),
            description={"division_code": "350200"},
            verified_until=timezone.localdate(at) + VERIFIED_FOR,
        )
        return demo.insert_parties([made], password="", at=at)[0]
    mine = [pk for pk in organisations.ids_of_user(user.pk) if not organisations.by_id(pk).is_person]
    return _owner(mine[0], organisations.by_id(mine[0]).code)


def load(source: Source, *, by: Actor, publish: bool, at: datetime) -> ImportRun:
    """Take a table through the dry run and commit what is ready; return the run as it ended; raises as `check`."""
    run = check(source, by=by, at=at)
    if run.state == ImportState.CHECKED and run.n_ready:
        imports.begin(run.code, "commit", by=by, at=at, publish=publish)
        run = imports.commit(run.code, publish=publish, at=at)
    return run


def check(source: Source, *, by: Actor, at: datetime) -> ImportRun:
    """Take a table through upload, mapping and dry run.

    Raises:
        CommandError: the importer refuses the table as a whole.
    """
    try:
        with source.content as content:
            run = imports.upload(
                content, source.filename, kind=source.kind, direction_code=source.direction, by=by, at=at
            )
        named = {
            target: run.headers.index(there[0])
            for target, headers in source.mapping.items()
            if (there := [header for header in headers if header in run.headers])
        }
        told = {target: column for target, column in run.mapping.items() if column not in named.values()}
        imports.set_mapping(run.code, told | named, defaults=source.defaults, datum=source.datum, by=by, at=at)
        imports.begin(run.code, "check", by=by, at=at)
        return imports.check(run.code, at=at)
    except Refused as refusal:
        raise CommandError(f"{source.filename}: {refusal}") from refusal


def report(runs: Sequence[ImportRun], out: OutputWrapper) -> None:
    """Print what became of the rows of each table and of all, and why some were kept out."""
    width = max((len(run.filename) for run in runs), default=0)
    out.write(f"{'':<{width}}   rows  loaded  quarantined  duplicates  faulty")
    for run in runs:
        out.write(
            f"{run.filename:<{width}} {run.n_rows:>6} {run.n_loaded:>7} {run.n_suspicious:>12} "
            f"{run.n_duplicate:>11} {run.n_faulty:>7}" + (f"  {run.failure}" if run.failure else "")
        )
    total = [
        sum(getattr(run, f"n_{name}") for run in runs)
        for name in ("rows", "loaded", "suspicious", "duplicate", "faulty")
    ]
    out.write(f"{'all':<{width}} {total[0]:>6} {total[1]:>7} {total[2]:>12} {total[3]:>11} {total[4]:>7}")
    why: Counter[str] = Counter()
    for run in runs:
        for problems in run.rows.exclude(problems=[]).values_list("problems", flat=True):
            why.update({f"{problem['code']} {problem['target']}".strip() for problem in problems})
    for reason, count in why.most_common():
        out.write(f"  {reason}: {count}")


def table(rows: Sequence[Mapping[str, Any]]) -> IO[bytes]:
    """Return rows of plain values as a CSV file, for sources that are no tables."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(out.getvalue().encode())


def _owner(organisation_id: int, code: UUID) -> Actor:
    for user_id in organisations.user_ids([organisation_id]):
        actor = actors.actor_for(users.get(user_id), code)
        if actor.organisation_id == organisation_id and actor.roles:
            return actor
    raise CommandError("This party has no member who could load for it.")

"""Import a table of listings or demands from the command line: the twin of the import page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common import tables
from marketplace.core.import_states import ImportKind, ImportState
from marketplace.directions import CODES
from marketplace.management import loading
from marketplace.management.loading import Source
from marketplace.selectors import imports as reads
from marketplace.services import imports


class Command(BaseCommand):
    help = "Check a CSV, XLSX or XLS table and load what is ready; --dry-run only checks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", required=True, help="code of the party to load for")
        parser.add_argument("--direction", required=True, choices=CODES)
        parser.add_argument("--kind", default="listings", choices=[kind.value for kind in ImportKind])
        parser.add_argument("--column", action="append", default=[], metavar="TARGET=HEADER")
        parser.add_argument("--default", action="append", default=[], metavar="TARGET=TEXT")
        parser.add_argument("--datum", default="wgs84", choices=["wgs84", "gcj02", "bd09"])
        parser.add_argument("--dry-run", action="store_true", help="check only, write no listing")
        parser.add_argument("--publish", action="store_true", help="publish what is loaded")
        parser.add_argument("--errors", type=Path, help="write what is not ready to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        by = loading.party(options["owner"], name="", number=0, at=at)
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        source = Source(
            filename=file.name,
            content=file.open("rb"),
            kind=options["kind"],
            direction=options["direction"],
            mapping={target: [header] for target, header in map(_pair, options["column"])},
            defaults=dict(_pair(text) for text in options["default"]),
            datum=options["datum"],
        )
        run = loading.check(source, by=by, at=at)
        if run.state == ImportState.CHECKED and not options["dry_run"]:
            imports.begin(run.code, "commit", by=by, at=at, publish=options["publish"])
            run = imports.commit(run.code, publish=options["publish"], at=at)
        loading.report([run], self.stdout)
        if options["errors"]:
            with options["errors"].open("w", encoding="utf-8-sig", newline="") as out:
                tables.write_csv(out, *reads.error_file(run))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise CommandError(f"{text}: write it as TARGET=VALUE.")
    return name, value

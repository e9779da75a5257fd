"""Write a stored round to a file that `python -m matching.recheck` checks without the database."""

import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from matching.models import Round, RoundRecord
from matching.selectors.exported import exported


class Command(BaseCommand):
    help = "Write a match round to a file that anybody can check without the database: limits and reserves included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON, compressed where its name ends in .gz")
        parser.add_argument("--round", type=UUID, help="code of the round; the latest where left out")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["round"] or Round.objects.order_by("-at").values_list("code", flat=True).first()
        try:
            found = exported(code) if code else None
        except RoundRecord.DoesNotExist:
            found = None
        if found is None:
            raise CommandError("There is no such round.")
        content = found.to_bytes()
        path: Path = options["file"]
        path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
        self.stdout.write(
            f"Round {found.code} in {path}: {path.stat().st_size:,} bytes, sha256 of its input {found.input_sha256}"
        )

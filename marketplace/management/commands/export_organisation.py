"""Write everything a party owns into one archive: the twin of the export page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from marketplace.management import loading
from marketplace.services import exports
from marketplace.services.exports import ExportFormat


class Command(BaseCommand):
    help = "Write listings, demands, hours, orders and files of a party into a zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("owner", help="code of the party")
        parser.add_argument("file", type=Path, help="the zip to write")
        parser.add_argument("--format", default="csv", choices=[form.value for form in ExportFormat])

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        by = loading.party(options["owner"], name="", number=0, at=at)
        with options["file"].open("wb") as out:
            names = exports.write_archive(out, form=options["format"], by=by, at=at)
        for name in names:
            self.stdout.write(name)

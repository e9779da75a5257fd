"""The frame of the commands that load one set of real data."""

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from marketplace.management import loading
from marketplace.management.loading import Source


class LoadingCommand(BaseCommand, ABC):
    """Loads what `sources` yields through the ordinary importer and prints loaded, quarantined and duplicate rows."""

    party_name = ""
    party_number = 0

    @staticmethod
    def files(path: Path, pattern: str) -> list[Path]:
        """Return the file itself, or the files of a folder, in order of name."""
        return [path] if path.is_file() else sorted(path.glob(pattern))

    @abstractmethod
    def sources(self, path: Path) -> Iterator[Source]:
        """Yield what stands at `path`, file by file."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder that holds the data, or one of its files")
        parser.add_argument("--owner", default="", help="code of the party to load for; one is made when left out")
        parser.add_argument("--draft", action="store_true", help="leave everything in draft")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["path"]
        if not folder.exists():
            raise CommandError(f"There is no {folder}.")
        at = timezone.now()
        by = loading.party(options["owner"], name=self.party_name, number=self.party_number, at=at)
        runs = [loading.load(source, by=by, publish=not options["draft"], at=at) for source in self.sources(folder)]
        loading.report(runs, self.stdout)

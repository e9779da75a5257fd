"""`load_demo`: the seeded demo, once, at any size."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.load import Counts, is_loaded, load


class Command(BaseCommand):
    help = "Load the demo: parties, listings, demands, deals in every state, authorities. Everything in it is made up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale",
            type=int,
            default=0,
            metavar="N",
            help="N listings, N demands and N/5 parties instead of the usual",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A demo is loaded only where YULI_DEMO=1 says that the place is one.")
        if is_loaded():
            self.stdout.write("The demo is there already.")
            return
        scale = options["scale"]
        counts = Counts(parties=max(scale // 5, 80), listings=scale, demands=scale) if scale else Counts()
        start = time.monotonic()
        load(counts, at=timezone.now(), say=self._say)
        self.stdout.write(
            f"Loaded {counts.parties} parties, {counts.listings} listings and {counts.demands} demands "
            f"in {time.monotonic() - start:.1f} s."
        )

    def _say(self, step: str) -> None:
        self.stdout.write(f"  {step} ...")
        self.stdout.flush()

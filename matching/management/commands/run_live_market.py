"""Be the live market: show everybody their best partner of the moment, and propose at the last one."""

import logging
import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching.selectors import tentative
from matching.services import live_market

logger = logging.getLogger(__name__)

AGAIN_AFTER_S = 5.0


class Command(BaseCommand):
    help = "Keep the best plan of this moment for needs that make one deal each. One at a time; others wait their turn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell whether some process is the live market")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not tentative.is_running():
                raise CommandError("No process is the live market.")
            self.stdout.write("The live market runs.")
            return
        over = Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: over.set())
        while not over.is_set():
            try:
                live_market.follow(over.is_set, clock=timezone.now)
            except Exception:
                # Nothing is lost: all of it follows from the database. A fault here must not take the site with it.
                logger.exception("The live market failed and begins anew.")
                over.wait(AGAIN_AFTER_S)

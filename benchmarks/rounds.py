"""A whole round, from the database to proposals written, beside deciding alone; everything is rolled back.

Measures the market of the given database: fill one by `manage.py load_demo --scale 100000` before.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("YULI_LOG_LEVEL", "WARNING")
django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.core.actor import SYSTEM  # noqa: E402
from marketplace.directions import CODES  # noqa: E402
from matching.core import warm  # noqa: E402
from matching.core.check import certify  # noqa: E402
from matching.core.market import Market, Parameters  # noqa: E402
from matching.core.solve import solve  # noqa: E402
from matching.models import Round  # noqa: E402
from matching.selectors import problems  # noqa: E402
from matching.services import round_rows, widening  # noqa: E402

T = TypeVar("T")


def measured(name: str, work: Callable[[], T], spent: dict[str, float]) -> T:
    """Do `work`, note its CPU seconds and print them."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    spent[name] = time.process_time() - cpu
    print(f"  {name:<32}{spent[name]:>9.2f} s CPU{time.perf_counter() - wall:>9.2f} s", flush=True)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directions", nargs="+", default=["instruments", "skills"], choices=CODES)
    parser.add_argument("--widen", type=int, default=0)
    options = parser.parse_args()
    solve(Market(Parameters(), (warm.section(one_deal_each=True), warm.section(), warm.section(whole=True))))
    parameters, at, spent = Parameters(), timezone.now(), dict[str, float]()
    gathered = measured("gather", lambda: problems.gather(parameters, directions=options.directions, at=at), spent)
    gathered, outcome = measured("decide", lambda: widening.decided(gathered, solve, at_most=options.widen), spent)
    checked = measured("certify", lambda: certify(gathered.market, outcome), spent)

    def write() -> Round:
        times = round_rows.Times(0, 0, 0)
        return round_rows.write(
            gathered, outcome, checked, times=times, trigger=Round.Trigger.COMMAND, by=SYSTEM, at=at
        )

    with transaction.atomic():
        found = measured("write", write, spent)
        transaction.set_rollback(True)
    whole = sum(spent.values())
    print(f"  {'all':<32}{whole:>9.2f} s CPU   x {whole / spent['decide']:.1f} of deciding")
    print(f"  {found.n_needs:,} needs, {found.n_lots:,} offers, {found.n_edges:,} pairs, {found.n_deals:,} deals")
    return 0


if __name__ == "__main__":
    sys.exit(main())

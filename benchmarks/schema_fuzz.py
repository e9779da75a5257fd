"""Both APIs against their own OpenAPI documents: random requests, valid and not, as everybody who may call.

Runs in this process over WSGI, in one transaction that is rolled back; the database named by YULI_DATABASE_URL must be
migrated. Counts, per API and caller, the requests and the answers that break the document: a 5xx, an undocumented
status or content type, a body of another shape, a closed door found open, a valid request refused as invalid, an
invalid one accepted.
"""

import argparse
import logging
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
os.environ.setdefault("YULI_LOG_LEVEL", "CRITICAL")
os.environ["YULI_ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
django.setup()
logging.disable()  # every refusal would be a line

from django.db import transaction  # noqa: E402

from tests.api.contract import CALLERS, ROOTS, Findings, Stage, ask, operations  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.schema_fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="requests per operation and caller")
    parser.add_argument("--api", choices=list(ROOTS), action="append")
    parser.add_argument("--anonymous", action=argparse.BooleanOptionalAction, help="only those without a key, or with")
    parser.add_argument("--part", default="1/1", help="2/3: the second third of the operations, for several processes")
    parser.add_argument("--only", default="", help="operations whose method and path contain this")
    parser.add_argument("--show", action="store_true", help="the first fault of each kind in full")
    asked_for = parser.parse_args()
    part, parts = map(int, asked_for.part.split("/"))
    broken = 0
    print(f"{'API':<12} {'as':<10} {'operations':>10} {'requests':>9} {'faults':>7}")
    began = time.monotonic()
    for api in asked_for.api or ROOTS:
        for callers in CALLERS:
            if asked_for.anonymous is not None and asked_for.anonymous != (callers == ("anonymous",)):
                continue
            total = {who: Findings() for who in callers}
            wanted = [operation for operation in operations(api, callers) if asked_for.only in operation.label]
            chosen = wanted[part - 1 :: parts]
            with transaction.atomic():
                stage = Stage()
                for operation in chosen:
                    for who, found in ask(stage, api, callers, operation, examples=asked_for.examples).items():
                        total[who].add(found)
                transaction.set_rollback(True)
            for who, found in total.items():
                print(f"{api:<12} {who:<10} {len(chosen):>10} {found.asked:>9} {found.faults.total():>7}", flush=True)
                for fault, times in found.faults.most_common():
                    print(f"    {times:>5} x {fault}")
                    if asked_for.show:
                        print("        " + found.first[fault].replace("\n", "\n        "))
                broken += found.faults.total()
    print(f"{time.monotonic() - began:.0f} seconds")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

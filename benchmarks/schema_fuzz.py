"""Both APIs against their own OpenAPI documents: random requests, valid and not, as everybody who may call.

Runs in this process over WSGI, in one transaction that is rolled back; the database named by YULI_DATABASE_URL must be
migrated. Counts, per API and caller, the requests and the answers that break the document: a 5xx, an undocumented
status, a body of another shape, a valid request refused as invalid, an invalid one accepted.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
os.environ.setdefault("YULI_LOG_LEVEL", "CRITICAL")
os.environ["YULI_ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
django.setup()
logging.disable()  # every refusal would be a line

import schemathesis  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.signals import request_finished, request_started  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import close_old_connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis.errors import Unsatisfiable  # noqa: E402
from schemathesis import GenerationMode  # noqa: E402
from schemathesis.core.failures import FailureGroup  # noqa: E402

from accounts.core.actor import Actor  # noqa: E402
from accounts.core.tokens import Scope  # noqa: E402
from accounts.services import tokens  # noqa: E402
from tests import make  # noqa: E402
from tests.supervision.api import ask_for_token  # noqa: E402

DOCUMENTS = {"public": "/api/v1/openapi.json", "supervision": "/supervision/v1/openapi.json"}


def callers(api: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield who calls and with which headers."""
    yield "anonymous", {}
    if api == "supervision":
        yield "regulator", {"Authorization": f"Bearer {ask_for_token(make.agency_client()).json()['access_token']}"}
        return
    people = {"user": make.actor(make.organisation()), "reviewer": make.reviewer(), "regulator": make.regulator()}
    for name, actor in people.items():
        yield name, {"Authorization": f"Bearer {_key(actor)}"}


def _key(actor: Actor) -> str:
    return tokens.create(name="fuzz", scopes=list(Scope), by=actor, at=timezone.now())[1]


def fuzz(operation: Any, headers: dict[str, str], examples: int) -> tuple[int, Counter[str]]:
    """Return how many requests were made of one operation, and how often each kind of fault was found."""
    asked, faults = 0, Counter[str]()
    for mode in GenerationMode:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=max(1, examples // len(GenerationMode)),
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            cache.clear()  # else the throttles answer most of it
            undo = transaction.savepoint()
            try:
                case.call_and_validate(headers=headers)
            except FailureGroup as group:
                faults.update(f"{operation.label}: {type(fault).__name__}" for fault in group.exceptions)
            finally:
                transaction.savepoint_rollback(undo)

        with suppress(Unsatisfiable):  # what takes no input cannot be asked wrongly
            ask()
    return asked, faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.schema_fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="requests per operation and caller")
    parser.add_argument("--api", choices=sorted(DOCUMENTS), action="append")
    asked_for = parser.parse_args()
    broken = 0
    application = get_wsgi_application()
    print(f"{'API':<12} {'as':<10} {'operations':>10} {'requests':>9} {'faults':>7} {'seconds':>8}")
    for api in asked_for.api or sorted(DOCUMENTS):
        with transaction.atomic():
            make.market()
            for who, headers in list(callers(api)):
                # Requests leave the transaction's connection open, as those of Django's test client do.
                for signal in (request_started, request_finished):
                    signal.disconnect(close_old_connections)
                began, total, faults = time.monotonic(), 0, Counter[str]()
                schema = schemathesis.openapi.from_wsgi(DOCUMENTS[api], app=application)
                operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
                for operation in operations:
                    asked, found = fuzz(operation, headers, asked_for.examples)
                    total, faults = total + asked, faults + found
                seconds = time.monotonic() - began
                print(f"{api:<12} {who:<10} {len(operations):>10} {total:>9} {faults.total():>7} {seconds:>8.0f}")
                for fault, times in faults.most_common(20):
                    print(f"    {times:>5} x {fault}")
                broken += faults.total()
            transaction.set_rollback(True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

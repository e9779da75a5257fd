"""Both APIs asked what their documents allow and what they forbid; what every answer has to hold to.

`test_contract` asks a little of each operation, `benchmarks/schema_fuzz.py` a lot. Half of the requests name
things that are there, so that they get beyond a 404. Every request is undone.
"""

import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import schemathesis
from django.core.cache import cache
from django.core.signals import got_request_exception, request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.dispatch import receiver
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.jsonschema import make_validator_for
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection

from accounts.core.actor import Actor
from accounts.core.tokens import Scope
from accounts.services import tokens
from tests import make
from tests.api.world import World

ROOTS = {"public": "/api/v1", "supervision": "/supervision/v1"}
# Who is asked together gets the same requests; those without a key bring invented ones.
CALLERS = (("anonymous",), ("user", "reviewer", "operator", "regulator"))
_HAVE_KEYS = {"public": {"user", "reviewer", "operator", "regulator"}, "supervision": {"regulator"}}


@dataclass
class Findings:
    """How many requests were made, and how often each kind of fault was found, with the first of each in full."""

    asked: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, message: str) -> None:
        self.faults[kind] += 1
        self.first.setdefault(kind, message)

    def add(self, other: "Findings") -> None:
        self.asked += other.asked
        self.faults += other.faults
        self.first = other.first | self.first


def operations(api: str, callers: Sequence[str]) -> list[Any]:
    """Return the operations of an API as its served document has them, to be asked as `callers`."""
    with one_connection():
        schema = schemathesis.openapi.from_wsgi(f"{ROOTS[api]}/openapi.json", app=get_wsgi_application())
    # Whoever has a key sends that one: an invented one beside it would count as refused when it is not even read.
    schema.config.generation.with_security_parameters = callers == ("anonymous",)
    return [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]


@contextmanager
def one_connection() -> Iterator[None]:
    """Let requests over WSGI leave the transaction's connection open, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class Stage:
    """One of everything, and a key for everybody who may call."""

    def __init__(self) -> None:
        self.world = World()
        people = {
            "user": make.actor(self.world.owner),
            "reviewer": make.reviewer(),
            "operator": make.operator(),
            "regulator": make.regulator(),
        }
        keys = {name: _key(actor) for name, actor in people.items()}
        # To the supervision API, only the token of an agency's client is a key.
        self.keys = {"public": keys, "supervision": keys | {"regulator": self.world.token}}

    def headers(self, api: str, who: str) -> dict[str, str]:
        return {} if who == "anonymous" else {"Authorization": f"Bearer {self.keys[api][who]}"}

    def put_real(self, root: str, case: Any, whose: int) -> None:
        """Let a request name things that are there: in its body those of the owner (0) or of the consumer (1)."""
        if not case.meta.is_negative_at(ParameterLocation.PATH):
            words = f"{root}{case.path}".strip("/").split("/")
            for place, word in enumerate(words):
                if (name := word.strip("{}")) != word and name not in {"move", "direction_code"}:
                    case.path_parameters[name] = self.world.thing([w for w in words[:place] if w[0] != "{"])
        case.body = self._with_real(case.body, whose)

    def _with_real(self, body: Any, whose: int) -> Any:
        if isinstance(body, list):
            return [self._with_real(part, whose) for part in body]
        if not isinstance(body, dict):
            return body
        return {
            name: str(self.world.named[name][whose])
            if name in self.world.named and isinstance(value, str)
            else self._with_real(value, whose)
            for name, value in body.items()
        }


def _key(actor: Actor) -> str:
    return tokens.create(name="fuzz", scopes=list(Scope), by=actor, at=timezone.now())[1]


def ask(stage: Stage, api: str, callers: Sequence[str], operation: Any, *, examples: int) -> dict[str, Findings]:
    """Make `examples` requests of one operation as each caller, half of them well formed, half spoiled."""
    found = {who: Findings() for who in callers}
    for mode in GenerationMode:

        @given(case=operation.as_strategy(generation_mode=mode), whose=st.sampled_from([None, None, 0, 1]))
        @settings(
            max_examples=max(1, examples // len(GenerationMode)),
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def send(case: Any, whose: int | None) -> None:
            if whose is not None:
                stage.put_real(ROOTS[api], case, whose)
            for who in callers:
                cache.clear()  # else the throttles answer most of it
                undo = transaction.savepoint()
                _send(case, stage.headers(api, who), found[who], has_key=who in _HAVE_KEYS[api])
                transaction.savepoint_rollback(undo)

        with one_connection(), suppress(Unsatisfiable):  # what takes no input cannot be asked wrongly
            send()
    return found


def _send(case: Any, headers: dict[str, str], found: Findings, *, has_key: bool) -> None:
    found.asked += 1
    try:
        answer = case.call(headers=headers)
    except Exception:  # the page that says so failed as well
        found.note(f"{case.operation.label}: no answer", f"{case.as_curl_command()}\n{traceback.format_exc()}")
        return
    label, excluded = case.operation.label, [negative_data_rejection] if _is_unspoiled(case) else []
    # schemathesis tries the doors of only some kinds of keys.
    if not has_key and not _is_open(case.operation) and answer.status_code != HTTPStatus.UNAUTHORIZED:
        is_elsewhere = answer.status_code == HTTPStatus.NOT_FOUND and case.meta.is_negative_at(ParameterLocation.PATH)
        if not is_elsewhere:
            found.note(f"{label}: open without a key", _told(case, answer))
    try:
        case.validate_response(answer, headers=headers, transport_kwargs={"headers": headers}, excluded_checks=excluded)
    except FailureGroup as group:
        for fault in group.exceptions:
            found.note(f"{label}: {type(fault).__name__}", f"{fault}\n{_told(case, answer)}")


def _is_unspoiled(case: Any) -> bool:
    """Tell whether a request that counts as spoiled is none: schemathesis does not look twice at forms.

    Where it found nothing to spoil it says so, and counts the form all the same; and in a form every value is a text,
    so that a number in the place of a text is one, and a file without content is a file left out.
    """
    told = case.meta.phase.data
    if told.description == "Positive test case":
        return True
    if case.media_type != "multipart/form-data" or not isinstance(case.body, dict):
        return False
    fields = case.operation.get_body_for_media_type(case.media_type).optimized_schema["properties"]
    return bool(told.mutations) and all(
        change.parameter in fields and _fits(fields[change.parameter], case.body.get(change.parameter))
        for change in told.mutations
    )


def _fits(schema: dict[str, Any], value: Any) -> bool:
    is_left_out = schema.get("format") == "binary" and isinstance(value, str | bytes) and not value
    return is_left_out or make_validator_for(schema).is_valid(str(value))


def _told(case: Any, answer: Any) -> str:
    body = answer.content[:1500].decode(errors="replace")
    return f"{case.as_curl_command()}\n{answer.status_code} {body if answer.status_code < 500 else _traceback[-1]}"


_traceback = [""]


@receiver(got_request_exception)
def _remember(**_: Any) -> None:
    _traceback[:] = [traceback.format_exc()]


def _is_open(operation: Any) -> bool:
    security = operation.definition.raw.get("security")
    return not security or {} in security

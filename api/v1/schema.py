"""How an operation is documented: one decorator, the problems it may answer, the headers it reads."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    Direction,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework import serializers

from api.v1 import idempotency
from api.v1.pagination import PageQuery

# PostgreSQL holds no null character; what counts as blank is what Python strips.
ANY_TEXT = r"^[^\u0000]*$"
SOME_TEXT = r"^[^\u0000]*[^\s\u0000\u001c-\u001f\u0085][^\u0000]*$"


class Schema(AutoSchema):
    """Names an operation after its method and path: unique, and the same for ever; says which texts are none."""

    def get_operation_id(self) -> str:
        return "_".join([self.method.lower(), *filter(None, re.split(r"[^a-z0-9]+", self.path))])

    def _get_request_body(self, direction: Direction = "request") -> Any:
        told = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        # Of several shapes the library says that none is needed.
        shapes = self.get_request_serializer()
        if isinstance(shapes, PolymorphicProxySerializer) or (
            isinstance(shapes, dict) and any(f.required for shape in shapes.values() for f in shape().fields.values())
        ):
            told["required"] = True
        return told

    def _map_serializer_field(self, field: Any, direction: Direction, bypass_extensions: bool = False) -> Any:
        mapped = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if direction == "request" and type(field) is serializers.CharField:
            mapped["pattern"] = ANY_TEXT if field.allow_blank else SOME_TEXT
        elif direction == "request" and isinstance(field, serializers.FileField):
            mapped["minLength"] = 1
        elif isinstance(field, serializers.ListSerializer):
            many: Any = field  # the stubs lack its limits
            if many.max_length is not None:
                mapped["maxItems"] = many.max_length
            if least := many.min_length or int(not many.allow_empty):
                mapped["minItems"] = least
        return mapped

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
        # The library says "one of: the pattern, or nothing" where the pattern lets nothing pass too: then none fits.
        shapes = schema.get("oneOf", [])
        if len(shapes) == 2 and shapes[1].get("maxLength") == 0 and re.match(shapes[0].get("pattern", "."), ""):
            schema.update(shapes[0])
            del schema["oneOf"]


@cache
def page_of(serializer: type[serializers.BaseSerializer[Any]]) -> type[serializers.BaseSerializer[Any]]:
    """Return the serializer of one page of a list."""
    fields = {
        "count": serializers.IntegerField(help_text="How many there are on all pages."),
        "next": serializers.CharField(allow_null=True, help_text="Address of the next page."),
        "previous": serializers.CharField(allow_null=True),
        "results": serializer(many=True),
    }
    return type(f"{serializer.__name__}Page", (serializers.Serializer,), fields)


F = TypeVar("F", bound=Callable[..., Any])

PROBLEM_TYPE = "application/problem+json"


class Problem(serializers.Serializer[Any]):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField(help_text="A stable name: urn:yuli:…")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence in the reader's language, with what would help.")
    help = serializers.CharField(
        required=False,
        help_text="Path on this site of the page on which a person can put it right; absent where there is none.",
    )
    errors = serializers.DictField(  # type: ignore[assignment]  # the field named as RFC 9457 names it
        required=False, help_text="Sentences by field, when fields are at fault."
    )


MEANING = {
    400: "What was sent is not valid.",
    401: "Nobody is signed in, or the key does not hold.",
    403: "Not for this caller.",
    404: "Not there, or not this caller's to see.",
    405: "The address has no such method.",
    406: "Only JSON can be had here.",
    409: "Refused: the thing's state or a rule forbids it; the type says which.",
    413: "Too large.",
    415: "The body is of a kind that is not read here.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too often; see Retry-After.",
}
# Any operation may answer these.
ALWAYS = (400, 401, 403, 406, 429)

IDEMPOTENCY_KEY = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "pattern": idempotency.PATTERN},
    OpenApiParameter.HEADER,
    description="Of the caller's choice; a repeated request gets the first answer.",
)
ALWAYS_HEADERS = (
    OpenApiParameter(
        "Retry-After", int, OpenApiParameter.HEADER, description="Seconds to wait.", required=True, response=[429]
    ),
    OpenApiParameter(
        "WWW-Authenticate", str, OpenApiParameter.HEADER, description="Bearer.", required=True, response=[401]
    ),
)


def operation(
    summary: str,
    *,
    ok: Any,
    status: int = 200,
    reads: Any = None,
    query: Any = None,
    path: Mapping[str, Sequence[str]] | None = None,
    problems: Collection[int] = (),
    paged: bool = False,
    idempotent: bool = False,
    **more: Any,
) -> Callable[[F], F]:
    """Document one handler.

    Args:
        ok: serializer of the good answer; None for an empty one; a dict to spell it out, as for a file.
        reads: serializer of the body.
        query: serializer of the parameters.
        path: the words that stand in places of the address, by place.
        problems: what it may answer beyond `ALWAYS`.
        paged: the answer is a page of `ok`.
        idempotent: it reads Idempotency-Key, and does once what is asked twice.
    """
    numbers = {*ALWAYS, *problems}
    numbers |= {415} if reads is not None else set()
    numbers |= {404} if paged else set()
    numbers |= {409, 422} if idempotent else set()
    answers: dict[Any, Any] = {(number, PROBLEM_TYPE): _problem(number) for number in sorted(numbers)}
    if isinstance(ok, dict):
        answers |= ok  # one or more answers spelled out, as for a file
    else:
        answers[status] = OpenApiResponse(description="Done.") if ok is None else page_of(ok) if paged else ok
    parameters: list[Any] = [*ALWAYS_HEADERS]
    parameters += [OpenApiParameter(name, str, "path", enum=words) for name, words in (path or {}).items()]
    parameters += [query] if query else []
    parameters += [PageQuery] if paged else []
    parameters += [IDEMPOTENCY_KEY, _replayed(status)] if idempotent else []
    document = extend_schema(
        summary=summary, request=reads or None, responses=answers, parameters=parameters, filters=False, **more
    )

    def decorate(handler: F) -> F:
        done: Any = idempotency.idempotent(handler) if idempotent else handler
        return document(done)  # type: ignore[no-any-return]

    return decorate


def _replayed(status: int) -> OpenApiParameter:
    return OpenApiParameter(
        "Idempotent-Replayed", bool, OpenApiParameter.HEADER, description="On a repeated request.", response=[status]
    )


def _problem(number: int) -> OpenApiResponse:
    return OpenApiResponse(response=Problem, description=MEANING[number])

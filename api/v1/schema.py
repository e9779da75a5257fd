"""How an operation is documented: one decorator, the problems it may answer, the headers it reads."""

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers


class Schema(AutoSchema):
    """Names an operation after its method and path: unique, and the same for ever."""

    def get_operation_id(self) -> str:
        return "_".join([self.method.lower(), *filter(None, re.split(r"[^a-z0-9]+", self.path))])


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
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Up to 80 printable characters of the caller's choice; a repeated request gets the first answer.",
)


def operation(
    summary: str,
    *,
    ok: Any,
    status: int = 200,
    reads: Any = None,
    query: Any = None,
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
        problems: what it may answer beyond `ALWAYS`.
        paged: the answer is a page of `ok`.
        idempotent: it reads Idempotency-Key.
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
    parameters = [*([query] if query else []), *([IDEMPOTENCY_KEY] if idempotent else []), *_paging(paged)]
    return extend_schema(
        summary=summary, request=reads or None, responses=answers, parameters=parameters, filters=False, **more
    )


def _problem(number: int) -> OpenApiResponse:
    return OpenApiResponse(response=Problem, description=MEANING[number])


def _paging(paged: bool) -> list[OpenApiParameter]:
    if not paged:
        return []
    return [
        OpenApiParameter("page", int, description="From 1."),
        OpenApiParameter("page_size", int, description="From 1 to 100; 20 unless told."),
    ]

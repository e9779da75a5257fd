"""The refusals that every operation documents: application/problem+json (RFC 9457)."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class Problem(serializers.Serializer[Any]):
    """What went wrong and what would help."""

    type = serializers.CharField(help_text="A stable name: urn:yuli:…")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # the field named as RFC 9457 names it
        required=False, help_text="Sentences by parameter, when parameters are at fault."
    )


MEANINGS = {
    400: "A parameter is not valid.",
    401: "No token, or one that is expired, revoked or unknown.",
    403: "The token lacks the scope.",
    404: "Not there, not published, or not in the agency's territory.",
    405: "The address has no such method.",
    406: "Only application/json is served.",
    409: "The cursor does not belong to this feed with these filters; leave it out to begin again.",
    415: "The body is not of the type that is asked for.",
    429: "Too many calls; Retry-After says how long to wait.",
}


def documented(*statuses: int) -> dict[Any, Any]:
    """Return the entries of `statuses` for an operation's responses."""
    return {(status, "application/problem+json"): OpenApiResponse(Problem, MEANINGS[status]) for status in statuses}

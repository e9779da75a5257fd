"""Where a client's id and secret become a token of 15 minutes (RFC 6749, client credentials and nothing else)."""

import json
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import OpenApiResponse, extend_schema
from oauth2_provider.oauth2_backends import get_oauthlib_core
from rest_framework import serializers
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import gettext_noop
from supervision.api.v1 import problems
from supervision.api.v1.auth import TokenThrottle

FORM = "application/x-www-form-urlencoded"
KNOWN = frozenset({"grant_type", "client_id", "client_secret", "scope"})


class TokenForm(serializers.Serializer[Any]):
    """The form of RFC 6749 section 4.4.2; id and secret may come as HTTP Basic instead."""

    grant_type = serializers.ChoiceField(choices=["client_credentials"])
    client_id = serializers.CharField(required=False, max_length=255)
    client_secret = serializers.CharField(required=False, max_length=255)
    scope = serializers.CharField(required=False, max_length=255, help_text="Separated by blanks; all when left out.")


class TokenAnswer(serializers.Serializer[Any]):
    """A bearer token (RFC 6749 section 5.1)."""

    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    scope = serializers.CharField()


class TokenError(serializers.Serializer[Any]):
    """Why there is no token (RFC 6749 section 5.2)."""

    error = serializers.CharField()
    error_description = serializers.CharField(required=False)


class Token(APIView):
    """Issue a token to an agency's client."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (FormParser,)
    throttle_classes = (TokenThrottle,)

    @extend_schema(
        operation_id="token",
        summary=gettext_noop("Client credentials become a token of 15 minutes"),
        tags=["token"],
        request={FORM: TokenForm},
        responses={
            200: TokenAnswer,
            400: OpenApiResponse(TokenError, "invalid_request, invalid_scope, unsupported_grant_type"),
            401: OpenApiResponse(TokenError, "invalid_client"),
            **problems.documented(405, 406, 415, 429),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        if request.content_type.split(";")[0].strip() != FORM:
            raise UnsupportedMediaType(request.content_type)
        fault = _fault(_form(request))
        if fault:
            return _answer({"error": "invalid_request", "error_description": fault}, 400)
        try:
            _, headers, body, status = get_oauthlib_core().create_token_response(request._request)
        except ValueError:  # oauthlib on a body that is no form
            return _answer({"error": "invalid_request"}, 400)
        return _answer(json.loads(body), status, headers)


def _form(request: Request) -> QueryDict:
    try:
        return request._request.POST
    except (UnicodeError, ValueError) as error:
        raise ParseError from error


def _fault(form: QueryDict) -> str:
    """Return what is wrong with the shape of the form; empty when nothing is."""
    if repeated := sorted(name for name in KNOWN if len(form.getlist(name)) > 1):
        return f"{', '.join(repeated)} given more than once"
    if any(not value.isprintable() or not value.isascii() for name in KNOWN for value in form.getlist(name)):
        return "only printable ASCII is allowed"
    if "grant_type" not in form:
        return "grant_type is missing"
    return ""


def _answer(body: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> Response:
    kept = {name: value for name, value in (headers or {}).items() if name != "Content-Type"}
    return Response(body, status=status, headers={"Cache-Control": "no-store", "Pragma": "no-cache", **kept})

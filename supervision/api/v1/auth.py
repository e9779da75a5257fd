"""Who calls: a bearer token of an agency's client, the scope it needs, and how often it may call."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from supervision.core.reader import Reader, Scope
from supervision.selectors import agencies

_BEARER = re.compile(r"Bearer [A-Za-z0-9._~+/-]+=*", re.ASCII)
_TOKEN_MAX = 512


@dataclass(frozen=True)
class Caller:
    """The client behind a valid token, in the place where REST framework expects a user."""

    reader: Reader
    is_authenticated: bool = True

    @property
    def pk(self) -> int | None:
        return self.reader.client_id


class AgencyToken(OAuth2Authentication):
    """A token that opens for an agency's client; anything else leaves the caller unknown (401)."""

    www_authenticate_realm = "supervision"

    def authenticate(self, request: Request) -> tuple[Caller, Any] | None:
        header = request.headers.get("Authorization", "")
        if len(header) > _TOKEN_MAX or not _BEARER.fullmatch(header):
            return None
        found = super().authenticate(request)
        if found is None:
            return None
        token = found[1]
        try:
            reader = agencies.reader_for_application(token.application_id, token.scope.split())
        except ObjectDoesNotExist:
            return None
        return Caller(reader), token


class HasScope(BasePermission):
    """The token carries the scope that the view names."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        caller = request.user
        return isinstance(caller, Caller) and caller.reader.may(view.scope)  # type: ignore[attr-defined]


class HasAnyScope(BasePermission):
    """The token carries some scope: what it may see is decided row by row."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, Caller) and bool(request.user.reader.scopes)


class ClientThrottle(SimpleRateThrottle):
    """Reads per client; a full copy of 1 M rows at 500 a page takes four minutes at this pace."""

    scope = "supervision"
    rate = "600/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        caller = request.user
        if not isinstance(caller, Caller):
            return None
        return self.cache_format % {"scope": self.scope, "ident": caller.pk}


class TokenThrottle(SimpleRateThrottle):
    """Token requests per address: guessing secrets is slow."""

    scope = "supervision-token"
    rate = "60/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class AgencyTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI file describes the token."""

    target_class = AgencyToken
    name = "clientCredentials"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "Tokens hold 15 minutes. The scopes are those of the agency at most.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/supervision/v1/token",
                    "scopes": {scope.value: SCOPE_TEXTS[scope] for scope in Scope},
                }
            },
        }

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        scope = getattr(auto_schema.view, "scope", None)
        return {self.name: [scope] if scope else []}


SCOPE_TEXTS = {
    Scope.STATS: "Protected statistics and the quality of the data",
    Scope.PARTIES: "Parties under pseudonyms",
    Scope.MARKET: "Listings, demands and match rounds",
    Scope.ORDERS: "Orders and ratings under pseudonyms",
    Scope.COMPLAINTS: "Complaints with their clocks and results",
    Scope.VERIFICATIONS: "Identity verifications and their results",
    Scope.LOG: "What the agency itself has read",
}

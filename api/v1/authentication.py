"""Who calls: a browser with its session, or a program with a key."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.core.tokens import Scope
from accounts.selectors import actors
from accounts.services import tokens


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer yuli_…`: acts for the party that the key was made for."""

    def authenticate(self, request: Request) -> tuple[object, object] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2 or not words[1].isascii():
            raise exceptions.AuthenticationFailed(_("The key is malformed."))
        token = tokens.redeem(words[1].decode("ascii"), at=timezone.now())
        if token is None:
            raise exceptions.AuthenticationFailed(_("The key is unknown, withdrawn or too old."))
        if request.method not in SAFE_METHODS and Scope.WRITE not in token.scopes:
            raise exceptions.PermissionDenied(_("The key may only read."))
        inner: HttpRequest = request._request
        inner.actor = actors.actor_for(token.user, token.organisation.code)  # type: ignore[attr-defined]  # as the middleware does
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="yuli"'


class KeyAuthenticationSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library registers subclasses
    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key made under Settings, Keys for programs."}

"""What every resource of the API stands on."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.core.actor import Actor
from api.v1 import reading
from api.v1.authentication import KeyAuthentication
from api.v1.permissions import SignedIn
from api.v1.schema import Schema
from api.v1.throttling import THROTTLES


class Resource(APIView):
    """One address: parse with `read` or `query`, make one call, answer.

    Example:
        class Member(Resource):
            @operation("Remove a member", ok=None, status=204, problems=(404, 409))
            def delete(self, request: Request, code: UUID) -> Response:
                organisations.remove(code, by=self.actor, at=self.at)
                return Response(status=204)
    """

    authentication_classes = [KeyAuthentication, SessionAuthentication]
    permission_classes = [SignedIn]
    throttle_classes = THROTTLES
    schema = Schema()

    @property
    def actor(self) -> Actor:
        """Who calls, for which party, with which roles."""
        return self.request._request.actor  # type: ignore[attr-defined, no-any-return]  # set by the middleware

    @property
    def at(self) -> datetime:
        return timezone.now()

    def read(
        self, serializer: type[BaseSerializer[Any]], *, form: type[BaseSerializer[Any]] | None = None
    ) -> dict[str, Any]:
        """Return the body, valid, or answer 400; `form` is what reads a form, where that may hold more."""
        return reading.body(self.request, form if form and reading.is_form(self.request) else serializer)

    def query(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """Return the parameters of the address, valid, or answer 400."""
        return reading.parameters(self.request, serializer)

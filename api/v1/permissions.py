"""Who may call at all; what they may do there is the services' business."""

from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.core.actor import Actor, Role

# The schema knows these three by class: what they let pass without a key is described so.
Anyone = AllowAny
SignedIn = IsAuthenticated
AnyoneReads = IsAuthenticatedOrReadOnly


class _HasRole(BasePermission):
    role: Role

    def has_permission(self, request: Request, view: APIView) -> bool:
        actor: Actor = request._request.actor  # type: ignore[attr-defined]  # set by the middleware
        return bool(request.user and request.user.is_authenticated and actor.has(self.role))


class Reviewer(_HasRole):
    role = Role.REVIEWER


class Operator(_HasRole):
    role = Role.OPERATOR


class Mediator(_HasRole):
    role = Role.MEDIATOR

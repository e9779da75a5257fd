"""Who may call at all; what they may do there is the services' business."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.core.actor import Actor, Role


class Anyone(BasePermission):
    """Public: reads for everybody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return True


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated)


class AnyoneReads(BasePermission):
    """Reads for everybody, writes for whoever is signed in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or bool(request.user and request.user.is_authenticated)


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

"""What both APIs share: deny by default, and one shape of error (RFC 9457)."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import Refused

if TYPE_CHECKING:
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """The default: a view that names no permission answers nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


def problem_json(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer `error` as application/problem+json; None lets an unexpected one become a 500."""
    # REST framework's views read their defaults, this module among them, while they are being imported.
    from rest_framework.views import set_rollback

    problem = _problem(error)
    if problem is None:
        return None
    set_rollback()
    headers = {}
    if isinstance(error, exceptions.APIException):
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(int(wait))
        if challenge := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
    return Response(problem, status=problem["status"], headers=headers, content_type="application/problem+json")


def _by_field(error: Refused) -> dict[str, list[str]]:
    """Return all that a refusal says of fields: of each its sentences, or its one sentence of the one at fault."""
    return getattr(error, "errors", {}) or ({error.field: [error.sentence(_)]} if error.field else {})


def _problem(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, Refused):
        return {
            "type": f"urn:yuli:{error.code}",
            "title": _(error.message) % error.params,
            "status": status.HTTP_409_CONFLICT,
            "detail": error.sentence(_),
            **({"help": str(error.link)} if error.link else {}),
            **({"errors": told} if (told := _by_field(error)) else {}),
        }
    if isinstance(error, Http404 | ObjectDoesNotExist):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        errors = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return {
            "type": "urn:yuli:invalid",
            "title": _("Some of what was sent is not valid."),
            "status": status.HTTP_400_BAD_REQUEST,
            "detail": _("See errors for each field."),
            "errors": errors,
        }
    if isinstance(error, exceptions.APIException):
        detail = error.detail
        return {
            "type": f"urn:yuli:{getattr(detail, 'code', error.default_code)}",
            "title": str(error.default_detail),
            "status": error.status_code,
            "detail": str(detail),
        }
    return None

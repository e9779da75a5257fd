"""What no view answers: a page for people, a problem for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

PROGRAMS = ("/api/", "/supervision/v1/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(PROGRAMS):
        return defaults.page_not_found(request, exception)
    return _problem("not_found", _("There is nothing at this address."), 404)


def server_error(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith(PROGRAMS):
        return defaults.server_error(request)
    return _problem("internal", _("Something went wrong on our side. What you asked for may not have been done."), 500)


def _problem(name: str, title: str, status: int) -> JsonResponse:
    content = {"type": f"urn:yuli:{name}", "title": title, "status": status, "detail": title}
    return JsonResponse(content, status=status, content_type="application/problem+json")

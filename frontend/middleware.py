"""What no page catches itself: an absent thing is a 404, a refused step is a sentence on the page it came from."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import page_not_found

from common.errors import Refused
from frontend import refusals


class PageErrors:
    """Translate what selectors and services raise; the APIs have a handler of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, ObjectDoesNotExist):
            return page_not_found(request, error)
        if isinstance(error, Refused):
            refusals.as_message(request, error)
            return HttpResponseRedirect(_origin(request))
        return None


def _origin(request: HttpRequest) -> str:
    """Return the page that the step was taken on, when it is one of ours and not this very address."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if ours and request.method == "POST" else "/"

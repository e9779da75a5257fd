"""Who may open which page: officers their agency's, anybody the public ones; in one decorator."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.core.actor import Actor
from supervision import policies
from supervision.core.reader import Reader, Scope
from supervision.selectors import agencies

OfficerPage = Callable[..., HttpResponse]
OperatorPage = Callable[..., HttpResponse]


def actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.middleware.actor
    return found


def now() -> datetime:
    return timezone.now()


def token_address(request: HttpRequest) -> str:
    """Return where a client turns its id and secret into a token."""
    return request.build_absolute_uri("/supervision/v1/token")


def reader_or_none(request: HttpRequest) -> Reader | None:
    try:
        return agencies.reader_for(actor(request))
    except ObjectDoesNotExist:
        return None


def for_operators(page: OperatorPage) -> OperatorPage:
    """Whoever does not manage authorities finds no page here."""

    @wraps(page)
    @login_required
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policies.may_manage_agencies(actor(request)):
            raise Http404
        return page(request, *args, **kwargs)

    return entered


def for_officers(scope: Scope | None = None) -> Callable[[OfficerPage], Callable[..., HttpResponse]]:
    """Hand the page its reader; whoever is no officer, or lacks the scope, finds no page here."""

    def decorate(page: OfficerPage) -> Callable[..., HttpResponse]:
        @wraps(page)
        @login_required
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            reader = reader_or_none(request)
            if reader is None or (scope and not reader.may(scope)):
                raise Http404
            return page(request, reader, *args, **kwargs)

        return entered

    return decorate

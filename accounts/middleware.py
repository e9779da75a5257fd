"""Puts `request.actor` on every request: who acts, for which party, with which roles."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.core.actor import Actor
from accounts.selectors import actors

Handler = Callable[[HttpRequest], HttpResponse]
ACTING_FOR = "acting_for"


def actor(get_response: Handler) -> Handler:
    """Read the acting party from the session when somebody first asks who acts."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in `request`, read afresh."""
    return actors.actor_for(request.user, request.session.get(ACTING_FOR))

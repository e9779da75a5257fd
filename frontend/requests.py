"""What a view reads from a request besides its fields."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from accounts.core.actor import Actor


def actor(request: HttpRequest) -> Actor:
    """Return who acts, as accounts.middleware found it."""
    found: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.middleware.actor
    return found


def now() -> datetime:
    """Return the instant of the request; services take it as `at`."""
    return timezone.now()


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"

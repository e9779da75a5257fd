"""Headers that every answer carries: a strict content security policy."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def _tile_origin(url: str) -> str:
    """Return the origin of a tile address; `{s}` stands for any subdomain."""
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def policy() -> str:
    """Return the policy: everything from here, pictures also from the licensed tile service if there is one."""
    images = " ".join(filter(None, ["'self'", "data:", "blob:", _tile_origin(settings.MAP_TILE_URL)]))
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "connect-src 'self'",
            "font-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def content_security_policy(get_response: Handler) -> Handler:
    """Add the policy to every answer that does not bring a stricter one of its own."""
    header = policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", header)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response

    return middleware

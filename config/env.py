"""Typed readers of the process environment; a missing or malformed value stops the start with its name."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the value of `name`, or `default`; raise ImproperlyConfigured when neither is there."""
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"Set the environment variable {name}; it has no default outside debug mode.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def words(name: str, default: str | None = "") -> list[str]:
    """Return the comma-separated words of `name`, blanks dropped; with no default there must be one at least."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str, default: str | None = None) -> dict[str, object]:
    """Read a PostgreSQL URL; `?host=/folder` names a socket folder, as libpq has it."""
    url = urlsplit(text(name, default))
    if url.scheme not in {"postgres", "postgresql", "postgis"}:
        raise ImproperlyConfigured(f"{name} must start with postgresql://, not {url.scheme}://.")
    query = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.get("host", url.hostname or ""),
        "PORT": query.get("port", str(url.port or "")),
    }

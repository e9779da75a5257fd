"""Events as iCalendar text (RFC 5545): just what a feed of bookings needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_FOLD_BYTES = 75


@dataclass(frozen=True)
class Event:
    """One entry of a calendar; times aware."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    location: str
    url: str
    is_certain: bool
    stamped_at: datetime


def calendar(name: str, events: Iterable[Event]) -> str:
    """Return a whole calendar, with the line ends and line lengths that the RFC asks for."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yuli//Bookings//ZH",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{_instant(event.stamped_at)}",
            f"DTSTART:{_instant(event.start)}",
            f"DTEND:{_instant(event.end)}",
            f"SUMMARY:{_text(event.summary)}",
            *([f"LOCATION:{_text(event.location)}"] if event.location else []),
            f"URL:{event.url}",
            f"STATUS:{'CONFIRMED' if event.is_certain else 'TENTATIVE'}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> str:
    """Break a line after at most 75 bytes, never within a character; what follows begins with a blank."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        if len((piece + character).encode()) > _FOLD_BYTES - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])

"""The published rules of credit, read from their dated table."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from common.working_days import CHINA
from credit.core import rules
from credit.core.rules import Rules

_FILE = Path(__file__).resolve().parent.parent / "data" / "rules.json"


@cache
def versions() -> tuple[Rules, ...]:
    """Return every version, oldest first."""
    return tuple(rules.parse(row) for row in json.loads(_FILE.read_text()))


def in_force(at: datetime) -> Rules:
    """Return the version in force in China at `at`."""
    return rules.in_force(versions(), at.astimezone(CHINA).date())

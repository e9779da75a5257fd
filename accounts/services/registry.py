"""The port to official registers: ask whether name and number belong together.

An adapter has a `name` that is shown with its answer and `ask(kind, number, name)`. None is connected by default: no
real authority's answer is ever made up. In demo mode a sandbox answers for the demo's parties and says that it is one.
"""

from typing import Protocol

from django.conf import settings

from accounts.core.checks import Answer
from accounts.core.levels import CaseKind

# The body code of the demo's made-up parties; no real register hands it out.
_DEMO_BODY = "DEM0"


class Registry(Protocol):
    name: str

    def ask(self, kind: CaseKind, number: str, name: str) -> Answer:
        """Tell whether the register has `name` under `number`; must not raise for a register that is down."""


class NotConnected:
    name = ""

    def ask(self, kind: CaseKind, number: str, name: str) -> Answer:
        return Answer.NOT_CONNECTED


class Sandbox:
    """Stands in for a register in demo mode: agrees with demo codes, knows nobody else."""

    name = "沙盒登记库（非真实机构） / sandbox register (not a real one)"

    def ask(self, kind: CaseKind, number: str, name: str) -> Answer:
        if kind is CaseKind.ORGANISATION and number[8:12] == _DEMO_BODY:
            return Answer.AGREES if "演示" in name else Answer.DIFFERS
        return Answer.UNKNOWN


def connected() -> Registry:
    return Sandbox() if settings.DEMO else NotConnected()

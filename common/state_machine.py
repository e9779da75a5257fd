"""State machines as one table each: which move leads from where to where, and who may ask for it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from common.errors import Refused, gettext_noop


class TransitionRefused(Refused):
    """The move does not exist, does not start here, or is not this party's to make."""


@dataclass(frozen=True)
class Move:
    """One row of a machine's table."""

    name: str
    sources: frozenset[StrEnum]
    target: StrEnum
    parties: frozenset[StrEnum]


def move(name: str, sources: Collection[StrEnum], target: StrEnum, parties: Collection[StrEnum]) -> Move:
    return Move(name, frozenset(sources), target, frozenset(parties))


@dataclass(frozen=True)
class StateMachine:
    """A named table of moves with one initial state."""

    name: str
    initial: StrEnum
    moves: tuple[Move, ...]

    def states(self) -> frozenset[StrEnum]:
        return frozenset({self.initial}) | {s for m in self.moves for s in (*m.sources, m.target)}

    def open_moves(self, state: str, parties: Collection[str]) -> list[str]:
        """Return the names of the moves that any of `parties` may make from `state`, in table order."""
        return [m.name for m in self._leaving(state) if m.parties.intersection(parties)]

    def target(self, state: str, name: str, parties: Collection[str]) -> StrEnum:
        """Return where move `name` leads from `state`.

        Raises:
            TransitionRefused: no such move starts in `state`, or it is not for any of `parties`.
        """
        found = [m for m in self._leaving(state) if m.name == name]
        if not found:
            raise TransitionRefused(
                gettext_noop("This cannot be done now; it may have changed a moment ago."),
                fix=gettext_noop("Reload the page to see where it stands."),
                params={"move": name, "state": state},
            )
        allowed = [m for m in found if m.parties.intersection(parties)]
        if not allowed:
            raise TransitionRefused(
                gettext_noop("This step is for another party to take."), params={"move": name, "state": state}
            )
        return allowed[0].target

    def mermaid(self) -> str:
        """Return the machine as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for m in self.moves:
            who = ", ".join(sorted(m.parties))
            lines += [f"    {source} --> {m.target}: {m.name} ({who})" for source in sorted(m.sources)]
        finals = sorted(self.states() - {s for m in self.moves for s in m.sources})
        return "\n".join([*lines, *(f"    {state} --> [*]" for state in finals)]) + "\n"

    def _leaving(self, state: str) -> Iterator[Move]:
        return (m for m in self.moves if state in m.sources)

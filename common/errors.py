"""Expected refusals: what a person asked for cannot be done, why, and what would help."""

from collections.abc import Callable, Mapping


def gettext_noop(message: str) -> str:
    """Mark `message` for translation; the interface that shows it translates."""
    return message


class Refused(Exception):
    """An expected refusal, safe to show to the person who asked.

    Args:
        message: English message id with `%(name)s` places, marked with `gettext_noop`.
        fix: what to do about it, likewise a message id; empty when there is nothing.
        field: the input at fault, empty when no single one is.
        link: path of the page on which it can be mended, empty when there is none.
        params: values for the places of both sentences.
    """

    def __init__(
        self,
        message: str,
        *,
        fix: str = "",
        field: str = "",
        link: str = "",
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.field = field
        self.link = link
        self.params = dict(params or {})

    @property
    def code(self) -> str:
        """A stable name for clients: the class name in snake case."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Return message and fix in the reader's language."""
        parts = [translate(part) % self.params for part in (self.message, self.fix) if part]
        return " ".join(parts)

    def __str__(self) -> str:
        return self.sentence()

"""Values made of columns, in one canonical byte form: a line of JSON, and after it the numbers as they lie in memory.

The line is canonical JSON (`as_bytes`) in which each column of numbers is `{"#": [width, length]}`; the columns follow
in the order of the line, little-endian, each as narrow as its values allow (1, 2, 4 or 8 bytes a number, signed).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np

from matching.core.problem import NONE, Ints, ints

_MARK = "#"
_WIDTHS = (1, 2, 4, 8)


def column() -> Any:
    """Return a dataclass field for a column of whole numbers; empty where it is left out."""
    return field(default_factory=lambda: NONE)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length. Whole numbers are read-only int64 arrays, names are sequences of texts.

    Attributes:
        names: the fields that hold texts.
        defaults: for fields that may be left out, the value that then stands in every row.

    Raises:
        ValueError: columns are not equally long, or not of whole numbers.
    """

    names: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[dict[str, int]] = {}

    def __post_init__(self) -> None:
        numbers = [each.name for each in fields(self) if each.name not in self.names]
        for name in numbers:
            object.__setattr__(self, name, ints(getattr(self, name)))
        for name, value in self.defaults.items():
            if not getattr(self, name).size:
                object.__setattr__(self, name, ints(np.full(len(self), value, dtype=np.int64)))
        if {len(getattr(self, each.name)) for each in fields(self)} != {len(self)}:
            raise ValueError(f"The columns of {type(self).__name__} are not equally long.")

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))


def plain(content: object) -> Any:
    """Return columns as lists and values as dictionaries, as JSON has them."""
    return content.tolist() if isinstance(content, np.ndarray) else vars(content)


def as_bytes(content: object) -> bytes:
    """Return the canonical JSON of `content`: sorted keys, no blanks, columns as lists."""
    return _json(content, plain)


def packed(content: object) -> bytes:
    """Return the canonical byte form of `content`: equal values give equal bytes."""
    columns: list[bytes] = []

    def marked(value: object) -> Any:
        if not isinstance(value, np.ndarray):
            return vars(value)
        width = next(w for w in _WIDTHS if _holds(value, w))
        columns.append(value.astype(f"<i{width}").tobytes())
        return {_MARK: [width, int(value.size)]}

    return b"\n".join([_json(content, marked), b"".join(columns)])


def unpacked(stored: bytes) -> Any:
    """Return what `packed` was given, values as dictionaries.

    Raises:
        ValueError: the bytes are not such a form.
    """
    end = stored.find(b"\n")
    line = stored if end < 0 else stored[:end]
    content = json.loads(line)
    at = len(line) + 1
    for holder, key, (width, length) in list(_marks(content)):
        if width not in _WIDTHS or not isinstance(length, int) or not 0 <= length * width <= len(stored) - at:
            raise ValueError("A column is longer than what is stored.")
        holder[key] = ints(np.frombuffer(stored, dtype=f"<i{width}", count=length, offset=at))
        at += length * width
    if end >= 0 and at != len(stored):
        raise ValueError("More is stored than its first line names.")
    return content


def _json(content: object, default: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=default).encode()


def _holds(values: Ints, width: int) -> bool:
    bound = 1 << (8 * width - 1)
    return not values.size or (-bound <= int(values.min()) and int(values.max()) < bound)


def _marks(content: Any) -> Iterator[tuple[Any, Any, list[int]]]:
    """Yield where each column stands, in the order of the line."""
    entries = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in entries:
        if isinstance(value, dict) and set(value) == {_MARK}:
            yield content, key, value[_MARK]
        else:
            yield from _marks(value)

"""The usual kinds of term of a fit, and what they read; a side is the name of a field or a reading."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from marketplace.directions._fit import DOES_NOT_COUNT, ByItems, ByNumber, ByValue, Reading, Term
from marketplace.directions._labels import Label


def listed(*values: Any) -> tuple[str, ...]:
    """Return the words of some choices and lists of choices as one list; what is left out gives none."""
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found.append(value)
        elif value is not None:
            found.extend(value)
    return tuple(found)


def same_letters(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines as they compare: letters' case does not count."""
    return tuple(line.casefold() for line in lines)


def class_of(value: str) -> str:
    """Return the class of a choice: what stands before the first full stop."""
    return value.split(".", maxsplit=1)[0]


def classes_of(*values: Any) -> tuple[str, ...]:
    """Return the classes of `listed` values."""
    return tuple(class_of(value) for value in listed(*values))


def with_classes(*values: Any) -> tuple[str, ...]:
    """Return `listed` values and their classes, each class behind a full stop so that it is no value."""
    return (*listed(*values), *(f".{name}" for name in classes_of(*values)))


def require(
    code: str,
    label: Label,
    offered: str | Reading,
    wanted: str | Reading,
    holds: Callable[[Any, Any], float],
    *,
    reason: Label,
) -> Term:
    """A hard wish: met or not."""
    return Term(code, label, _side(offered), _side(wanted), ByValue(holds), reason=reason)


def has(code: str, label: Label, offered: str | Reading, wanted: str | Reading, *, reason: Label) -> Term:
    """A hard wish: where the need says yes, the offer must."""
    return require(code, label, offered, wanted, _is_said, reason=reason)


def grade(
    code: str,
    label: Label,
    offered: str | Reading,
    wanted: str | Reading,
    score: Callable[[Any, Any], float],
    *,
    weight: float = 1.0,
) -> Term:
    """A soft wish: met by `score`."""
    return Term(code, label, _side(offered), _side(wanted), ByValue(score), weight)


def equal(code: str, label: Label, offered: str, wanted: str, *, otherwise: float) -> Term:
    """A soft wish that another value meets in part."""
    return grade(code, label, offered, wanted, lambda has, asked: 1.0 if has == asked else otherwise)


def at_least(code: str, label: Label, offered: str, wanted: str, *, reason: Label) -> Term:
    """A number that must reach `wanted`; one that is not stated counts half."""
    return Term(code, label, _side(offered), _side(wanted), ByNumber(_reaches), reason=reason)


def at_most(code: str, label: Label, offered: str, wanted: str, *, reason: Label) -> Term:
    """A number that must not pass `wanted`; one that is not stated counts half."""
    return Term(code, label, _side(offered), _side(wanted), ByNumber(_stays_within), reason=reason)


def within(code: str, label: Label, offered: str, wanted: str) -> Term:
    """A span, such as days, that is better short: in proportion once it passes `wanted`."""
    return Term(code, label, _side(offered), _side(wanted), ByNumber(_in_proportion))


def trips(code: str, label: Label, offered: str, wanted: str) -> Term:
    """What one vehicle holds: the more trips it takes the worse; it counts only where it is stated."""
    return Term(code, label, _side(offered), _side(wanted), ByNumber(_in_few_trips))


def all_of(
    code: str, label: Label, offered: str | Reading, wanted: str | Reading, *, reason: Label, if_stated: bool = False
) -> Term:
    """Every one of `wanted` must be offered.

    Args:
        if_stated: an offer that states nothing is not judged by it.
    """
    score = _all_if_stated if if_stated else _all
    return Term(code, label, _items(offered), _items(wanted), ByItems(score), reason=reason)


def one_of(code: str, label: Label, offered: str, wanted: str, *, otherwise: float, weight: float = 1.0) -> Term:
    """A soft wish for one of what is offered, which others meet in part."""
    judge = ByItems(lambda met, asked, has: np.where(met == asked, 1.0, otherwise))
    return Term(code, label, _items(offered), _items(wanted), judge, weight)


def in_class(
    code: str,
    label: Label,
    offered: Reading,
    wanted: Reading,
    *,
    otherwise: float = 0.0,
    weight: float = 1.0,
    reason: Label | None = None,
) -> Term:
    """A choice that another one of the same class meets by `otherwise`; other classes are not judged by it.

    Args:
        offered, wanted: read `with_classes`, the wanted one alone.
    """
    judge = ByItems(lambda met, asked, has: np.where(met == asked, 1.0, np.where(met > 0, otherwise, DOES_NOT_COUNT)))
    return Term(code, label, offered, wanted, judge, weight, reason)


def share_of(code: str, label: Label, offered: str, wanted: str, *, weight: float = 1.0) -> Term:
    """The more of `wanted` is offered the better; letters' case does not count."""
    judge = ByItems(lambda met, asked, has: met / asked)
    return Term(code, label, Reading((offered,), same_letters), Reading((wanted,), same_letters), judge, weight)


def _side(side: str | Reading) -> Reading:
    return Reading((side,)) if isinstance(side, str) else side


def _items(side: str | Reading) -> Reading:
    return Reading((side,), listed) if isinstance(side, str) else side


def _is_said(offered: Any, wanted: Any) -> bool:
    return offered is not None


def _reaches(offered: Any, wanted: Any) -> Any:
    return np.where(np.isnan(offered), 0.5, offered >= wanted)


def _stays_within(offered: Any, wanted: Any) -> Any:
    return np.where(np.isnan(offered), 0.5, offered <= wanted)


def _in_proportion(offered: Any, wanted: Any) -> Any:
    return np.where(np.isnan(offered), 0.5, np.minimum(1.0, np.maximum(wanted, 1.0) / np.maximum(offered, 1.0)))


def _in_few_trips(offered: Any, wanted: Any) -> Any:
    with np.errstate(all="ignore"):  # a vehicle that holds nothing takes no part
        return np.where(offered > 0, 1.0 / np.sqrt(np.maximum(wanted / offered, 1.0)), DOES_NOT_COUNT)


def _all(met: Any, wanted: Any, offered: Any) -> Any:
    return met == wanted


def _all_if_stated(met: Any, wanted: Any, offered: Any) -> Any:
    return np.where(offered > 0, met == wanted, DOES_NOT_COUNT)

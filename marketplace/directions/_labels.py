"""What things are called in both languages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.utils.translation import get_language


@dataclass(frozen=True)
class Label:
    """A word in both languages; as a text it is the one of the reader."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


class Word(StrEnum):
    """One of a trade's own terms: `NAME = "stored_value", "中文", "English"`."""

    label: Label

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Label(zh, en)
        return member

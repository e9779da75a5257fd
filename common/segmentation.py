"""Cut Chinese and other text into the words that search knows."""

import logging
import re
from collections.abc import Iterable
from functools import lru_cache

import jieba

jieba.setLogLevel(logging.WARNING)
_WORD = re.compile(r"[0-9a-z]+|[\u3400-\u9fff]+")
LONGEST_WORD = 60
LONGEST_TEXT = 4_000  # characters of one text that are read


def words_of_text(text: str) -> list[str]:
    """Return the words under which `text` is found, short ones inside long ones included, without repetition."""
    return list(_indexed(text.lower()[:LONGEST_TEXT]))


def words_of_query(text: str) -> list[str]:
    """Return the words that a searcher's `text` asks for, the longest cut of each."""
    found = [word for run in _runs(text.lower()[:LONGEST_TEXT]) for word in jieba.cut(run, HMM=False)]
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in found if word.strip()))


def joined(texts: Iterable[str]) -> str:
    """Return the words of all texts with one blank between them, each word once."""
    return " ".join(dict.fromkeys(word for text in texts if text for word in words_of_text(text)))


def _indexed(text: str) -> Iterable[str]:
    return dict.fromkeys(word[:LONGEST_WORD] for run in _runs(text) for word in _cut(run))


def _cut(run: str) -> Iterable[str]:
    """Return the words of a run; letters and digits are one word, as the dictionary knows none made of them."""
    return (run,) if run.isascii() else _cut_chinese(run)


@lru_cache(maxsize=20_000)
def _cut_chinese(run: str) -> tuple[str, ...]:
    # By run and not by text: the rows of a register differ in their numbers and share their words.
    return tuple(word for word in jieba.cut_for_search(run, HMM=False) if word.strip())


def _runs(text: str) -> list[str]:
    return _WORD.findall(text)

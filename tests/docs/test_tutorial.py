"""What the tutorial shows is what happens."""

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
OPTIONS = doctest.IGNORE_EXCEPTION_DETAIL


@pytest.mark.parametrize("name", ["tutorial-matching.md"])
def test_every_line_of_the_tutorial_answers_as_it_says(name):
    failed, tried = doctest.testfile(str(DOCS / name), module_relative=False, optionflags=OPTIONS, encoding="utf-8")

    assert tried >= 30
    assert failed == 0

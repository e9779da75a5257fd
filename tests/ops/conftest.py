"""Working copies that are gone, with their services, when the test is over."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ops.working_copy import WorkingCopy


@pytest.fixture(scope="module")
def make_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], WorkingCopy]]:
    made: list[WorkingCopy] = []

    def make(name: str) -> WorkingCopy:
        folder: Path = tmp_path_factory.mktemp("ops") / name
        folder.mkdir(parents=True)
        made.append(WorkingCopy(folder))
        return made[-1]

    yield make
    for copy in made:
        copy.run("services", "reset", "--yes")


@pytest.fixture(scope="module")
def copy(make_copy: Callable[[str], WorkingCopy]) -> WorkingCopy:
    """One copy with its services up, for the tests that leave it as it was."""
    made = make_copy("yuli")
    made.up()
    return made

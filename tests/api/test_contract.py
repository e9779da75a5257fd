"""Both APIs do what their documents say, whoever asks whatever; `benchmarks/schema_fuzz.py` asks the same at length."""

import pytest

from tests.api.contract import CALLERS, ROOTS, Stage, ask, operations

EXAMPLES = 2  # one well formed, one spoiled, as each caller
EVERYBODY = [who for callers in CALLERS for who in callers]


@pytest.mark.django_db
@pytest.mark.parametrize("api", ROOTS)
def test_every_answer_is_one_that_the_document_says(api):
    stage, found_operations, asked, faults = Stage(), operations(api, EVERYBODY), 0, {}
    for operation in found_operations:
        for who, found in ask(stage, api, EVERYBODY, operation, examples=EXAMPLES).items():
            asked += found.asked
            faults |= {(who, kind): first for kind, first in found.first.items()}

    assert faults == {}
    assert asked >= len(found_operations) * len(EVERYBODY)

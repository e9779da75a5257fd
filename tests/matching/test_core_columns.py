"""The byte form of columns: equal values give equal bytes, and what is spoilt is refused."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.core.columns import Table, column, packed, unpacked
from matching.core.problem import Ints, ints


@dataclass(frozen=True, eq=False)
class Lots(Table):
    names = ("code",)
    defaults = {"week": -1}

    code: tuple[str, ...] = ()
    capacity: Ints = column()
    week: Ints = column()


numbers = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=6)


@given(st.dictionaries(st.text(max_size=3), st.one_of(numbers, st.text(max_size=5), st.lists(numbers, max_size=3))))
def test_what_is_packed_comes_back_and_packs_to_the_same_bytes(content):
    def with_columns(value):
        if isinstance(value, list) and value and isinstance(value[0], list):
            return [with_columns(each) for each in value]
        return ints(value) if isinstance(value, list) else value

    stored = packed({key: with_columns(value) for key, value in content.items()})

    assert packed(unpacked(stored)) == stored


def test_a_column_is_as_narrow_as_its_values():
    stored = packed({"b": ints([1, -128]), "a": ints([128]), "c": ints([2**40]), "name": "x"})

    line, rest = stored.split(b"\n", 1)
    assert line == b'{"a":{"#":[2,1]},"b":{"#":[1,2]},"c":{"#":[8,1]},"name":"x"}'
    assert rest == bytes([128, 0]) + bytes([1, 128]) + (2**40).to_bytes(8, "little")


@pytest.mark.parametrize(
    "stored",
    [
        b'{"a":{"#":[2,1]}}\n\x01',
        b'{"a":{"#":[2,1]}}\n\x01\x01\x01',
        b'{"a":{"#":[3,1]}}\n\x01\x01\x01',
        b'{"a":{"#":[1,-1]}}\n',
        b"\x01",
    ],
)
def test_what_does_not_hold_what_it_names_is_refused(stored):
    with pytest.raises(ValueError, match=r"."):
        unpacked(stored)


def test_columns_of_a_table_are_equally_long_and_filled_where_left_out():
    lots = Lots(code=("a", "b"), capacity=[3, 4])

    assert lots.week.tolist() == [-1, -1]
    assert not lots.capacity.flags.writeable
    with pytest.raises(ValueError, match="not equally long"):
        Lots(code=("a",), capacity=[3, 4])
    with pytest.raises(ValueError, match="whole numbers"):
        Lots(code=("a",), capacity=np.array([1.5]))

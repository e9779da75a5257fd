"""Check digits of organisations and people: published cases, and properties that any code must have."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.core import credit_code, resident_id
from accounts.core.resident_id import Document, Fault

REFERENCE = Path(__file__).resolve().parents[3] / "shared/data/reference"
TODAY = date(2026, 3, 2)

departments = st.sampled_from([first + second for first, kinds in credit_code.KINDS.items() for second in kinds])
bodies = st.text(alphabet=credit_code.ALPHABET, min_size=9, max_size=9)
divisions = st.text(alphabet="0123456789", min_size=6, max_size=6)
codes = st.builds(lambda *parts: credit_code.complete("".join(parts)), departments, divisions, bodies)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the shared reference data is not beside this repository")
def test_every_published_code_is_well_formed():
    text = (REFERENCE / "test_cn_uscc.doctest.txt").read_text()
    published = re.findall(r"^\.\.\. ([0-9A-Z]{18})$", text, re.MULTILINE)

    assert len(published) == 200
    assert [code for code in published if not credit_code.is_valid(code)] == []


@given(codes)
def test_a_completed_code_of_any_department_is_well_formed(code):
    assert credit_code.fault(code) is None


@given(codes, st.integers(0, 17), st.sampled_from(credit_code.ALPHABET))
def test_one_mistyped_place_is_always_found(code, place, character):
    wrong = code[:place] + character + code[place + 1 :]

    assert credit_code.is_valid(wrong) == (wrong == code)


@given(codes, st.integers(8, 15))
def test_two_neighbours_exchanged_are_always_found(code, place):
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert credit_code.is_valid(wrong) == (wrong == code)


@pytest.mark.parametrize("prefix", ["N2", "N9", "Y1", "A1", "93", "12", "51", "31"])
def test_departments_that_other_validators_forget_are_legal(prefix):
    assert credit_code.is_valid(credit_code.complete(f"{prefix}350200MA2XTEXT4"))


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", credit_code.Fault.LENGTH),
        ("91110000600037341", credit_code.Fault.LENGTH),
        ("9111000060003IOZSV", credit_code.Fault.ALPHABET),
        ("B1110000600037341L", credit_code.Fault.DEPARTMENT),
        ("911A0000600037341L", credit_code.Fault.DIVISION),
        ("91110000600037341N", credit_code.Fault.CHECK),
    ],
)
def test_each_fault_is_named(code, fault):
    assert credit_code.fault(code) is fault


def test_what_people_type_is_read_as_the_code():
    assert credit_code.normalise(" ９1 110000-600037341l ") == "91110000600037341L"


def person(first_17: str) -> str:
    return first_17 + resident_id.check_character(first_17)


births = st.dates(date(1900, 1, 1), date(2008, 3, 2))
persons = st.builds(
    lambda region, born, order: person(f"{region}0101{born:%Y%m%d}{order:03d}"),
    st.sampled_from(sorted(resident_id.PROVINCES)),
    births,
    st.integers(0, 999),
)


@given(persons)
def test_a_well_formed_number_of_a_grown_up_has_no_fault(number):
    reading = resident_id.read(number, TODAY)

    assert reading.fault is None
    assert f"{reading.born:%Y%m%d}" == number[6:14]


@given(persons, st.integers(6, 16), st.integers(0, 9))
def test_one_mistyped_digit_is_always_found(number, place, digit):
    wrong = number[:place] + str(digit) + number[place + 1 :]

    assert (resident_id.read(wrong, TODAY).fault is None) == (wrong == number)


@pytest.mark.parametrize(
    ("number", "document", "fault"),
    [
        (person("11010119900307001"), Document.RESIDENT, None),
        (person("81000019900307001"), Document.RESIDENCE_PERMIT, None),
        (person("83000019900307001"), Document.RESIDENCE_PERMIT, None),
        (person("91135619900307001"), Document.FOREIGN_PERMANENT, None),
        ("H12345678", Document.HONG_KONG_MACAO_TRAVEL, None),
        ("12345678", Document.TAIWAN_TRAVEL, None),
        ("E12345678", Document.PASSPORT, None),
        (person("11010129990101001"), Document.RESIDENT, Fault.BIRTH),
        (person("11010119900230001"), Document.RESIDENT, Fault.BIRTH),
        (person("99010119900307001"), Document.RESIDENT, Fault.REGION),
        (person("11010120120307001"), Document.RESIDENT, Fault.AGE),
        (person("11010120090307001"), Document.RESIDENT, Fault.YOUNG),
        ("x", Document.RESIDENT, Fault.SHAPE),
        ("", Document.RESIDENT, Fault.SHAPE),
    ],
)
def test_documents_and_faults_are_told_apart(number, document, fault):
    reading = resident_id.read(number, TODAY)

    assert (reading.document, reading.fault) == (document, fault)


def test_the_day_of_the_eighteenth_birthday_counts_as_grown_up():
    born_on = person("11010120080302001")

    assert resident_id.read(born_on, date(2026, 3, 1)).fault is Fault.YOUNG
    assert resident_id.read(born_on, date(2026, 3, 2)).fault is None


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text):
    resident_id.read(resident_id.normalise(text), TODAY)
    credit_code.fault(credit_code.normalise(text))


def test_what_is_kept_of_a_number_is_its_end():
    assert resident_id.masked("11010119900307001X") == "**************001X"

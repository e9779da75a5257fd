"""Reference tables and the conversion of datums."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.reference import datum, divisions, industries
from common.reference.datum import Datum, Degrees
from common.reference.divisions import distance_m

VECTORS = Path(__file__).parents[3] / "shared/data/reference/datum_conversion_vectors.csv"
china = st.builds(Degrees, st.floats(4, 53), st.floats(74, 135))


@given(china)
def test_there_and_back_ends_within_a_millimetre(place):
    for shift, back in (
        (datum.wgs84_to_gcj02, datum.gcj02_to_wgs84),
        (datum.gcj02_to_bd09, datum.bd09_to_gcj02),
        (datum.wgs84_to_bd09, datum.bd09_to_wgs84),
    ):
        assert distance_m(*(*place, *back(shift(place)))) < 0.001


@given(china)
def test_the_shift_is_tens_to_hundreds_of_metres(place):
    assert 10 < distance_m(*(*place, *datum.wgs84_to_gcj02(place))) < 1500


def test_outside_of_china_nothing_is_shifted():
    paris = Degrees(48.8566, 2.3522)

    assert datum.wgs84_to_gcj02(paris) == paris
    assert datum.to_wgs84(paris, Datum.WGS84) == paris


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared reference data is not beside the repository")
def test_published_vectors_come_out():
    """Forward to the millimetre; the two from BD-09 differ from the published formula itself, by up to 42 m."""
    with VECTORS.open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        forward = row["transform"] == "wgs84->gcj02"
        convert = datum.wgs84_to_gcj02 if forward else datum.bd09_to_wgs84
        out = convert(Degrees(float(row["in_lat"]), float(row["in_lng"])))
        away = distance_m(*out, float(row["out_lat"]), float(row["out_lng"]))
        assert away < (0.001 if forward else 45)


def test_every_division_lies_in_one_that_exists():
    known = divisions.all_divisions()

    assert len(known) > 3300
    assert all(not d.parent or d.parent in known for d in known.values())
    assert all(d.code != d.parent for d in known.values())


@pytest.mark.parametrize(
    ("text", "code"),
    [("福建省厦门市湖里区", "350206"), ("重庆九龙坡", "500107"), ("济南市", "370100"), ("火星", None)],
)
def test_a_name_finds_its_division(text, code):
    found = divisions.by_name(text)

    assert (found and found.code) == code


def test_names_are_put_together_without_fillers():
    assert divisions.full_name("500103") == "重庆市渝中区"
    assert divisions.prefix("350200") == "3502"


def test_a_point_finds_its_district():
    found = divisions.nearest(24.4482, 118.077)

    assert found is not None
    assert found.name == "思明区"


def test_an_industry_knows_its_section():
    assert [step.code for step in industries.path("C3421")] == ["C", "C34", "C342", "C3421"]
    assert industries.by_name("金属切削机床制造") == industries.find("C3421")

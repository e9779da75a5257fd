"""Territory, pseudonyms, cells and cursors: what they promise without a database."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.core import cells, cursor, pseudonym
from supervision.core.territory import Territory, prefix_of, territory

SECRET = b"a secret of this test"
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("000000", ""), ("350000", "35"), ("350200", "3502"), ("350203", "350203"), ("429004", "429004")],
)
def test_a_division_is_the_places_that_begin_alike(code, prefix):
    assert prefix_of(code) == prefix


@pytest.mark.parametrize("code", ["", "35", "3502000", "35020a", "３５０２００", "35020\x00"])
def test_what_is_no_division_code_is_refused(code):
    with pytest.raises(ValueError, match="division code"):
        prefix_of(code)


def test_a_territory_covers_its_places_and_no_neighbour():
    xiamen = territory(["350200", "350203"])

    assert xiamen.prefixes == ("3502",)
    assert xiamen.covers("350203")
    assert not xiamen.covers("350300")
    assert not xiamen.covers("")


def test_narrowing_never_widens():
    xiamen = territory(["350200"])

    assert xiamen.narrowed("350203").prefixes == ("350203",)
    assert xiamen.narrowed("350000").prefixes == ("3502",)
    assert xiamen.narrowed("000000").prefixes == ("3502",)
    assert xiamen.narrowed("500000").is_nowhere


def test_the_whole_country_covers_even_what_has_no_place():
    assert territory(["000000"]).covers("")
    assert not Territory(()).covers("350203")


codes = st.integers(0, 999999).map(lambda n: f"{n:06d}")


@given(st.lists(codes, max_size=4), codes, codes)
def test_what_a_narrowed_territory_covers_lies_in_both(divisions, wanted, place):
    whole, part = territory(divisions), territory(divisions).narrowed(wanted)

    assert part.covers(place) == (whole.covers(place) and territory([wanted]).covers(place))


def test_a_pseudonym_is_the_keyed_hash_that_the_documents_name():
    """From `printf 'party\\x1f42' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f`, in Base32."""
    expected = base64.b32encode(bytes.fromhex("026528dde2cccd2dae7ca778e1737a155c5662b3c472164d517a86674624e0c4"))

    assert pseudonym.pseudonym(KEY, "party", "42") == expected.decode().lower()[:26]


def test_pseudonyms_differ_by_key_by_kind_and_by_thing():
    names = {
        pseudonym.pseudonym(key, kind, thing)
        for key in (KEY, OTHER_KEY)
        for kind in ("party", "order")
        for thing in ("42", "43")
    }

    assert len(names) == 8


@pytest.mark.parametrize(
    ("at", "quarter"),
    [
        (datetime(2026, 3, 31, 15, 59, tzinfo=UTC), "2026Q1"),
        (datetime(2026, 3, 31, 16, 0, tzinfo=UTC), "2026Q2"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2027Q1"),
    ],
)
def test_quarters_turn_at_midnight_in_china(at, quarter):
    assert pseudonym.quarter_of(at) == quarter


@given(st.floats(73, 135), st.floats(18, 54))
def test_a_cell_contains_its_point_and_is_a_hundredth_of_a_degree_wide(lng, lat):
    cell = cells.cell(lng, lat)

    assert cell.lng <= lng + 1e-9
    assert lng - cell.lng < 0.01 + 1e-9
    assert cell.lat <= lat + 1e-9
    assert lat - cell.lat < 0.01 + 1e-9


@given(st.integers(0, 2**62), st.integers(0, 2**62))
def test_a_cursor_opens_for_the_feed_it_was_made_for(transaction, number):
    position = cursor.Position(transaction, number)

    text = cursor.write(position, secret=SECRET, feed="a")

    assert cursor.read(text, secret=SECRET, feed="a") == position


@pytest.mark.parametrize("feed", ["b", "a "])
def test_a_cursor_of_another_feed_is_refused(feed):
    text = cursor.write(cursor.Position(5, 6), secret=SECRET, feed="a")

    with pytest.raises(cursor.CursorError):
        cursor.read(text, secret=SECRET, feed=feed)


@pytest.mark.parametrize("position", range(0, 98, 7))
def test_an_altered_cursor_is_refused(position):
    text = cursor.write(cursor.Position(5, 6), secret=SECRET, feed="a")
    altered = text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]

    with pytest.raises(cursor.CursorError):
        cursor.read(altered, secret=SECRET, feed="a")


@given(st.text(max_size=600))
def test_anything_else_is_no_cursor(text):
    with pytest.raises(cursor.CursorError):
        cursor.read(text, secret=SECRET, feed="a")


def test_filters_are_part_of_a_feeds_name():
    assert cursor.feed_name("x", "orders", {"division": "3502", "direction": ""}) != cursor.feed_name(
        "x", "orders", {"division": "", "direction": "3502"}
    )

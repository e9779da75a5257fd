"""Fits of many pairs: to the basis point what each pair alone is told, and nothing of what is no longer valid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.directions import DIRECTIONS, AttributesInvalid, direction
from matching.selectors.fits import Fits
from tests.make.marketplace_listings import NEEDS, OFFERS
from tests.marketplace.stored_attributes import attributes, wanted_schema

every_direction = pytest.mark.parametrize("entry", DIRECTIONS, ids=lambda entry: entry.code)


def rows(schema, most_optional):
    """A few stored attributes, some of which no longer follow the schema."""
    valid = attributes(schema, most_optional)
    return st.lists(st.one_of(*[valid] * 6, st.just({"of_an_older_schema": 1})), min_size=2, max_size=6)


def alone(entry, offered, wanted):
    """What one pair is told, from parsed attributes alone."""
    parse = entry.parse_leg if entry.has_legs else entry.parse_need
    try:
        fit = entry.fit(entry.parse_offer(offered), parse(wanted))
    except AttributesInvalid:
        return -1, False
    assert all(0 <= term.score <= 1 for term in fit.terms)
    assert (fit.score_bp == 0) == bool(fit.reasons)
    return fit.score_bp, fit.is_remote


@every_direction
@settings(max_examples=40)
@given(data=st.data())
def test_many_pairs_are_told_what_each_alone_is_told(entry, data):
    parts, lots = data.draw(rows(wanted_schema(entry), 4)), data.draw(rows(entry.offer, 12))
    # Few of the pairs, or each of them several times.
    either = st.tuples(st.integers(0, len(parts) - 1), st.integers(0, len(lots) - 1))
    pairs = data.draw(st.lists(either, min_size=1, max_size=20))

    fit_bp, is_remote = Fits(entry, parts, lots).of(*np.array(pairs).T)

    found = list(zip(fit_bp.tolist(), is_remote.tolist(), strict=True))
    assert found == [alone(entry, lots[lot], parts[part]) for part, lot in pairs]


def test_what_few_of_many_possible_pairs_are_told_is_their_own():
    names = [f"ZX-{number}." for number in range(40)]
    lots = [{**OFFERS["instruments"], "model": name} for name in names]
    parts = [{**NEEDS["instruments"], "instrument_name": name} for name in names]

    fit_bp, _ = Fits(direction("instruments"), parts, lots).of(np.array([7, 7, 30, 2]), np.array([7, 8, 30, 30]))

    # The class (1) and the category (3) in full, the model in full or by 0.4 (1).
    assert fit_bp.tolist() == [10_000, 8_800, 10_000, 8_800]


def test_a_wish_that_an_offer_is_silent_about_weighs_nothing():
    entry = direction("equipment")
    lot = {"machine": "cutting.vmc"}
    part = {"machine": "cutting.vmc", "material": "aluminium", "axes": 3}

    fit_bp, _ = Fits(entry, [part], [lot, {**lot, "materials": ["wood"]}]).of(np.array([0, 0]), np.array([0, 1]))

    # The group (1) and the machine (3) in full, the axes by half (1).
    assert fit_bp.tolist() == [9_000, 0]


def test_a_mean_between_two_basis_points_goes_to_the_nearer():
    entry = direction("instruments")
    # The class met in full (1), the category by 0.3 (3), the standards by two of three (2).
    lot = {"category": "analytical.mass", "method_standards": ["A", "B"]}
    part = {"category": "analytical.xray", "method_standards": ["a", "b", "c"]}
    thirds = {"category": "analytical.mass", "method_standards": ["a", "b", "c"]}

    fit_bp, _ = Fits(entry, [part, thirds], [lot]).of(np.array([0, 1]), np.array([0, 0]))

    assert fit_bp.tolist() == [5389, 8889]


def test_one_pair_is_explained_by_its_terms():
    fits = Fits(direction("skills"), [NEEDS["skills"]], [OFFERS["skills"]])

    fit = fits.one(0, 0)

    assert [(term.code, term.score, term.weight) for term in fit.terms] == [("field", 1, 1), ("speciality", 1, 4)]
    assert (fit.score, fit.is_remote) == (1.0, True)


def test_attributes_that_are_no_longer_valid_fit_nothing_hold_one_place_and_are_told_once(caplog):
    broken = {**OFFERS["equipment"], "machine_count": 3, "of_an_older_schema": 1}
    lots = [{**OFFERS["equipment"], "machine_count": 3}, broken, broken]

    fits = Fits(direction("equipment"), [NEEDS["equipment"]], lots)

    assert fits.places.tolist() == [3, 1, 1]
    assert fits.of(np.array([0, 0, 0]), np.array([0, 1, 2]))[0].tolist() == [10_000, -1, -1]
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "Attributes of a published offer are not valid"
    ]
    with pytest.raises(AttributesInvalid):
        fits.one(0, 1)


def test_no_pairs_have_no_fits():
    none = np.array([], dtype=np.int64)

    fit_bp, is_remote = Fits(direction("capacity"), [], []).of(none, none)

    assert (fit_bp.size, is_remote.size) == (0, 0)

"""The five directions: schemas that refuse, fields that forms are drawn from, fits between 0 and 1."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from marketplace.directions import (
    DIRECTIONS,
    UNITS,
    AttributesInvalid,
    Kind,
    classes,
    described,
    direction,
    field_of,
    fields,
    narrowing,
    plain,
    words,
)
from tests.make.marketplace_listings import LEGS, NEEDS, OFFERS

every_direction = pytest.mark.parametrize("entry", DIRECTIONS, ids=lambda entry: entry.code)


def wanted(entry):
    return entry.parse_leg(LEGS[entry.code][0].attributes) if entry.has_legs else entry.parse_need(NEEDS[entry.code])


@every_direction
def test_every_field_is_labelled_in_both_languages(entry):
    for schema in filter(None, (entry.offer, entry.need, entry.leg)):
        for spec in fields(schema):
            assert any("\u4e00" <= c <= "\u9fff" or c.isascii() for c in spec.label.zh)
            assert spec.label.en.isascii()
            assert all(label.zh and label.en for _, label in spec.choices)


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", ["5 轴", "2 台", "12.5 mm"]), ("en", ["5 axes", "2", "12.5 mm"])]
)
def test_units_that_are_words_are_said_in_the_readers_language(language, said):
    offer = direction("equipment").offer
    axes, count = field_of(offer, "axes"), field_of(offer, "machine_count")
    length = next(spec for spec in fields(offer) if spec.unit == "mm")

    with translation.override(language):
        assert [axes.text(5), count.text(2), length.text(12.5)] == said


@every_direction
def test_no_unit_is_chinese_in_english(entry):
    with translation.override("en"):
        units = {spec.unit_word for schema in filter(None, (entry.offer, entry.need)) for spec in fields(schema)}

    assert not {unit for unit in units if any("\u4e00" <= c <= "\u9fff" for c in unit)}


@every_direction
def test_facets_units_and_search_words_exist(entry):
    names = {spec.name: spec for spec in fields(entry.offer)}

    assert all(names[name].kind in (Kind.CHOICE, Kind.CHOICES) for name in entry.facets)
    assert all(unit in UNITS for unit in entry.units)
    assert list(words(entry.offer, OFFERS[entry.code]))
    assert described(entry.offer, OFFERS[entry.code])


@every_direction
def test_a_class_of_several_members_has_a_name_of_its_own(entry):
    members = [(value.split(".")[0], label) for value, label in field_of(entry.offer, narrowing(entry)).choices]

    for code, name in classes(entry).items():
        own = [label for member, label in members if member == code]
        assert (name in own) is (len(own) == 1), code


@every_direction
def test_unknown_keys_and_wrong_kinds_are_refused_by_name(entry):
    with pytest.raises(AttributesInvalid) as refusal:
        entry.parse_offer(OFFERS[entry.code] | {"never_heard_of": 1})

    assert set(refusal.value.errors) == {"never_heard_of"}


@every_direction
def test_what_is_stored_parses_to_the_same_again(entry):
    parsed = entry.parse_offer(OFFERS[entry.code])

    assert entry.parse_offer(plain(parsed), entry.offer.version) == parsed


@every_direction
def test_a_plain_need_is_met_in_full_by_the_offer_made_for_it(entry):
    fit = entry.fit(entry.parse_offer(OFFERS[entry.code]), wanted(entry))

    assert fit.score == 1.0
    assert not fit.reasons
    assert fit.terms


@pytest.mark.parametrize(
    ("code", "offer", "need", "reason"),
    [
        ("instruments", {"category": "analytical.mass"}, {"category": "analytical.mass", "accreditations": ["cnas"]},
         "lacks an accreditation that is required"),
        ("equipment", {"machine": "cutting.vmc", "travel_x_mm": 800}, {"machine": "cutting.vmc", "size_x_mm": 900},
         "travel X is too short"),
        ("skills", {"field": "legal", "specialities": ["legal.patent"]},
         {"field": "legal", "qualifications": ["patent_agent"]}, "lacks a qualification that is required"),
        ("capacity", {"process": "metal.milling"}, {"process": "metal.turning"}, "does not do this process"),
    ],
)  # fmt: skip
def test_a_hard_wish_that_is_not_met_gives_zero_and_the_reason(code, offer, need, reason):
    entry = direction(code)

    fit = entry.fit(entry.parse_offer(offer), entry.parse_need(need))

    assert fit.score == 0
    assert [label.en for label in fit.reasons] == [reason]


@given(
    offered=st.one_of(st.none(), st.integers(0, 3000)),
    wanted_mm=st.one_of(st.none(), st.integers(0, 3000)),
    tolerance=st.one_of(st.none(), st.floats(0, 500)),
    wanted_um=st.one_of(st.none(), st.floats(0, 500)),
)
def test_a_fit_lies_between_0_and_1_and_is_0_only_with_a_reason(offered, wanted_mm, tolerance, wanted_um):
    entry = direction("equipment")
    offer = entry.parse_offer({"machine": "cutting.vmc", "travel_x_mm": offered, "tolerance_um": tolerance})
    need = entry.parse_need({"machine": "cutting.vmc", "size_x_mm": wanted_mm, "tolerance_um": wanted_um})

    fit = entry.fit(offer, need)

    assert 0 <= fit.score <= 1
    assert (fit.score == 0) == bool(fit.reasons)


def test_work_at_a_distance_is_marked_as_such():
    entry = direction("skills")
    offer = entry.parse_offer(OFFERS["skills"] | {"work_modes": ["remote", "on_site"]})

    assert entry.fit(offer, entry.parse_need(NEEDS["skills"])).is_remote
    assert not entry.fit(offer, entry.parse_need(NEEDS["skills"] | {"work_mode": "on_site"})).is_remote

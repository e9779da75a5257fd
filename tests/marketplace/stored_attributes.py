"""Attributes at random, as the schemas allow them, of few words and numbers so that sides often meet."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from marketplace.directions import Attributes, Direction, FieldSpec, Kind, fields

WORDS = ("SolidWorks", "solidworks", "ANSYS", "ansys 2024", "GB/T 228.1-2021", "轴承", "轴承座", "质谱仪", "ß", "SS")
PREFIXES = ("35", "3502", "350206", "50")


def wanted_schema(entry: Direction) -> type[Attributes]:
    """Return the schema of what an offer is compared with."""
    return entry.leg or entry.need


@st.composite
def attributes(draw: st.DrawFn, schema: type[Attributes], most_optional: int = 4) -> dict[str, Any]:
    """Return attributes as they are stored, with a few of the fields that may be left out.

    A need that asks for little is often met; one that asks for everything hardly ever.
    """
    optional = [spec.name for spec in fields(schema) if not spec.is_required]
    filled = draw(st.lists(st.sampled_from(optional), max_size=most_optional, unique=True)) if optional else []
    return {spec.name: draw(_value(spec)) for spec in fields(schema) if spec.is_required or spec.name in filled}


def _value(spec: FieldSpec) -> st.SearchStrategy[Any]:
    low, high = int(spec.minimum or 0), int(spec.maximum or 3000)
    values = [value for value, _ in spec.choices]
    is_region = spec.name in ("region", "regions")
    lines = st.sampled_from(PREFIXES if is_region else WORDS)
    number = st.integers(low, min(low + 4, high))
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: lines if is_region else st.one_of(st.just(""), lines),
        Kind.NOTE: lines,
        Kind.INTEGER: st.one_of(number, st.integers(low, high)),
        Kind.DECIMAL: st.one_of(number, st.floats(low, high)),
        Kind.DATE: st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(str),
        Kind.FLAG: st.booleans(),
        Kind.TEXTS: st.lists(lines, max_size=4),
    }
    if spec.kind == Kind.CHOICE:
        # One class mostly, so that the same and others of it come often.
        return st.sampled_from(values[:3] * 3 + values[-3:])
    if spec.kind == Kind.CHOICES:
        return st.lists(st.sampled_from(values[:4] + values[-2:]), min_size=1, max_size=4)
    return kinds[spec.kind]

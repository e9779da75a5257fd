"""Form fields for a direction's own attributes, drawn from its schema; the schema itself does the checking."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext

from common.errors import Refused
from frontend.forms.fields import DayField, LinesField
from frontend.refusals import at_form
from marketplace.directions import Attributes, AttributesInvalid, FieldSpec, Kind
from marketplace.directions import fields as schema_fields

PREFIX = "a_"  # keeps an attribute from meeting a column of the same name


def fields(specs: Iterable[FieldSpec]) -> dict[str, forms.Field]:
    """Return one form field per attribute, in the schema's order; labels follow the reader's language."""
    return {PREFIX + spec.name: _field(spec) for spec in specs}


def stored(specs: Iterable[FieldSpec], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that were filled in; what was left empty is left to the schema's defaults."""
    values = {spec.name: cleaned.get(PREFIX + spec.name) for spec in specs}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def initial(specs: Iterable[FieldSpec], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored attributes as the form's initial values; where none is stored, what the schema then assumes."""
    known = {spec.name: attributes.get(spec.name, spec.default) for spec in specs}
    return {PREFIX + name: value for name, value in known.items() if value is not None}


class AttributeFields(forms.Form):
    """A form with the attributes of one schema: what is always asked first, the rest of them apart."""

    specs: tuple[FieldSpec, ...] = ()

    def add_attributes(self, schema: type[Attributes]) -> None:
        """Add the fields of `schema`, filled with what it assumes where nothing else is given."""
        self.specs = schema_fields(schema)
        self.fields.update(fields(self.specs))
        self.initial = {**initial(self.specs, {}), **self.initial}

    @property
    def essentials(self) -> list[forms.BoundField]:
        """Return what must be given, and what counts even when it is not touched."""
        return [self[PREFIX + spec.name] for spec in self.specs if _is_essential(spec)]

    @property
    def further(self) -> list[forms.BoundField]:
        return [self[PREFIX + spec.name] for spec in self.specs if not _is_essential(spec)]

    @property
    def shows_further(self) -> bool:
        """Tell whether the further fields hold something, or something is wrong with them."""
        return any(field.value() or field.errors for field in self.further)


def refuse(form: forms.Form, error: Refused) -> None:
    """Put a refusal at the attribute or column at fault, or above the form."""
    if isinstance(error, AttributesInvalid):
        for name, sentences in error.errors.items():
            at = PREFIX + name.split(".")[0]
            form.add_error(at if at in form.fields else None, [gettext(sentence) for sentence in sentences])
        return
    at_form(form, error, _FIELD_OF.get(error.field, error.field))


# Where the form asks in another way than the column has it.
_FIELD_OF = {"division_code": "district", "place": "longitude", "period": "end", "radius_m": "radius_km"}


def _field(spec: FieldSpec) -> forms.Field:
    label, help_text = lazystr(spec.label), lazystr(spec.help)
    common: dict[str, Any] = {"label": label, "help_text": help_text, "required": spec.is_required}
    choices = [(value, lazystr(word)) for value, word in spec.choices]
    match spec.kind:
        case Kind.FLAG:
            field: forms.Field = forms.BooleanField(**{**common, "required": False})
        case Kind.CHOICE:
            field = forms.ChoiceField(choices=[("", "—"), *choices], **common)
        case Kind.CHOICES:
            field = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case Kind.INTEGER:
            field = forms.IntegerField(min_value=_whole(spec.minimum), max_value=_whole(spec.maximum), **common)
        case Kind.DECIMAL:
            field = forms.FloatField(min_value=spec.minimum, max_value=spec.maximum, **common)
            field.widget.attrs["step"] = "any"
        case Kind.DATE:
            field = DayField(**common)
        case Kind.NOTE:
            widget = forms.Textarea(attrs={"rows": 3})
            field = forms.CharField(max_length=spec.max_length, widget=widget, **common)
        case Kind.TEXTS:
            field = LinesField(**common)
        case Kind.TEXT:
            field = forms.CharField(max_length=spec.max_length, **common)
    if spec.unit_word:
        field.suffix = spec.unit_word  # type: ignore[attr-defined]  # read by django/forms/field.html
    return field


def _is_essential(spec: FieldSpec) -> bool:
    return spec.is_required or bool(spec.default)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
